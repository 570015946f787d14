package org.linotpee.token.fido;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;

/**
 * A registered U2F device as it is stored, sealed, as the seed of its token.
 *
 * @param handle by which the device finds its key
 * @param publicKey an uncompressed point of P-256
 * @param appId the application that it was registered for
 */
record U2fKey(byte[] handle, byte[] publicKey, String appId) {
  /** As the protocol's older half wants it: base64url with padding. */
  static String padded(byte[] bytes) {
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  String text() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("keyHandle", padded(handle));
    json.put("publicKey", padded(publicKey));
    json.put("appId", appId);
    return json.toString();
  }

  /**
   * Reads what {@link #text} has written, or the info of a token from another server.
   *
   * @throws Refused if there is no key in it
   */
  static U2fKey parse(String text) {
    ObjectNode json =
        Bytes.object(text).orElseThrow(() -> new Refused("the token has no registered device"));
    return new U2fKey(
        Bytes.decoded(json, "keyHandle"),
        Bytes.decoded(json, "publicKey"),
        json.path("appId").asText());
  }

  @Override
  public String toString() {
    return "U2F device for " + appId;
  }
}
