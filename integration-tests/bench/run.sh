# Sourced by ./demo and ./bench: builds what is missing or older than its sources, then runs a class
# of the integration tests' module. Needs root, the repository's top directory.

classpath_file=$root/integration-tests/target/classpath.txt
marker=$root/integration-tests/target/built-for-scripts

find_java() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    java=$JAVA_HOME/bin/java
  else
    java=$(command -v java) || fail "no java found: install a JDK, 17 or later, or set JAVA_HOME"
  fi
}

fail() {
  echo "$1" >&2
  exit 1
}

changed_sources() {
  find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src "$root"/*/bench "$root/native-helper" \
    -path '*/target' -prune -o -path '*/src/test' -prune -o \
    -type f -newer "$marker" -print -quit
}

is_built() {
  [ -f "$marker" ] && [ -f "$classpath_file" ] && [ -f "$root/agent/target/onequeue.jar" ] &&
    [ -z "$(changed_sources)" ]
}

# Maven says nothing for a minute: a dot now and then shows that something is going on. The dots end
# with the build, however that ends.
build() {
  command -v mvn >/dev/null || fail "no mvn found: install Maven 3.8 or later"
  log=$root/integration-tests/target/build.log
  mkdir -p "$root/integration-tests/target"
  printf 'building (the output goes to %s) ' "$log" >&2
  (cd "$root" && mvn -q -B -DskipTests -Dspotless.check.skip=true package \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
    -DincludeScope=runtime -Dmdep.outputFile=target/classpath.txt) >"$log" 2>&1 &
  mvn_pid=$!
  trap 'kill "$mvn_pid" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$mvn_pid" 2>/dev/null; do
    printf . >&2
    sleep 1
  done
  trap - INT TERM
  echo >&2
  if ! wait "$mvn_pid"; then
    tail -n 30 "$log" >&2
    fail "the build failed"
  fi
  touch "$marker"
}

run_class() {
  find_java
  is_built || build
  main=$1
  shift
  exec "$java" -cp "$root/integration-tests/target/classes:$(cat "$classpath_file")" \
    "-Donequeue.jar=$root/agent/target/onequeue.jar" \
    "-Donequeue.toolchains=$root/integration-tests/target/toolchains.xml" \
    "$main" "$@"
}
