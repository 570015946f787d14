package org.linotpee.api.v2;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.linotpee.api.Parameters;
import org.linotpee.configuration.LinotpException;

/**
 * Which part of a list is asked for.
 *
 * @param number counted from 0
 * @param size records on a page; 0 means all
 */
record Page(int number, int size) {
  /**
   * From {@code page} and {@code pageSize}.
   *
   * @throws LinotpException -311 if one is no number
   */
  static Page of(Parameters parameters, int defaultSize) {
    int size = number(parameters, "pageSize", defaultSize);
    return new Page(size == 0 ? 0 : number(parameters, "page", 0), size);
  }

  private static int number(Parameters parameters, String name, int defaultValue) {
    String text = parameters.textOrEmpty(name).trim();
    if (text.isEmpty()) {
      return defaultValue;
    }
    try {
      return Math.max(0, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("'" + name + "' must be a number");
    }
  }

  /** The page object of answers. */
  Map<String, Object> answer(long total, int shownSize, List<?> records) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("page", number);
    answer.put("pageSize", shownSize);
    answer.put("totalPages", size == 0 ? 1 : (total + size - 1) / size);
    answer.put("totalRecords", total);
    answer.put("pageRecords", records);
    return answer;
  }
}
