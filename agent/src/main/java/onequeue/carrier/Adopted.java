package onequeue.carrier;

/** A platform thread of the program that runs as a virtual one. */
final class Adopted {
  final Thread handle;

  Adopted(Thread handle) {
    this.handle = handle;
  }
}
