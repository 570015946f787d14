package org.linotpee.token;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Randoms;
import org.linotpee.identity.User;
import org.linotpee.policy.PolicyContext;

/**
 * What a request says about the token to be enrolled, with the configuration that fills the gaps.
 *
 * @param values by name, case-sensitive
 * @param policies what they say for its owner or, without one, its realms
 * @param circumstances who gets the token
 */
public record EnrollmentParameters(
    Map<String, String> values,
    Configuration configuration,
    PolicyTexts policies,
    Circumstances circumstances) {
  /** Policies of a token that is going to be. */
  public interface PolicyTexts {
    /** Of tokens about which policies say nothing. */
    PolicyTexts NONE = (scope, action) -> Optional.empty();

    /**
     * The text of an action; empty if no policy sets it.
     *
     * @throws LinotpException -311 if policies contradict each other
     */
    Optional<String> text(String scope, String action);
  }

  private static final int BOTH_KEYS = 344;

  /**
   * Who gets a token.
   *
   * @param owner whom the request names; empty if nobody
   * @param policies the context in which policies about the enrollment are asked
   * @param siblings the tokens that the owner has already, read when they are asked for
   */
  public record Circumstances(
      Optional<User> owner, PolicyContext policies, Supplier<List<Token>> siblings) {
    static final Circumstances NONE =
        new Circumstances(
            Optional.empty(), new PolicyContext(Optional.empty(), Optional.empty(), ""), List::of);
  }

  public EnrollmentParameters {
    values = Map.copyOf(values);
  }

  /** For tokens that are made for nobody in particular. */
  public EnrollmentParameters(Map<String, String> values, Configuration configuration) {
    this(values, configuration, PolicyTexts.NONE, Circumstances.NONE);
  }

  /** The same with other values. */
  EnrollmentParameters with(Map<String, String> other) {
    return new EnrollmentParameters(other, configuration, policies, circumstances);
  }

  /** The text that policies give an action; empty if it is none. */
  public Optional<String> policy(String scope, String action) {
    return policies.text(scope, action).map(String::trim).filter(text -> !text.isEmpty());
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * A number, if the parameter is given.
   *
   * @throws LinotpException -311 if it is none
   */
  public Optional<Integer> number(String name) {
    return text(name)
        .map(
            text -> {
              try {
                return Integer.valueOf(text.trim());
              } catch (NumberFormatException e) {
                throw LinotpException.unclassified("the parameter '" + name + "' must be a number");
              }
            });
  }

  /**
   * True if the server shall make the key.
   *
   * @throws LinotpException -311 if {@code genkey} is neither 0 nor 1
   */
  public boolean generateKey() {
    int value = number("genkey").orElse(0);
    if (value != 0 && value != 1) {
      throw LinotpException.unclassified("the parameter 'genkey' must be 0 or 1");
    }
    return value == 1;
  }

  /**
   * The given or generated key.
   *
   * @param bytes the length of a generated key
   * @throws LinotpException 344 if both are asked for, 905 if neither
   */
  public String key(int bytes) {
    boolean generate = generateKey();
    Optional<String> given = text("otpkey");
    if (generate && given.isPresent()) {
      throw new LinotpException(BOTH_KEYS, "'genkey' and 'otpkey' cannot be used together");
    }
    return generate
        ? Randoms.hex(bytes)
        : given.orElseThrow(() -> LinotpException.missing("otpkey"));
  }

  /** Without the values, among which are secrets. */
  @Override
  public String toString() {
    return "parameters " + values.keySet();
  }
}
