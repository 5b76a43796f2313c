package onequeue.hook;

import java.util.ArrayList;
import java.util.List;

/**
 * A native of the JDK in whose place ours can stand. In the order of {@code enum oq_seam} in vm.h.
 *
 * <p>The names are those of JDK 17 and of JDK 25; the first that the running JDK has is taken. The
 * descriptors are exact: a native that changed its signature stays stock.
 */
enum Seam {
  PARK("jdk.internal.misc.Unsafe.park(ZJ)V"),
  UNPARK("jdk.internal.misc.Unsafe.unpark(Ljava/lang/Object;)V"),
  INTERRUPT("java.lang.Thread.interrupt0()V"),
  SLEEP("java.lang.Thread.sleepNanos0(J)V", "java.lang.Thread.sleep(J)V"),
  SELECT("sun.nio.ch.EPoll.wait(IJII)I"),
  EPOLL_CREATE("sun.nio.ch.EPoll.create()I"),
  EVENTFD_SET("sun.nio.ch.EventFD.set0(I)I"),
  ACCEPT(
      "sun.nio.ch.Net.accept"
          + "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/net/InetSocketAddress;)I"),
  ACCEPT_UNIX(
      "sun.nio.ch.UnixDomainSockets.accept0"
          + "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/lang/Object;)I"),
  CONNECT("sun.nio.ch.Net.connect0(ZLjava/io/FileDescriptor;Ljava/net/InetAddress;I)I"),
  CONNECT_UNIX("sun.nio.ch.UnixDomainSockets.connect0(Ljava/io/FileDescriptor;[B)I"),
  SOCKET("sun.nio.ch.Net.socket0(ZZZZ)I"),
  SOCKET_UNIX("sun.nio.ch.UnixDomainSockets.socket0()I"),
  POLL("sun.nio.ch.Net.poll(Ljava/io/FileDescriptor;IJ)I"),
  READ("sun.nio.ch.SocketDispatcher.read0(Ljava/io/FileDescriptor;JI)I"),
  READV("sun.nio.ch.SocketDispatcher.readv0(Ljava/io/FileDescriptor;JI)J"),
  WRITE("sun.nio.ch.SocketDispatcher.write0(Ljava/io/FileDescriptor;JI)I"),
  WRITEV("sun.nio.ch.SocketDispatcher.writev0(Ljava/io/FileDescriptor;JI)J"),
  RECEIVE("sun.nio.ch.DatagramChannelImpl.receive0(Ljava/io/FileDescriptor;JIJZ)I"),
  SEND("sun.nio.ch.DatagramChannelImpl.send0(Ljava/io/FileDescriptor;JIJI)I"),
  DATAGRAM_READ("sun.nio.ch.DatagramDispatcher.read0(Ljava/io/FileDescriptor;JI)I"),
  DATAGRAM_READV("sun.nio.ch.DatagramDispatcher.readv0(Ljava/io/FileDescriptor;JI)J"),
  DATAGRAM_WRITE("sun.nio.ch.DatagramDispatcher.write0(Ljava/io/FileDescriptor;JI)I"),
  DATAGRAM_WRITEV("sun.nio.ch.DatagramDispatcher.writev0(Ljava/io/FileDescriptor;JI)J"),
  FILE_READ(inFile("read0(Ljava/io/FileDescriptor;JI)I")),
  FILE_READV(inFile("readv0(Ljava/io/FileDescriptor;JI)J")),
  FILE_PREAD(inFile("pread0(Ljava/io/FileDescriptor;JIJ)I")),
  FILE_WRITE(inFile("write0(Ljava/io/FileDescriptor;JI)I")),
  FILE_WRITEV(inFile("writev0(Ljava/io/FileDescriptor;JI)J")),
  FILE_PWRITE(inFile("pwrite0(Ljava/io/FileDescriptor;JIJ)I")),
  FILE_FORCE(inFile("force0(Ljava/io/FileDescriptor;Z)I")),
  FILE_TRANSFER(
      "sun.nio.ch.FileDispatcherImpl.transferTo0"
          + "(Ljava/io/FileDescriptor;JJLjava/io/FileDescriptor;Z)J",
      "sun.nio.ch.FileChannelImpl.transferTo0"
          + "(Ljava/io/FileDescriptor;JJLjava/io/FileDescriptor;)J"),
  WATCH("sun.nio.fs.LinuxWatchService.poll(II)I"),
  BLOCKING("sun.nio.ch.IOUtil.configureBlocking(Ljava/io/FileDescriptor;Z)V"),
  PIPE("sun.nio.ch.IOUtil.makePipe(Z)J"),
  PRECLOSE(
      "sun.nio.ch.UnixDispatcher.preClose0(Ljava/io/FileDescriptor;)V",
      "sun.nio.ch.FileDispatcherImpl.preClose0(Ljava/io/FileDescriptor;)V"),
  CLOSE(
      "sun.nio.ch.UnixDispatcher.close0(Ljava/io/FileDescriptor;)V",
      "sun.nio.ch.FileDispatcherImpl.close0(Ljava/io/FileDescriptor;)V"),
  CLOSE_INT(inFile("closeIntFD(I)V")),
  SIGNAL("sun.nio.ch.NativeThread.signal0(J)V", "sun.nio.ch.NativeThread.signal(J)V"),
  CLOSE_IO("java.io.FileDescriptor.close0()V"),
  CLEAN_IO("java.io.FileCleanable.cleanupClose0(IJ)V"),
  CLOSE_FS("sun.nio.fs.UnixNativeDispatcher.close0(I)V"),
  EPOLL_CTL("sun.nio.ch.EPoll.ctl(IIII)I"),
  STREAM_READ("java.io.FileInputStream.read0()I"),
  STREAM_READ_BYTES("java.io.FileInputStream.readBytes([BII)I"),
  STREAM_WRITE("java.io.FileOutputStream.write(IZ)V"),
  STREAM_WRITE_BYTES("java.io.FileOutputStream.writeBytes([BIIZ)V"),
  RANDOM_READ("java.io.RandomAccessFile.read0()I"),
  RANDOM_READ_BYTES(
      "java.io.RandomAccessFile.readBytes0([BII)I", "java.io.RandomAccessFile.readBytes([BII)I"),
  RANDOM_WRITE("java.io.RandomAccessFile.write0(I)V"),
  RANDOM_WRITE_BYTES(
      "java.io.RandomAccessFile.writeBytes0([BII)V", "java.io.RandomAccessFile.writeBytes([BII)V"),
  LOOKUP6(
      "java.net.Inet6AddressImpl.lookupAllHostAddr(Ljava/lang/String;I)[Ljava/net/InetAddress;",
      "java.net.Inet6AddressImpl.lookupAllHostAddr(Ljava/lang/String;)[Ljava/net/InetAddress;"),
  LOOKUP4("java.net.Inet4AddressImpl.lookupAllHostAddr(Ljava/lang/String;)[Ljava/net/InetAddress;"),
  REVERSE6("java.net.Inet6AddressImpl.getHostByAddr([B)Ljava/lang/String;"),
  REVERSE4("java.net.Inet4AddressImpl.getHostByAddr([B)Ljava/lang/String;");

  private final List<Site> sites;

  Seam(String... sites) {
    this.sites = new ArrayList<>();
    for (String site : sites) {
      this.sites.add(Site.parse(site));
    }
  }

  List<Site> sites() {
    return sites;
  }

  private static String[] inFile(String method) {
    return new String[] {
      "sun.nio.ch.UnixFileDispatcherImpl." + method, "sun.nio.ch.FileDispatcherImpl." + method
    };
  }

  /** Where a native stands: class, name, descriptor. */
  record Site(String className, String method, String descriptor) {
    private static Site parse(String text) {
      int paren = text.indexOf('(');
      int dot = text.lastIndexOf('.', paren);
      return new Site(
          text.substring(0, dot), text.substring(dot + 1, paren), text.substring(paren));
    }
  }
}
