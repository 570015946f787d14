package org.linotpee.gsm.at;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.linotpee.gsm.ReceivedMessage;
import org.linotpee.gsm.pdu.DeliverPdu;

/** Puts the parts of long received messages together. Bounded; used by one thread. */
final class PartsBox {
  private static final int MAX_MESSAGES = 50;

  private record Key(String sender, int reference, int parts) {}

  private record Part(DeliverPdu pdu, int index) {}

  /** A message and where its parts lie in the modem's memory. */
  record Whole(ReceivedMessage message, List<Integer> indices) {}

  private final Map<Key, TreeMap<Integer, Part>> waiting = new LinkedHashMap<>();

  /**
   * Adds a part.
   *
   * @param index where it lies, or -1
   * @return the message, if this was the last missing part
   */
  Optional<Whole> add(String device, DeliverPdu pdu, int index) {
    var key = new Key(pdu.sender(), pdu.reference(), pdu.parts());
    TreeMap<Integer, Part> parts = waiting.computeIfAbsent(key, k -> new TreeMap<>());
    parts.put(pdu.part(), new Part(pdu, index));
    if (parts.size() < pdu.parts()) {
      Iterator<Key> oldest = waiting.keySet().iterator();
      while (waiting.size() > MAX_MESSAGES) {
        oldest.next();
        oldest.remove();
      }
      return Optional.empty();
    }
    waiting.remove(key);
    var text = new StringBuilder();
    var indices = new ArrayList<Integer>();
    for (Part part : parts.values()) {
      text.append(part.pdu().text());
      if (part.index() >= 0) {
        indices.add(part.index());
      }
    }
    return Optional.of(
        new Whole(
            new ReceivedMessage(device, pdu.sender(), pdu.sentAt(), text.toString()), indices));
  }

  void clear() {
    waiting.clear();
  }
}
