package onequeue.bench;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.Set;

/** A file on a disk, in a directory of its own, with something in every block of it. */
final class DiskFile implements Closeable {
  private static final int MIB = 1 << 20;
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  private final Path path;
  private final String fileSystem;

  private DiskFile(Path path, String fileSystem) {
    this.path = path;
    this.fileSystem = fileSystem;
  }

  /**
   * Writes it, down to the disk. It goes when it is closed, or when this process ends.
   *
   * @param directory where, or null for any that is good
   * @throws IOException when there is no such directory or not enough room
   */
  static DiskFile create(Path directory, int mib) throws IOException {
    Path parent = directory != null ? directory : anyOnDisk();
    FileStore store = Files.getFileStore(parent);
    // As much must be left for the others.
    if (store.getUsableSpace() < 2L * mib * MIB) {
      throw new IOException("no room for " + mib + " MiB, and as much left, in " + parent);
    }
    Path path = Files.createTempDirectory(parent, "onequeue-bench").resolve("file");
    DiskFile file = new DiskFile(path, store.type());
    path.getParent().toFile().deleteOnExit();
    path.toFile().deleteOnExit();
    try {
      file.fill(mib);
      return file;
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
  }

  private static Path anyOnDisk() throws IOException {
    for (String name : new String[] {System.getProperty("java.io.tmpdir"), "/var/tmp", ""}) {
      File directory = Path.of(name).toAbsolutePath().toFile();
      if (directory.canWrite()
          && !IN_MEMORY.contains(Files.getFileStore(directory.toPath()).type())) {
        return directory.toPath();
      }
    }
    throw new IOException("no directory on a disk found: name one with --directory");
  }

  private void fill(int mib) throws IOException {
    byte[] bytes = new byte[MIB];
    new Random(1).nextBytes(bytes);
    ByteBuffer data = ByteBuffer.allocateDirect(MIB).put(bytes);
    try (FileChannel out =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < mib; i++) {
        data.rewind();
        while (data.hasRemaining()) {
          out.write(data);
        }
      }
      out.force(true);
    }
  }

  String path() {
    return path.toString();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(path.getParent());
  }

  /** What it is, in words. */
  @Override
  public String toString() {
    return path + " on " + fileSystem;
  }
}
