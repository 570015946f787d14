package org.linotpee.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.linotpee.policy.PolicyContext;

/**
 * What a challenge needs from the world, once it is stored: policies' texts, the user's address, a
 * gateway. Runs outside of transactions; the result is recorded afterwards.
 */
@FunctionalInterface
public interface Sending {
  /**
   * What is known.
   *
   * @param attributes of the token's owner; empty if there is none
   * @param policies of the user of the request, else of the owner, else of the token's realm
   * @param options the parameters of the request
   */
  record Circumstances(
      String transactionId,
      Map<String, String> attributes,
      PolicyContext policies,
      Map<String, String> options) {
    public Circumstances {
      attributes = Map.copyOf(attributes);
      options = Map.copyOf(options);
    }

    /** A parameter that is neither absent nor empty. */
    public Optional<String> option(String name) {
      return Optional.ofNullable(options.get(name)).filter(text -> !text.isEmpty());
    }
  }

  /** How it went. */
  sealed interface Result {}

  /**
   * It was sent.
   *
   * @param message instead of the challenge's; empty to keep that
   * @param data instead of the challenge's; empty to keep that
   * @param detail what the reply tells in addition
   * @param validity how long answers are taken, where the way of sending decides it
   * @param remark for the audit trail; never the text or the value that was sent
   */
  record Sent(
      Optional<String> message,
      Optional<ObjectNode> data,
      Map<String, Object> detail,
      Optional<Duration> validity,
      String remark)
      implements Result {
    public Sent {
      detail = Map.copyOf(detail);
    }
  }

  /**
   * It was not: the challenge goes away.
   *
   * @param reason for the audit trail; never the text or the value that should have been sent
   */
  record NotSent(String reason) implements Result {}

  Result send(Circumstances circumstances);
}
