package org.linotpee.administration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.JwtKeys;

/**
 * Issues, checks and revokes administrators' access tokens: JWTs signed with ES256, whose key pair
 * follows from the key file, so that every node and every restart accepts them (design.md section
 * 6, spec 01 section 10). Revocations are in the database, where all nodes see them.
 */
@Service
public class AccessTokens {
  /** An issued token in its compact form, with its CSRF value. */
  public record Issued(String compact, String csrf) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final int MAX_LENGTH = 4096;
  private static final long NEVER = Long.MAX_VALUE;

  private final JwtKeys keys;
  private final Transactions transactions;
  private final Clock clock;
  private final Duration lifetime;
  private final Duration refresh;

  @Inject
  public AccessTokens(JwtKeys keys, Transactions transactions, Clock clock, Settings settings) {
    this.keys = keys;
    this.transactions = transactions;
    this.clock = clock;
    this.lifetime = Duration.ofSeconds(settings.number(Setting.JWT_ACCESS_TOKEN_EXPIRES));
    this.refresh = Duration.ofSeconds(settings.number(Setting.JWT_ACCESS_TOKEN_REFRESH));
  }

  /** A new token for the administrator. */
  public Issued issue(Administrator administrator) {
    long now = clock.instant().getEpochSecond();
    String csrf = UUID.randomUUID().toString();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", AccessToken.ISSUER);
    claims.put("fresh", false);
    claims.put("iat", now);
    claims.put("nbf", now);
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("type", "access");
    claims.put("sub", administrator.login() + "@" + administrator.realm());
    claims.put("upn", administrator.login());
    claims.put("realm", administrator.realm());
    claims.put("resolver", administrator.resolver());
    claims.put("csrf", csrf);
    if (!lifetime.isZero()) {
      claims.put("exp", now + lifetime.toSeconds());
    }
    String keyId = keys.activeId();
    String head = encode(Map.of("alg", "ES256", "typ", "JWT", "kid", keyId)) + "." + encode(claims);
    return new Issued(head + "." + ENCODER.encodeToString(sign(keyId, head)), csrf);
  }

  /**
   * The token's content if its signature and its times hold and it was not revoked; spec 01 section
   * 10.4 steps 3 and 5.
   */
  public Optional<AccessToken> verify(String compact) {
    if (compact.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String[] parts = compact.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
      if (!header.path("alg").asText().equals("ES256")
          || !signed(header.path("kid").asText(), parts[0] + "." + parts[1], signature)) {
        return Optional.empty();
      }
      var token = new AccessToken(compact, claims);
      return token.validAt(clock.instant()) && !revoked(token.getTokenID())
          ? Optional.of(token)
          : Optional.empty();
    } catch (IOException | IllegalArgumentException | GeneralSecurityException notAToken) {
      return Optional.empty();
    }
  }

  /** True if the answer should carry a new token (spec 01 section 10.6). */
  public boolean due(AccessToken token) {
    return !refresh.isZero()
        && token.expiresAt().map(e -> e.isBefore(clock.instant().plus(refresh))).orElse(false);
  }

  /** Refuses the token from now on, on every node. Part of the caller's transaction. */
  public void revoke(EntityManager em, AccessToken token) {
    em.createNativeQuery("DELETE FROM revoked_access_token WHERE expires_at < ?1")
        .setParameter(1, clock.millis())
        .executeUpdate();
    em.createNativeQuery("DELETE FROM revoked_access_token WHERE token_id = ?1")
        .setParameter(1, token.getTokenID())
        .executeUpdate();
    em.createNativeQuery("INSERT INTO revoked_access_token (token_id, expires_at) VALUES (?1, ?2)")
        .setParameter(1, token.getTokenID())
        .setParameter(2, token.expiresAt().map(Instant::toEpochMilli).orElse(NEVER))
        .executeUpdate();
  }

  private boolean revoked(String tokenId) {
    return transactions.required(
        em ->
            !em.createNativeQuery("SELECT 1 FROM revoked_access_token WHERE token_id = ?1")
                .setParameter(1, tokenId)
                .getResultList()
                .isEmpty());
  }

  private byte[] sign(String keyId, String text) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(keys.privateKey(keyId));
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ES256 is not available", e);
    }
  }

  private boolean signed(String keyId, String text, byte[] value) throws GeneralSecurityException {
    if (!keys.ids().contains(keyId)) {
      return false;
    }
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initVerify(keys.publicKey(keyId));
    signature.update(text.getBytes(StandardCharsets.US_ASCII));
    return signature.verify(value);
  }

  private static String encode(Map<String, Object> members) {
    try {
      return ENCODER.encodeToString(JSON.writeValueAsBytes(members));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("claims are plain values", e);
    }
  }
}
