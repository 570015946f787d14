package org.linotpee.gsm;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a modem is doing.
 *
 * @param port its port
 * @param model manufacturer and model, as it says itself
 * @param sim the state of the SIM card: {@code READY}, {@code SIM PIN}, ...
 * @param operator the network, empty if there is none
 * @param signalDbm strength of the signal in dBm; empty if unknown
 * @param sent messages that were accepted since the port was first opened
 * @param failed messages that were not
 * @param lastError why the last one was not, or why the modem was given up last
 */
public record DeviceStatus(
    String port,
    String model,
    String sim,
    Registration registration,
    Optional<String> operator,
    OptionalInt signalDbm,
    long sent,
    long failed,
    Optional<String> lastError) {

  /** Registration in the network ({@code +CREG}). */
  public enum Registration {
    NOT_REGISTERED,
    HOME,
    SEARCHING,
    DENIED,
    UNKNOWN,
    ROAMING,
    SMS_ONLY_HOME,
    SMS_ONLY_ROAMING;

    /** The value that a modem told. */
    public static Registration of(int value) {
      return value >= 0 && value < values().length ? values()[value] : UNKNOWN;
    }

    /** True if messages can be sent. */
    public boolean usable() {
      return this == HOME || this == ROAMING || this == SMS_ONLY_HOME || this == SMS_ONLY_ROAMING;
    }
  }
}
