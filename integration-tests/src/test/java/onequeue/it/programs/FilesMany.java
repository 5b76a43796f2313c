package onequeue.it.programs;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A thousand threads that wait for a FIFO each, and some for a lock that another process has, while
 * others compute and sleep. Prints when they wait; goes on at the end of the standard input.
 */
public final class FilesMany {
  private static final int FIFOS = 1000;
  private static final int LOCKS = 100;
  private static final int TURNS = 200;

  private FilesMany() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("files");
    List<String> make = new ArrayList<>(List.of("mkfifo"));
    for (int i = 0; i < FIFOS; i++) {
      make.add(directory.resolve("fifo" + i).toString());
    }
    System.out.println("made " + new ProcessBuilder(make).start().waitFor());
    List<FilesThreads> readers = new ArrayList<>();
    List<FileOutputStream> writers = new ArrayList<>();
    for (int i = 0; i < FIFOS; i++) {
      Path fifo = directory.resolve("fifo" + i);
      readers.add(FilesThreads.start(() -> read(fifo)));
      writers.add(new FileOutputStream(fifo.toFile()));
    }
    for (FilesThreads reader : readers) {
      reader.in("java.io", "read");
    }
    Path file = Files.createFile(directory.resolve("file"));
    Process holder = AdoptionFiles.holder(file);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    List<FilesThreads> lockers = new ArrayList<>();
    for (int i = 0; i < LOCKS; i++) {
      int at = i;
      lockers.add(
          FilesThreads.start(() -> channel.lock(at, 1, false).isValid()).in("sun.nio.ch", "lock"));
    }
    System.out.println("turns " + FilesThreads.start(FilesMany::turns).end());
    System.out.println("waiting");
    System.in.read();
    holder.getOutputStream().close();
    for (FileOutputStream writer : writers) {
      writer.write(7);
      writer.close();
    }
    int sum = 0;
    for (FilesThreads reader : readers) {
      sum += Integer.parseInt(reader.end());
    }
    for (FilesThreads locker : lockers) {
      sum += locker.end().equals("true") ? 1 : 0;
    }
    System.out.println("sum " + sum);
    FilesThreads.until("no helper left", () -> helpers() == 0);
    try (var all = Files.list(directory)) {
      all.forEach(path -> path.toFile().delete());
    }
    Files.delete(directory);
  }

  private static long helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("onequeue-file-"))
        .count();
  }

  private static int read(Path fifo) throws Exception {
    try (FileInputStream in = new FileInputStream(fifo.toFile())) {
      return in.read();
    }
  }

  /** Long enough for a carrier that does not come back to be noticed. */
  private static int turns() throws Exception {
    for (int i = 0; i < TURNS; i++) {
      Thread.sleep(1);
    }
    return TURNS;
  }
}
