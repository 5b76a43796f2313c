package onequeue.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmc.common.IDescribable;
import org.openjdk.jmc.common.item.IAccessorKey;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.IType;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

/** A recording made with the settings in the jar, as Mission Control's own parser sees it. */
class JmcIT {
  @TempDir private Path dir;

  @ParameterizedTest(name = "JDK {0}")
  @ValueSource(ints = {17, 25})
  void missionControlShowsWaitsWithLabelsUnitsAndWaker(int jdk) throws Exception {
    Path recording = dir.resolve("waits.jfr");
    AgentProcess.run(
        jdk,
        List.of(
            AgentProcess.agent("mode=unify"),
            "-Xlog:jfr+startup=off",
            "-XX:StartFlightRecording:filename=" + recording + ",settings=" + settings()),
        "onequeue.it.programs.KindProgram",
        "park");
    IType<?> park = type(recording, "onequeue.Park");
    assertThat(park.getName()).isEqualTo("Park");
    Map<String, IAccessorKey<?>> keys = new HashMap<>();
    Map<String, String> labels = new HashMap<>();
    for (Map.Entry<? extends IAccessorKey<?>, ? extends IDescribable> e :
        park.getAccessorKeys().entrySet()) {
      keys.put(e.getKey().getIdentifier(), e.getKey());
      labels.put(e.getKey().getIdentifier(), e.getValue().getName());
    }
    assertThat(keys.get("waker").getContentType()).isEqualTo(UnitLookup.THREAD);
    assertThat(keys.get("timeout").getContentType()).isEqualTo(UnitLookup.TIMESPAN);
    assertThat(keys.get("readyToRunDelay").getContentType()).isEqualTo(UnitLookup.TIMESPAN);
    assertThat(labels)
        .containsEntry("resource", "Resource")
        .containsEntry("outcome", "Outcome")
        .containsEntry("waker", "Waker");
    assertThat(categories(recording)).isNotEmpty().allMatch(List.of("One Queue")::equals);
  }

  private static IType<?> type(Path recording, String name) throws Exception {
    for (IItemIterable items : JfrLoaderToolkit.loadEvents(recording.toFile())) {
      if (items.getType().getIdentifier().equals(name)) {
        return items.getType();
      }
    }
    throw new AssertionError("no " + name);
  }

  private static List<List<String>> categories(Path recording) throws Exception {
    try (RecordingFile file = new RecordingFile(recording)) {
      return file.readEventTypes().stream()
          .filter(type -> type.getName().startsWith("onequeue."))
          .map(type -> type.getCategoryNames())
          .toList();
    }
  }

  private Path settings() throws Exception {
    Path file = dir.resolve("onequeue.jfc");
    try (JarFile jar = new JarFile(AgentProcess.JAR.toFile());
        InputStream in = jar.getInputStream(jar.getEntry("onequeue.jfc"))) {
      Files.copy(in, file);
    }
    return file;
  }
}
