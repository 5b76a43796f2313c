package onequeue.hook;

import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Map;

/**
 * Lets virtual threads on our carriers wait for files without a carrier. Put in with the first
 * virtual thread; if it cannot be, files hold the carrier as in stock.
 */
final class FileHook {
  private static final Map<String, List<Class<?>>> ADVICE =
      Map.of(
          "sun/nio/ch/UnixFileDispatcherImpl",
          List.of(
              FileAdvices.Read.class,
              FileAdvices.PositionedRead.class,
              FileAdvices.Scatter.class,
              FileAdvices.Write.class,
              FileAdvices.PositionedWrite.class,
              FileAdvices.Gather.class,
              FileAdvices.Force.class,
              FileAdvices.Lock.class),
          "sun/nio/ch/FileDispatcherImpl",
          List.of(CopyAdvices.TransferTo.class, CopyAdvices.TransferFrom.class),
          "sun/nio/fs/LinuxFileSystem",
          List.of(CopyAdvices.Direct.class),
          "sun/nio/fs/UnixFileSystem",
          List.of(CopyAdvices.Buffered.class),
          "sun/nio/ch/NativeThreadSet",
          List.of(FileAdvices.Join.class, FileAdvices.Close.class),
          "java/io/FileDescriptor",
          List.of(FileAdvices.Sync.class),
          "java/io/FileInputStream",
          List.of(
              StreamAdvices.ReadByte.class,
              StreamAdvices.ReadAll.class,
              StreamAdvices.ReadSome.class),
          "java/io/FileOutputStream",
          List.of(
              StreamAdvices.WriteByte.class,
              StreamAdvices.WriteAll.class,
              StreamAdvices.WriteSome.class),
          "java/io/RandomAccessFile",
          List.of(
              StreamAdvices.ReadRandomByte.class,
              StreamAdvices.ReadRandom.class,
              StreamAdvices.WriteRandomByte.class,
              StreamAdvices.WriteRandom.class));

  private FileHook() {}

  /** After the classes of onequeue.carrier are defined. */
  static void install(Instrumentation instrumentation, boolean ring) {
    try {
      JavaBase.open(instrumentation, "java.io", "jdk.internal.event", "sun.nio.ch", "sun.nio.fs");
      Class<?> calls = Class.forName("onequeue.carrier.FileCalls", true, null);
      calls.getMethod("prepare", boolean.class).invoke(null, ring);
      WovenTogether.weave(instrumentation, ADVICE);
      calls.getMethod("start").invoke(null);
    } catch (Throwable e) {
      System.err.println(
          "onequeue: files hold the carrier of a virtual thread, as without us: "
              + (e.getCause() != null ? e.getCause() : e));
    }
  }
}
