package org.linotpee.token.fido;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A credential as it is stored: JSON, in the token's info for people and clients and, sealed, as
 * the token's seed, which alone decides (spec 08 section 21.2).
 *
 * @param id that the device has given it
 * @param publicKey COSE key
 * @param rpId the relying party that it was made for
 * @param aaguid the model of the device
 * @param algorithm COSE number
 * @param flags of the authenticator data at the registration
 * @param certificate the first of the attestation, DER; empty if there is none
 * @param transports by which the device is reached
 * @param residentKey the device can name the credential by itself
 * @param userHandle what the device was told about the user; empty if that is not known
 */
record Credential(
    byte[] id,
    byte[] publicKey,
    String rpId,
    String aaguid,
    String attestationFormat,
    long algorithm,
    int flags,
    long signCount,
    boolean backupEligible,
    boolean backedUp,
    boolean userVerified,
    Optional<byte[]> certificate,
    Instant registeredAt,
    List<String> transports,
    boolean residentKey,
    Optional<byte[]> userHandle) {
  private static final List<String> TRANSPORTS = List.of("usb", "nfc", "ble", "internal", "hybrid");

  /** Those of the given transports that are known, each once. */
  static List<String> known(Iterable<String> given) {
    Set<String> known = new LinkedHashSet<>();
    for (String transport : given) {
      String name = transport.toLowerCase(Locale.ROOT);
      if (TRANSPORTS.contains(name)) {
        known.add(name);
      }
    }
    return List.copyOf(known);
  }

  /** The same of which is known what the device was told about the user. */
  Credential of(byte[] handle) {
    return new Credential(
        id,
        publicKey,
        rpId,
        aaguid,
        attestationFormat,
        algorithm,
        flags,
        signCount,
        backupEligible,
        backedUp,
        userVerified,
        certificate,
        registeredAt,
        transports,
        residentKey,
        Optional.of(handle));
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("credential_id", Bytes.encoded(id));
    json.put("public_key", Bytes.encoded(publicKey));
    json.put("sign_count", signCount);
    json.put("rp_id", rpId);
    json.put("aaguid", aaguid);
    json.put("attestation_format", attestationFormat);
    json.put("public_key_algorithm", algorithm);
    json.put("auth_data_flags", flags);
    json.put("backup_eligible", backupEligible);
    json.put("backed_up", backedUp);
    json.put("user_verified_at_reg", userVerified);
    json.put(
        "attestation_cert_b64",
        certificate.map(java.util.Base64.getEncoder()::encodeToString).orElse(null));
    json.put("registered_at", registeredAt.toString());
    transports.forEach(json.putArray("transports")::add);
    json.put("resident_key", residentKey);
    userHandle.ifPresent(handle -> json.put("user_handle", Bytes.encoded(handle)));
    return json;
  }

  /**
   * Reads what {@link #toJson} or another server has written.
   *
   * @throws Refused if there is no credential in it
   */
  static Credential parse(String text) {
    ObjectNode json =
        Bytes.object(text).orElseThrow(() -> new Refused("the token has no credential"));
    var transports = new LinkedHashSet<String>();
    json.path("transports").forEach(one -> transports.add(one.asText()));
    String handle = json.path("user_handle").asText("");
    String certificate = json.path("attestation_cert_b64").asText("");
    return new Credential(
        Bytes.decoded(json, "credential_id"),
        Bytes.decoded(json, "public_key"),
        json.path("rp_id").asText(),
        json.path("aaguid").asText(),
        json.path("attestation_format").asText(),
        json.path("public_key_algorithm").asLong(),
        json.path("auth_data_flags").asInt(),
        json.path("sign_count").asLong(),
        json.path("backup_eligible").asBoolean(),
        json.path("backed_up").asBoolean(),
        json.path("user_verified_at_reg").asBoolean(),
        certificate.isEmpty() || certificate.equals("null")
            ? Optional.empty()
            : Optional.of(java.util.Base64.getDecoder().decode(certificate)),
        moment(json.path("registered_at").asText("")),
        known(transports),
        json.path("resident_key").asBoolean(),
        handle.isEmpty() ? Optional.empty() : Optional.of(Bytes.decoded(handle, "user_handle")));
  }

  private static Instant moment(String text) {
    try {
      return java.time.OffsetDateTime.parse(text).toInstant();
    } catch (java.time.format.DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  @Override
  public String toString() {
    return "credential for " + rpId;
  }
}
