package org.linotpee.tokenfile;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A token as a file describes it.
 *
 * @param type the name of the token type, in lower case
 * @param seed hexadecimal, or whatever the type takes as key
 * @param description what the token's description shall be
 * @param otpLength characters of a value; empty for the type's default
 * @param counter the next event counter; empty if the file does not tell
 * @param parameters more enrollment parameters, by name
 * @param info members of the token info that are set as they are
 */
public record TokenRecord(
    String serial,
    String type,
    String seed,
    String description,
    Optional<Integer> otpLength,
    Optional<Long> counter,
    Map<String, String> parameters,
    Map<String, String> info) {
  static final String IMPORTED = "imported";

  public TokenRecord {
    Objects.requireNonNull(serial, "a token has a serial number");
    Objects.requireNonNull(type, "a token has a type");
    parameters = Map.copyOf(parameters);
    info = Map.copyOf(info);
  }

  static TokenRecord of(String serial, String type, String seed) {
    return new TokenRecord(
        serial, type, seed, IMPORTED, Optional.empty(), Optional.empty(), Map.of(), Map.of());
  }

  TokenRecord described(String text) {
    return new TokenRecord(serial, type, seed, text, otpLength, counter, parameters, info);
  }

  TokenRecord length(int characters) {
    return new TokenRecord(
        serial, type, seed, description, Optional.of(characters), counter, parameters, info);
  }

  TokenRecord counter(long next) {
    return new TokenRecord(
        serial, type, seed, description, otpLength, Optional.of(next), parameters, info);
  }

  TokenRecord parameter(String name, String value) {
    var more = new java.util.HashMap<>(parameters);
    more.put(name, value);
    return new TokenRecord(serial, type, seed, description, otpLength, counter, more, info);
  }

  TokenRecord info(String name, String value) {
    var more = new java.util.HashMap<>(info);
    more.put(name, value);
    return new TokenRecord(serial, type, seed, description, otpLength, counter, parameters, more);
  }

  /** Without the seed. */
  @Override
  public String toString() {
    return "TokenRecord[" + serial + ", " + type + "]";
  }
}
