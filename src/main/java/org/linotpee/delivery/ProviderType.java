package org.linotpee.delivery;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of providers, and the names under which clients know their classes. */
public enum ProviderType {
  SMS(
      "SMS",
      "HttpSMSProvider SmtpSMSProvider SMPPSMSProvider DeviceSMSProvider RestSMSProvider"
          + " FileSMSProvider",
      "smsprovider linotp.provider.smsprovider"),
  EMAIL("Email", "SMTPEmailProvider", "linotp.provider.emailprovider linotp.lib.emailprovider"),
  PUSH("Push", "DefaultPushProvider", "linotp.provider linotp.lib.pushprovider"),
  VOICE(
      "Voice",
      "CustomVoiceProvider",
      "linotp.provider linotp.provider.voiceprovider.custom_voice_provider");

  /** A historical name of the e-mail class. */
  private static final String OLD_EMAIL_CLASS = "emailprovider.HttpemailProvider.HttpSMSProvider";

  private final String prefix;
  private final String classes;
  private final String packages;

  ProviderType(String prefix, String classes, String packages) {
    this.prefix = prefix;
    this.classes = classes;
    this.packages = packages;
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

  /** The bare name of a class; empty if it is none of this type. */
  public Optional<String> className(String spelling) {
    if (this == EMAIL && spelling.equals(OLD_EMAIL_CLASS)) {
      return Optional.of("SMTPEmailProvider");
    }
    String bare = spelling.substring(spelling.lastIndexOf('.') + 1);
    if (!List.of(classes.split(" ")).contains(bare)) {
      return Optional.empty();
    }
    boolean known =
        spelling.equals(bare)
            || Arrays.stream(packages.split(" "))
                .anyMatch(
                    p ->
                        spelling.equals(p + "." + bare)
                            || spelling.equals(p + "." + bare + "." + bare));
    return known ? Optional.of(bare) : Optional.empty();
  }
}
