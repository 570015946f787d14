package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/** Finds out which client a request comes from (spec 01 section 5). */
@Service
public class ClientAddress {
  /** The request names a client address that is none; it is answered with HTTP 400. */
  static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable() {
      super("the client address is not an IP address");
    }
  }

  private final Networks trustedProxies;
  private final boolean parameterAllowed;

  @Inject
  public ClientAddress(Settings settings) {
    trustedProxies = new Networks(settings.list(Setting.TRUSTED_PROXIES));
    parameterAllowed = settings.flag(Setting.GET_CLIENT_ADDRESS_FROM_POST_DATA);
  }

  /** True if the sender is a proxy whose headers count. */
  boolean trusted(String peer) {
    return trustedProxies.contains(peer);
  }

  /**
   * The client's address.
   *
   * @param parameter the request's parameter {@code client}, if it has one
   * @throws Unusable if a header or the parameter that counts is no address
   */
  String of(HttpServletRequest request, Configuration configuration, Optional<String> parameter) {
    String address = normal(request.getRemoteAddr());
    if (!trustedProxies.isEmpty()) {
      if (trustedProxies.contains(address)) {
        address = rightmostUntrusted(forwardedFor(request), trustedProxies).orElse(address);
      }
    } else {
      address = byConfiguration(request, configuration, address);
    }
    if (parameterAllowed && parameter.isPresent() && !parameter.get().isEmpty()) {
      List<String> senders = split(configuration.text("mayOverwriteClient").orElse(""));
      if (senders.contains(address)) {
        return checked(parameter.get());
      }
    }
    return checked(address);
  }

  private static String byConfiguration(
      HttpServletRequest request, Configuration configuration, String peer) {
    boolean plain = configuration.flag("client.X_FORWARDED_FOR", false);
    boolean standard = configuration.flag("client.FORWARDED", false);
    if (!plain && !standard) {
      return peer;
    }
    var proxies = new Networks(split(configuration.text("client.FORWARDED_PROXY").orElse("")));
    String address = peer;
    if (plain && proxies.contains(address)) {
      address = rightmostUntrusted(forwardedFor(request), proxies).orElse(address);
    }
    if (standard && proxies.contains(address)) {
      address = forwarded(request.getHeader("Forwarded")).orElse(address);
    }
    return address;
  }

  private static List<String> forwardedFor(HttpServletRequest request) {
    var all = new ArrayList<String>();
    for (String header : Collections.list(request.getHeaders("X-Forwarded-For"))) {
      all.addAll(split(header));
    }
    return all;
  }

  /** A client can write anything in front of what the proxies append, so the walk is backwards. */
  private static Optional<String> rightmostUntrusted(List<String> chain, Networks proxies) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (!proxies.contains(chain.get(i)) || i == 0) {
        return Optional.of(chain.get(i));
      }
    }
    return Optional.empty();
  }

  /** The first {@code for} element of RFC 7239, without port and brackets. */
  static Optional<String> forwarded(String header) {
    if (header == null) {
      return Optional.empty();
    }
    for (String element : header.split("[,;]")) {
      String trimmed = element.trim();
      if (trimmed.toLowerCase(Locale.ROOT).startsWith("for=")) {
        String node = trimmed.substring(4).trim().replace("\"", "");
        if (node.startsWith("[")) {
          int end = node.indexOf(']');
          return Optional.of(end < 0 ? node.substring(1) : node.substring(1, end));
        }
        int colon = node.indexOf(':');
        return Optional.of(
            colon >= 0 && node.indexOf(':', colon + 1) < 0 ? node.substring(0, colon) : node);
      }
    }
    return Optional.empty();
  }

  private static String checked(String address) {
    return Networks.literal(address.trim())
        .map(a -> normal(address.trim()))
        .orElseThrow(Unusable::new);
  }

  /** IPv6 in its short form without a zone, IPv4-mapped addresses as IPv4. */
  private static String normal(String address) {
    int zone = address.indexOf('%');
    String bare = zone < 0 ? address : address.substring(0, zone);
    return bare.equals("0:0:0:0:0:0:0:1") ? "::1" : bare;
  }

  private static List<String> split(String list) {
    return Arrays.stream(list.split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList();
  }
}
