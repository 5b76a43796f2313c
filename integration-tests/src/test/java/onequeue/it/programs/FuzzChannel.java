package onequeue.it.programs;

import java.nio.channels.SelectableChannel;

/** A channel that can be registered, under a name that is the same in each run. */
abstract class FuzzChannel {
  final String name;
  final SelectableChannel channel;

  FuzzChannel(String name, SelectableChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /** Which of these operations the kernel says are ready now; the channel is open. */
  abstract int ready(int interest);

  /** Those of which it depends on the moment whether they are ready. */
  int unstable() {
    return 0;
  }
}
