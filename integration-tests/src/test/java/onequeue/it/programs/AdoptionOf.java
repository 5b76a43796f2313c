package onequeue.it.programs;

import java.util.Arrays;

/** Another program, whose {@code main} runs in a thread that this one starts. */
public final class AdoptionOf {
  private AdoptionOf() {}

  /**
   * @param args the simple name of the program, and its arguments
   */
  public static void main(String[] args) throws Exception {
    Class<?> program = Class.forName(AdoptionOf.class.getPackageName() + "." + args[0]);
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    AdoptionThreads.run(
        "runner", () -> program.getMethod("main", String[].class).invoke(null, (Object) rest));
  }
}
