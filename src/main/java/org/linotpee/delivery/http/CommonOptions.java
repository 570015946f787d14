package org.linotpee.delivery.http;

import java.util.List;
import org.linotpee.delivery.ProviderClass.Option;

/** Settings that several classes have. */
final class CommonOptions {
  /** Of SMS gateways over HTTP. */
  static final List<Option> SMS =
      List.of(
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
}
