package org.linotpee.delivery.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.GatewayTls;
import org.linotpee.delivery.ProviderClass.Option;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.Timeouts;

/** Settings that several classes have, and what they make. */
final class CommonOptions {
  /** Of SMS gateways over HTTP. */
  static final List<Option> SMS =
      List.of(
          Option.of("USERNAME", "string", "login at the gateway"),
          Option.of("PASSWORD", "string", "its password"),
          Option.of("HEADERS", "object", "additional headers"),
          Option.of("PROXY", "string", "URL of an HTTP or SOCKS proxy, or an object by scheme"),
          Option.of("SERVER_CERTIFICATE", "string", "trusted certificates, PEM; false: any"),
          Option.of("CLIENT_CERTIFICATE_FILE", "string", "certificate and key, PEM"),
          Option.of("TIMEOUT", "string", "seconds, or \"connect,read\""),
          Option.of("MSISDN", "boolean", "keep only the digits of numbers"),
          Option.of("DROP_TRUNK_ZERO", "boolean", "leave out (0)"),
          Option.of("SUPPRESS_PREFIX", "string", "cut off the beginning of numbers"));

  /** Of push and voice services. */
  static final List<Option> SERVICE =
      List.of(
          Option.of("access_certificate", "string", "certificate and key, PEM"),
          Option.of("server_certificate", "string", "trusted certificates, PEM; false: any"),
          Option.of("proxy", "string", "URL of an HTTP proxy"),
          Option.of("timeout", "string", "seconds, or \"connect,read\""));

  private CommonOptions() {}

  /**
   * The way to an SMS gateway.
   *
   * @param authentication the key that says how to log in: basic, the default, or digest
   * @param otherwise the login that counts if the settings have none
   * @throws LinotpException -311 if the settings cannot be used
   */
  static HttpGateway sms(
      Tls tls,
      ProviderSettings settings,
      Timeouts timeouts,
      String authentication,
      Optional<Login> otherwise) {
    String kind = settings.text(authentication).orElse("basic").toLowerCase(Locale.ROOT);
    if (!kind.equals("basic") && !kind.equals("digest")) {
      throw ProviderSettings.unusable(authentication, "has to be basic or digest");
    }
    Optional<String> user = settings.text("USERNAME");
    Optional<String> password = settings.text("PASSWORD");
    Optional<Login> login =
        user.flatMap(name -> password.map(secret -> new Login(name, secret)))
            .or(() -> user.isPresent() || password.isPresent() ? Optional.empty() : otherwise);
    return new HttpGateway(
        new HttpGateway.Options(
            timeouts,
            GatewayTls.of(tls, settings, "SERVER_CERTIFICATE", "CLIENT_CERTIFICATE_FILE", ""),
            Proxies.of(settings),
            login,
            kind.equals("digest")));
  }
}
