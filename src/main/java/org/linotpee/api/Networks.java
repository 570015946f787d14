package org.linotpee.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A list of addresses, CIDR networks and host names, IPv4 and IPv6. */
final class Networks {
  private record Network(byte[] address, int bits) {}

  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final List<Network> networks = new ArrayList<>();

  /** Items that mean nothing are left out. */
  Networks(List<String> items) {
    for (String item : items) {
      network(item.trim()).ifPresent(networks::add);
    }
  }

  boolean isEmpty() {
    return networks.isEmpty();
  }

  boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return networks.stream().anyMatch(n -> within(bytes, n));
  }

  boolean contains(String address) {
    return literal(address).map(this::contains).orElse(false);
  }

  /** The address of a literal; never asks the name service. */
  static Optional<InetAddress> literal(String text) {
    if (!LITERAL.matcher(text).matches()
        || (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3)) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static Optional<Network> network(String item) {
    if (item.isEmpty()) {
      return Optional.empty();
    }
    int slash = item.indexOf('/');
    String host = slash < 0 ? item : item.substring(0, slash);
    try {
      byte[] address = InetAddress.getByName(host).getAddress();
      int bits = slash < 0 ? address.length * 8 : Integer.parseInt(item.substring(slash + 1));
      return bits < 0 || bits > address.length * 8
          ? Optional.empty()
          : Optional.of(new Network(address, bits));
    } catch (UnknownHostException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean within(byte[] address, Network network) {
    if (address.length != network.address().length) {
      return false;
    }
    for (int bit = 0; bit < network.bits(); bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((address[bit / 8] & mask) != (network.address()[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
