package com.sun.jna.nolog;

/** What JNA asks of {@code java.util.logging.Logger}; says nothing. */
public final class Logger {
  private static final Logger SILENT = new Logger();

  private Logger() {}

  public static Logger getLogger(String name) {
    return SILENT;
  }

  public boolean isLoggable(Level level) {
    return false;
  }

  public void log(Level level, String message) {}

  public void log(Level level, String message, Object parameter) {}

  public void log(Level level, String message, Throwable thrown) {}

  public void log(Level level, String message, Object[] parameters) {}
}
