package org.linotpee.gsm.at;

/** A modem has not answered in time. */
final class ModemTimeout extends Exception {
  private static final long serialVersionUID = 1L;

  ModemTimeout(String what) {
    super("the modem does not answer " + what);
  }
}
