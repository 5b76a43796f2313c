package onequeue.sample;

/** Prints one line and ends: what is left to measure is the start of the virtual machine. */
public final class Hello {
  private Hello() {}

  /**
   * Prints the line.
   *
   * @param args ignored
   */
  public static void main(String[] args) {
    System.out.println("Hello, world");
  }
}
