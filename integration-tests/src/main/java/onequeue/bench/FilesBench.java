package onequeue.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import onequeue.sample.CachedReads;
import onequeue.sample.DiskReads;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the sides in programs that read a file. */
@Command(
    name = "files",
    description =
        "Reads of 4 KiB that the page cache answers, and such that wait for the disk; how late a"
            + " sleeper beside these wakes.")
final class FilesBench implements Callable<Integer> {
  private static final List<String> CACHED = List.of("at", "read", "stream");

  @Mixin
  private final Trials trials =
      new Trials("stock,virtual,unify,unify-virtual,coroutine,stock-uring,stock-file", 17, 25);

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "Where to make the file, on a disk (default: the temporary directory, /var/tmp or the"
              + " current directory).")
  private Path directory;

  @Option(
      names = "--mib",
      paramLabel = "N",
      defaultValue = "256",
      description = "Size of the file, 16 or more (default: ${DEFAULT-VALUE}).")
  private int mib;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "How often 16 MiB are read from the page cache, in each of three ways and nine"
              + " repetitions (default: ${DEFAULT-VALUE}).")
  private int passes;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      defaultValue = "64,1000",
      description = "How many read from the disk at once (default: ${DEFAULT-VALUE}).")
  private List<Integer> threads;

  @Option(
      names = "--seconds",
      defaultValue = "2",
      description = "How long they do, after half of that (default: ${DEFAULT-VALUE}).")
  private double seconds;

  /**
   * Runs all rounds and prints a line for each and the comparison.
   *
   * @return 0, or 1 when a side could not run
   * @throws IOException when there is no room for the file, or {@code /proc} cannot be read
   * @throws InterruptedException when interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    try (DiskFile file = DiskFile.create(directory, mib)) {
      System.out.println("# " + file);
      return trials.run(trial -> measure(trial, file.path())) ? 0 : 1;
    }
  }

  private void measure(Trial trial, String file) throws IOException, InterruptedException {
    List<String> lines = Child.lines(trial.command(CachedReads.class, file, "--passes=" + passes));
    for (String way : CACHED) {
      double nanos = medianOfReps(lines, way + "_ns");
      trial.print(String.format(Locale.ROOT, "cached=%s ns=%.0f", way, nanos));
      trial.add("cached " + way + ", ns", nanos);
    }
    for (int number : threads) {
      Printed disk =
          Printed.last(
              Child.lines(
                  trial.command(
                      DiskReads.class,
                      file,
                      "--threads=" + number,
                      "--warmup=" + seconds / 2,
                      "--seconds=" + seconds)),
              "reads_per_s");
      trial.print(disk.line());
      trial.add(number + ": reads/s", disk.number("reads_per_s"));
      trial.add(number + ": CPU us/read", disk.number("cpu_us"));
      trial.add(number + ": late p50 us", disk.number("late_p50_us"));
      trial.add(number + ": late p99 us", disk.number("late_p99_us"));
    }
  }

  private static double medianOfReps(List<String> lines, String name) throws IOException {
    Samples samples = new Samples();
    for (Printed rep : Printed.all(lines, name)) {
      samples.add(rep.number(name));
    }
    return samples.median();
  }
}
