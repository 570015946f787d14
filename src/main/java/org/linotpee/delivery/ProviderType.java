package org.linotpee.delivery;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kinds of providers. */
public enum ProviderType {
  SMS("SMS", "smsprovider.HttpSMSProvider.HttpSMSProvider", "SMSProviderTimeout", "300"),
  EMAIL("Email", "linotp.provider.emailprovider.SMTPEmailProvider", "EmailBlockingTimeout", "120"),
  PUSH("Push", "", "", ""),
  VOICE("Voice", "", "", "");

  private final String prefix;
  private final String legacyClass;
  private final String legacyTimeoutEntry;
  private final String legacyTimeout;

  ProviderType(String prefix, String legacyClass, String legacyTimeoutEntry, String legacyTimeout) {
    this.prefix = prefix;
    this.legacyClass = legacyClass;
    this.legacyTimeoutEntry = legacyTimeoutEntry;
    this.legacyTimeout = legacyTimeout;
  }

  /** The type of a request's name, in lower case. */
  public static Optional<ProviderType> named(String name) {
    for (ProviderType type : values()) {
      if (type.key().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The name in requests: {@code sms}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How configuration entries of the type begin: {@code SMSProvider}. */
  String entry() {
    return prefix + "Provider";
  }

  /** The entry that names the default provider. */
  String defaultEntry() {
    return "Provider.Default." + key() + "_provider";
  }

  /** The action by which policies choose providers of the type. */
  String action() {
    return key() + "_provider";
  }

  /** The further names of a class of SMS gateways (spec 11 section 1.3). */
  public static Set<String> smsSpellings(String bare) {
    return Set.of(
        "smsprovider." + bare,
        "smsprovider." + bare + "." + bare,
        "linotp.provider.smsprovider." + bare);
  }

  /** True if there was one nameless provider of the type in old configurations. */
  boolean hasLegacy() {
    return !legacyClass.isEmpty();
  }

  /** The class that this had unless an entry said otherwise. */
  String legacyClass() {
    return legacyClass;
  }

  /** The entry with its timeout. */
  String legacyTimeoutEntry() {
    return legacyTimeoutEntry;
  }

  /** The timeout, in seconds, where the entry is missing. */
  String legacyTimeout() {
    return legacyTimeout;
  }
}
