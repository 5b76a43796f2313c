package onequeue.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A recording of the agent's events and no others, that a program makes from start to end. */
record JfrFile(Path recording, Path settings) {
  private static final List<String> WAITS =
      List.of(
          "Accept",
          "Connect",
          "Read",
          "Write",
          "Datagram",
          "Pipe",
          "Select",
          "Sleep",
          "Park",
          "File",
          "Watch",
          "Process",
          "Lookup",
          "MonitorWait",
          "Idle");
  private static final List<String> CARRIERS =
      List.of("CarrierStatistics", "StuckCarrier", "Adoption");

  /** With all waits, however short. */
  static JfrFile in(Path dir) throws IOException {
    StringBuilder xml = new StringBuilder("<configuration version='2.0'>");
    WAITS.forEach(event -> append(xml, event, "threshold", "0 ms"));
    CARRIERS.forEach(event -> append(xml, event, "period", "100 ms"));
    Path settings = Files.writeString(dir.resolve("all.jfc"), xml + "</configuration>");
    return new JfrFile(dir.resolve("waits.jfr"), settings);
  }

  private static void append(StringBuilder xml, String event, String setting, String value) {
    xml.append("<event name='onequeue.").append(event).append("'>");
    xml.append("<setting name='enabled'>true</setting>");
    xml.append("<setting name='stackTrace'>true</setting>");
    xml.append("<setting name='" + setting + "'>" + value + "</setting></event>");
  }

  /** The VM options that make it, without a word on the program's output. */
  List<String> options() {
    return List.of(
        "-Xlog:jfr+startup=off",
        "-XX:StartFlightRecording:filename=" + recording + ",settings=" + settings);
  }

  /** The events, of all threads. To be called when the program has ended. */
  List<RecordedEvent> events() throws IOException {
    return RecordingFile.readAllEvents(recording);
  }

  /** The waits among the events, of the threads with that name. */
  static List<RecordedEvent> waits(List<RecordedEvent> events, String thread) {
    return events.stream()
        .filter(e -> e.getEventType().getName().startsWith("onequeue.") && e.hasField("outcome"))
        .filter(e -> e.getThread() != null && thread.equals(e.getThread().getJavaName()))
        .toList();
  }
}
