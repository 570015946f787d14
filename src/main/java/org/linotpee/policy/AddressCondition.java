package org.linotpee.policy;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;

/** Addresses, networks and host names of clients (spec 07 section 5.4). */
final class AddressCondition {
  private static final Logger LOG = System.getLogger(AddressCondition.class.getName());
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?");
  private static final long MEMORY = Duration.ofMinutes(1).toNanos();
  private static final long PATIENCE_MILLIS = 1000;

  private final List<Element> elements = new ArrayList<>();
  private final boolean everything;

  AddressCondition(String text) {
    boolean star = text.isBlank();
    for (String part : text.split(",")) {
      String element = part.trim();
      if (element.equals("*")) {
        star = true;
      } else if (!element.isEmpty()) {
        elements.add(element(element));
      }
    }
    everything = star;
  }

  /** True if nothing but {@code *} is asked for, so that an unknown client is as good as any. */
  boolean everything() {
    return everything;
  }

  Rank rank(String client) {
    return rank(Optional.ofNullable(literal(client)));
  }

  /** The address that a text writes; empty if it writes none. */
  static Optional<InetAddress> parse(String client) {
    return Optional.ofNullable(literal(client));
  }

  /**
   * @param client empty if it is not known
   */
  Rank rank(Optional<InetAddress> client) {
    if (elements.isEmpty()) {
      return everything ? Rank.WILDCARD : Rank.NONE;
    }
    InetAddress address = client.orElse(null);
    boolean named = false;
    for (Element element : elements) {
      if (address != null && element.contains(address)) {
        if (element.negated) {
          return Rank.NONE;
        }
        named = true;
      }
    }
    return everything ? Rank.WILDCARD : named ? Rank.EXACT : Rank.NONE;
  }

  private static final class Element {
    private final boolean negated;
    private final boolean all;
    private final String host;
    private final int prefix;
    private volatile List<InetAddress> addresses;
    private volatile long resolvedAt;

    Element(boolean negated, boolean all, String host, InetAddress address, int prefix) {
      this.negated = negated;
      this.all = all;
      this.host = host;
      this.prefix = prefix;
      this.addresses = address == null ? List.of() : List.of(address);
      this.resolvedAt = System.nanoTime() - MEMORY - 1;
    }

    boolean contains(InetAddress client) {
      if (all) {
        return true;
      }
      for (InetAddress address : host == null ? addresses : resolved()) {
        byte[] one = address.getAddress();
        byte[] other = client.getAddress();
        if (one.length == other.length
            && sameBits(one, other, prefix < 0 ? one.length * 8 : prefix)) {
          return true;
        }
      }
      return false;
    }

    /** Once known, a request does not wait for the name service: it uses what was known. */
    private List<InetAddress> resolved() {
      if (System.nanoTime() - resolvedAt > MEMORY && !addresses.isEmpty()) {
        resolvedAt = System.nanoTime();
        ForkJoinPool.commonPool().execute(() -> addresses = lookUp(host));
      } else if (System.nanoTime() - resolvedAt > MEMORY) {
        try {
          addresses =
              CompletableFuture.supplyAsync(() -> lookUp(host))
                  .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
          LOG.log(Level.WARNING, "the client ''{0}'' of a policy cannot be resolved", host);
          addresses = List.of();
        }
        resolvedAt = System.nanoTime();
      }
      return addresses;
    }

    private static List<InetAddress> lookUp(String host) {
      try {
        return List.of(InetAddress.getAllByName(host));
      } catch (UnknownHostException e) {
        LOG.log(Level.WARNING, "the client ''{0}'' of a policy cannot be resolved", host);
        return List.of();
      }
    }
  }

  private static boolean sameBits(byte[] one, byte[] other, int bits) {
    for (int bit = 0; bit < bits; bit++) {
      if (((one[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Element element(String text) {
    boolean negated = text.startsWith("!") || text.startsWith("-");
    String bare = negated ? text.substring(1).trim() : text;
    if (bare.equals("*")) {
      return new Element(negated, true, null, null, -1);
    }
    int slash = bare.indexOf('/');
    String host = slash < 0 ? bare : bare.substring(0, slash);
    InetAddress address = literal(host);
    int prefix = slash < 0 ? -1 : prefix(bare.substring(slash + 1), text);
    int most = address == null ? 128 : address.getAddress().length * 8;
    if (prefix > most || (address == null && !isHostName(host))) {
      throw LinotpException.unclassified(
          "the client '" + text + "' is no address, network or host name");
    }
    return new Element(negated, false, address == null ? host : null, address, prefix);
  }

  private static boolean isHostName(String text) {
    return HOST.matcher(text).matches() && !text.matches("[0-9.\\-]+");
  }

  private static int prefix(String text, String whole) {
    if (text.matches("\\d{1,3}")) {
      return Integer.parseInt(text);
    }
    InetAddress mask = literal(text);
    if (mask != null) {
      int bits = 0;
      byte[] bytes = mask.getAddress();
      while (bits < bytes.length * 8 && (bytes[bits / 8] & (0x80 >> (bits % 8))) != 0) {
        bits++;
      }
      return bits;
    }
    throw LinotpException.unclassified("the client '" + whole + "' has no network mask");
  }

  /** The address that a text writes, IPv4 also if it is mapped to IPv6; null if it writes none. */
  private static InetAddress literal(String text) {
    boolean colon = text.indexOf(':') >= 0;
    if (colon ? !text.matches("[0-9a-fA-F:.]+") : !IPV4.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
