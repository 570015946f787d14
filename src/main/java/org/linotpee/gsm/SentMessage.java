package org.linotpee.gsm;

import java.util.List;
import java.util.Optional;

/**
 * A message that the network has accepted.
 *
 * @param references the message reference of each part
 * @param delivery the worst outcome of all parts, if it was asked for and came in time
 */
public record SentMessage(List<Integer> references, Optional<DeliveryReport.Outcome> delivery) {
  public SentMessage {
    references = List.copyOf(references);
  }
}
