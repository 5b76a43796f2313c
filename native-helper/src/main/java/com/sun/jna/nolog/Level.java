package com.sun.jna.nolog;

/** What JNA asks of {@code java.util.logging.Level}. */
public final class Level {
  public static final Level FINER = new Level();
  public static final Level FINE = FINER;
  public static final Level INFO = FINER;
  public static final Level WARNING = FINER;
  public static final Level SEVERE = FINER;

  private Level() {}
}
