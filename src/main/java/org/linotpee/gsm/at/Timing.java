package org.linotpee.gsm.at;

import java.time.Duration;
import java.util.List;

/**
 * How long things take, apart from what the device's settings say (spec 11 sections 11.2, 11.3 and
 * 11.9).
 *
 * @param pause between a result and the next command
 * @param escape after leaving a hanging prompt
 * @param synchronise for an {@code AT} that finds out whether somebody is there
 * @param prompt for the prompt of {@code AT+CMGS}
 * @param silence the line is quiet
 * @param simPoll between questions for the SIM card's state
 * @param simWait until the SIM card is ready
 * @param networkPoll between questions for the network
 * @param networkWait until the modem is in the network
 * @param radio for switching the radio on, and for a restart
 * @param retry before a message is tried again
 * @param keepAlive between signs of life
 * @param reopen between attempts to open the port, the last one again and again
 */
public record Timing(
    Duration pause,
    Duration escape,
    Duration synchronise,
    Duration prompt,
    Duration silence,
    Duration simPoll,
    Duration simWait,
    Duration networkPoll,
    Duration networkWait,
    Duration radio,
    Duration retry,
    Duration keepAlive,
    List<Duration> reopen) {

  /** As modems need it. */
  public static final Timing REAL =
      new Timing(
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofMillis(300),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          List.of(
              Duration.ofSeconds(5),
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(40),
              Duration.ofSeconds(60)));

  /** The wait before an attempt, counted from 0. */
  Duration reopen(int attempt) {
    return reopen.get(Math.min(attempt, reopen.size() - 1));
  }
}
