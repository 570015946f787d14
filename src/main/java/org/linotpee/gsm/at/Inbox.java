package org.linotpee.gsm.at;

import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.ReceivedMessage;

/** Where what a modem receives goes. Called by the modem's thread: must not wait. */
public interface Inbox {
  /**
   * A message has come.
   *
   * @param taken is run, by any thread, when it may be deleted from the modem
   */
  void message(ReceivedMessage message, Runnable taken);

  /** A delivery report has come. */
  void report(DeliveryReport report);

  /** For those who only send. */
  Inbox NONE =
      new Inbox() {
        @Override
        public void message(ReceivedMessage message, Runnable taken) {
          // it stays where it is
        }

        @Override
        public void report(DeliveryReport report) {
          // nobody asked
        }
      };
}
