package org.linotpee.delivery;

import java.util.List;
import java.util.Set;
import org.linotpee.configuration.LinotpException;

/**
 * A kind of gateway; CDI finds the implementations. An operator's own class is found by its Java
 * class name, too.
 */
public interface ProviderClass {
  /** The type whose messages it takes. */
  ProviderType type();

  /** The bare name in {@code class} of a provider: {@code HttpSMSProvider}. */
  String name();

  /** Further names under which clients know the class (spec 11 section 1.3). */
  default Set<String> spellings() {
    return Set.of();
  }

  /** The settings that it understands. */
  List<Option> options();

  /**
   * A setting.
   *
   * @param kind {@code string}, {@code number}, {@code boolean}, {@code object} or {@code array}
   */
  record Option(String name, String kind, boolean required, String description) {
    /** A setting that may be left out. */
    public static Option of(String name, String kind, String description) {
      return new Option(name, kind, false, description);
    }

    /** A setting without which nothing can be sent. */
    public static Option required(String name, String kind, String description) {
      return new Option(name, kind, true, description);
    }
  }

  /**
   * Makes the gateway from its settings; contacts nobody.
   *
   * @throws LinotpException -311 if the settings cannot be used; the message names the key and
   *     holds no secret
   */
  Provider open(ProviderSettings settings);
}
