package org.linotpee.token.fido;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code navigator.credentials.create} has given, as clients send it.
 *
 * @param transports as the browser names them
 * @param residentKey the device can name the credential by itself
 */
record AttestationResponse(
    byte[] id,
    byte[] clientData,
    byte[] attestationObject,
    List<String> transports,
    boolean residentKey) {
  private static final int MAX_TRANSPORTS = 20;

  /**
   * Reads JSON.
   *
   * @param residentKey if the response does not tell
   * @throws Refused if something is missing
   */
  static AttestationResponse parse(String text, boolean residentKey) {
    ObjectNode json =
        Bytes.object(text)
            .orElseThrow(() -> new Refused("'attestationResponse' is no JSON object"));
    JsonNode response = json.path("response");
    var transports = new ArrayList<String>();
    for (JsonNode transport : json.path("transports")) {
      if (transports.size() < MAX_TRANSPORTS) {
        transports.add(transport.asText());
      }
    }
    JsonNode resident = json.path("clientExtensionResults").path("credProps").path("rk");
    return new AttestationResponse(
        Bytes.decoded(json, json.has("rawId") ? "rawId" : "id"),
        Bytes.decoded(response, "clientDataJSON"),
        Bytes.decoded(response, "attestationObject"),
        List.copyOf(transports),
        resident.isBoolean() ? resident.asBoolean() : residentKey);
  }
}
