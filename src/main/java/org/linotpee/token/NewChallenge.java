package org.linotpee.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * A challenge as the type of its token makes it.
 *
 * @param message what the user is shown
 * @param data what the type needs to know to check the answer; stored sealed
 * @param detail what the reply tells besides id, message and token
 * @param sending what remains to be done outside the transaction; empty if nothing
 */
public record NewChallenge(
    String message, ObjectNode data, Map<String, Object> detail, Optional<Sending> sending) {
  public NewChallenge {
    detail = Map.copyOf(detail);
  }

  /** One that is only shown. */
  public static NewChallenge shown(String message) {
    return new NewChallenge(
        message, JsonNodeFactory.instance.objectNode(), Map.of(), Optional.empty());
  }
}
