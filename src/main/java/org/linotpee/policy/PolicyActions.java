package org.linotpee.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.linotpee.configuration.LinotpException;

/** The actions of a policy one by one, and their text, for editors (spec 07 section 4). */
public final class PolicyActions {
  /**
   * An action with its value.
   *
   * @param value text; of a flag {@code true} or {@code false}
   * @param flag true if it stands alone, without a value
   */
  public record Entry(String name, String value, boolean flag) {}

  private PolicyActions() {}

  /**
   * The actions of a text, in its order.
   *
   * @throws LinotpException -311 if the text cannot be read
   */
  public static List<Entry> of(String text) {
    try {
      var entries = new ArrayList<Entry>();
      for (ActionText.Item item : ActionText.items(text)) {
        boolean flag = item.from() < 0;
        entries.add(new Entry(item.key(), String.valueOf(item.value()), flag));
      }
      return entries;
    } catch (ActionText.Malformed e) {
      throw LinotpException.unclassified("the actions cannot be read: " + e.getMessage());
    }
  }

  /** The text of these actions. */
  public static String text(List<Entry> entries) {
    return entries.stream().map(PolicyActions::text).collect(Collectors.joining(", "));
  }

  private static String text(Entry entry) {
    if (entry.flag()) {
      return (Action.flag(entry.value()) ? "" : "!") + entry.name();
    }
    String value = entry.value().trim();
    boolean needsQuotes = value.indexOf(',') >= 0;
    String quote = value.indexOf('"') >= 0 ? "'" : "\"";
    return entry.name() + "=" + (needsQuotes ? quote + value + quote : value);
  }
}
