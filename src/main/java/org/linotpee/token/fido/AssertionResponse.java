package org.linotpee.token.fido;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.linotpee.token.TokenType.Split;

/**
 * What {@code navigator.credentials.get} has given, as clients send it.
 *
 * @param userHandle what the device remembers of the user; empty if it does not tell
 */
record AssertionResponse(
    byte[] id,
    byte[] clientData,
    byte[] authenticatorData,
    byte[] signature,
    Optional<byte[]> userHandle) {
  /** So many braces a PIN may have; each of them could begin the object. */
  private static final int MAX_BRACES = 50;

  /**
   * Divides PIN and response: it begins at the first brace from which the rest is JSON. Without
   * one, all is PIN.
   */
  static Split split(String text) {
    int brace = text.indexOf('{');
    for (int i = 0; i < MAX_BRACES && brace >= 0; i++) {
      String rest = text.substring(brace);
      if (Bytes.object(rest).isPresent()) {
        return new Split(text.substring(0, brace), rest);
      }
      brace = text.indexOf('{', brace + 1);
    }
    return new Split(text, "");
  }

  /**
   * Reads JSON.
   *
   * @throws Refused if something is missing
   */
  static AssertionResponse parse(String text) {
    ObjectNode json =
        Bytes.object(text).orElseThrow(() -> new Refused("the answer is no JSON object"));
    JsonNode response = json.path("response");
    JsonNode handle = response.path("userHandle");
    return new AssertionResponse(
        Bytes.decoded(json, json.has("rawId") ? "rawId" : "id"),
        Bytes.decoded(response, "clientDataJSON"),
        Bytes.decoded(response, "authenticatorData"),
        Bytes.decoded(response, "signature"),
        handle.isTextual() && !handle.asText().isEmpty()
            ? Optional.of(Bytes.decoded(handle.asText(), "userHandle"))
            : Optional.empty());
  }
}
