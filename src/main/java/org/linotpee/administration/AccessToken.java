package org.linotpee.administration;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** A verified access token; the principal of the request. */
public final class AccessToken implements JsonWebToken {
  static final String ISSUER = "linotp-ee";

  private final String compact;
  private final JsonNode claims;

  AccessToken(String compact, JsonNode claims) {
    this.compact = compact;
    this.claims = claims;
  }

  /** The administrator it speaks of. */
  public Administrator administrator() {
    return new Administrator(text("upn"), text("realm"), text("resolver"));
  }

  /** The value that requests which change something must repeat. */
  public String csrf() {
    return text("csrf");
  }

  /** When it ends; empty if never. */
  public Optional<Instant> expiresAt() {
    return claims.has("exp")
        ? Optional.of(Instant.ofEpochSecond(claims.path("exp").asLong()))
        : Optional.empty();
  }

  boolean validAt(Instant now) {
    return text("type").equals("access")
        && text("iss").equals(ISSUER)
        && !text("jti").isEmpty()
        && claims.path("nbf").asLong(Long.MAX_VALUE) <= now.getEpochSecond() + 1
        && expiresAt().map(now::isBefore).orElse(true);
  }

  private String text(String claim) {
    return claims.path(claim).asText("");
  }

  @Override
  public String getName() {
    return administrator().toString();
  }

  @Override
  public Set<String> getClaimNames() {
    var names = new LinkedHashSet<String>();
    claims.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the interface wants it
  public <T> T getClaim(String name) {
    if (name.equals("raw_token")) {
      return (T) compact;
    }
    JsonNode claim = claims.get(name);
    if (claim == null) {
      return null;
    }
    if (claim.isNumber()) {
      return (T) Long.valueOf(claim.asLong());
    }
    return (T) (claim.isBoolean() ? Boolean.valueOf(claim.asBoolean()) : claim.asText());
  }

  @Override
  public String getTokenID() {
    return text("jti");
  }

  @Override
  public Set<String> getGroups() {
    return Set.of(text("realm"));
  }

  @Override
  public long getExpirationTime() {
    return claims.path("exp").asLong(0);
  }

  @Override
  public long getIssuedAtTime() {
    return claims.path("iat").asLong(0);
  }

  /** Names the holder; the token itself is a secret. */
  @Override
  public String toString() {
    return "access token of " + getName();
  }
}
