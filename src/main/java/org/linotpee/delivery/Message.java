package org.linotpee.delivery;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a user is to receive. What the parts mean depends on the {@link ProviderType}:
 *
 * <table>
 *   <caption>Parts of a message</caption>
 *   <tr><th></th><th>recipient</th><th>text</th><th>context</th></tr>
 *   <tr><td>SMS</td><td>telephone number</td><td>the finished text</td><td>not used</td></tr>
 *   <tr><td>EMAIL</td><td>address</td><td>policy {@code emailtext}, or {@code <otp>}</td>
 *     <td>replacements: {@code otp}, {@code serial}, attributes of the owner</td></tr>
 *   <tr><td>VOICE</td><td>telephone number</td><td>policy {@code voice_message}, or {@code {otp}}
 *     </td><td>{@code otp}, {@code locale}</td></tr>
 *   <tr><td>PUSH</td><td>address of the device (gda)</td><td>the challenge</td>
 *     <td>{@code transactionid}</td></tr>
 * </table>
 *
 * @param recipient where it goes
 * @param text a secret: it holds a one-time password
 * @param subject of an e-mail; empty leaves it to the provider
 * @param context values by name; they are data, never evaluated
 */
public record Message(
    String recipient, String text, Optional<String> subject, Map<String, String> context) {
  /** The one-time password, for e-mail and voice. */
  public static final String OTP = "otp";

  /** A new PIN, for e-mail. */
  public static final String PIN = "Pin";

  /** The token's serial number. */
  public static final String SERIAL = "serial";

  /** The language in which a voice service speaks. */
  public static final String LOCALE = "locale";

  /** The transaction that a push message belongs to. */
  public static final String TRANSACTION = "transactionid";

  public Message {
    var known = new HashMap<>(context);
    known.values().removeIf(Objects::isNull);
    context = Collections.unmodifiableMap(known);
  }

  /** A text for a telephone. */
  public static Message sms(String number, String text) {
    return new Message(number, text, Optional.empty(), Map.of());
  }

  /** Without text and values: they are secrets. */
  @Override
  public String toString() {
    return "message to " + Phones.masked(recipient);
  }
}
