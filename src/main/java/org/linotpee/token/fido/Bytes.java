package org.linotpee.token.fido;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Optional;

/** Binary values and objects as browsers send them: base64url without padding, in JSON. */
final class Bytes {
  /** More than any device sends, attestation certificates included. */
  static final int MAX_MESSAGE = 100_000;

  private static final int MAX_DEPTH = 20;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Bytes() {}

  static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * The bytes of a member.
   *
   * @throws Refused if it is missing or no base64url
   */
  static byte[] decoded(JsonNode object, String member) {
    JsonNode text = object.path(member);
    if (!text.isTextual() || text.asText().isEmpty()) {
      throw new Refused("'" + member + "' is missing");
    }
    return decoded(text.asText(), member);
  }

  static byte[] decoded(String text, String member) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new Refused("'" + member + "' is not base64url", e);
    }
  }

  /** The object that a text is from its first to its last character. */
  static Optional<ObjectNode> object(String text) {
    if (text.length() > MAX_MESSAGE || !text.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return JSON.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
