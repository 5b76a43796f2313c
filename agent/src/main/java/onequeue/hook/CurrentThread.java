package onequeue.hook;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Turns {@code Thread.currentThread()} in a class into a call of our own method of the same name.
 *
 * <p>One entry of the constant pool tells which class a call goes to, so that is all there is to
 * change: no code is read or moved, and a class that does not call it costs a search.
 */
final class CurrentThread {
  /** The copy of onequeue.carrier.ProgramThread. */
  static final String HELPER = "java.lang.ProgramThread$onequeue";

  private static final byte[] METHOD = "currentThread".getBytes(StandardCharsets.US_ASCII);
  private static final int UTF8 = 1;
  private static final int CLASS = 7;
  private static final int METHOD_REF = 10;
  private static final int NAME_AND_TYPE = 12;
  private static final int COUNT_AT = 8;
  private static final int POOL_AT = 10;
  private static final int MOST_ENTRIES = 65535;

  private final byte[] bytes;
  private final int count;
  private final int[] offsets;
  private int end;

  private CurrentThread(byte[] bytes) {
    this.bytes = bytes;
    count = u2(COUNT_AT);
    offsets = new int[count];
    int at = POOL_AT;
    for (int i = 1; i < count; i++) {
      offsets[i] = at;
      int tag = bytes[at];
      at += size(tag, at);
      if (tag == 5 || tag == 6) {
        i++; // long and double take two numbers
      }
    }
    end = at;
  }

  /** The class with the calls turned, or null when it has none. */
  static byte[] patch(byte[] bytes) throws IOException {
    return contains(bytes, METHOD) ? new CurrentThread(bytes).patch() : null;
  }

  private byte[] patch() throws IOException {
    int call = call();
    if (call < 0 || count + 2 > MOST_ENTRIES) {
      return null;
    }
    ByteArrayOutputStream patched = new ByteArrayOutputStream(bytes.length + 64);
    DataOutputStream out = new DataOutputStream(patched);
    out.write(bytes, 0, COUNT_AT);
    out.writeShort(count + 2);
    out.write(bytes, POOL_AT, offsets[call] + 1 - POOL_AT);
    out.writeShort(count + 1);
    out.write(bytes, offsets[call] + 3, end - offsets[call] - 3);
    out.writeByte(UTF8);
    out.writeUTF(HELPER.replace('.', '/'));
    out.writeByte(CLASS);
    out.writeShort(count);
    out.write(bytes, end, bytes.length - end);
    return patched.toByteArray();
  }

  /** The entry for {@code Thread.currentThread()}, or -1. */
  private int call() throws IOException {
    for (int i = 1; i < count; i++) {
      int at = offsets[i];
      if (at != 0
          && bytes[at] == METHOD_REF
          && text(offsets[u2(offsets[u2(at + 1)] + 1)]).equals("java/lang/Thread")) {
        int nameAndType = offsets[u2(at + 3)];
        if (text(offsets[u2(nameAndType + 1)]).equals("currentThread")
            && text(offsets[u2(nameAndType + 3)]).equals("()Ljava/lang/Thread;")) {
          return i;
        }
      }
    }
    return -1;
  }

  private String text(int at) throws IOException {
    return new DataInputStream(new ByteArrayInputStream(bytes, at + 1, u2(at + 1) + 2)).readUTF();
  }

  private int size(int tag, int at) {
    return switch (tag) {
      case UTF8 -> 3 + u2(at + 1);
      case 3, 4, 9, METHOD_REF, 11, NAME_AND_TYPE, 17, 18 -> 5;
      case 5, 6 -> 9;
      case CLASS, 8, 16, 19, 20 -> 3;
      case 15 -> 4;
      default -> throw new IllegalArgumentException("constant pool tag " + tag);
    };
  }

  private int u2(int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static boolean contains(byte[] bytes, byte[] word) {
    for (int at = 0, last = bytes.length - word.length; at <= last; at++) {
      int i = 0;
      while (i < word.length && bytes[at + i] == word[i]) {
        i++;
      }
      if (i == word.length) {
        return true;
      }
    }
    return false;
  }
}
