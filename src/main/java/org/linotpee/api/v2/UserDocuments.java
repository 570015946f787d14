package org.linotpee.api.v2;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.linotpee.api.Parameters;

/** Users as {@code /api/v2} shows and finds them. */
final class UserDocuments {
  private static final Set<String> FIELDS =
      Set.of(
          "username",
          "userid",
          "surname",
          "givenname",
          "email",
          "mobile",
          "phone",
          "description",
          "searchTerm");

  private UserDocuments() {}

  /** A user; empty attributes are null. */
  static Map<String, Object> document(
      Map<String, String> attributes, String resolverType, String resolverName) {
    var document = new LinkedHashMap<String, Object>();
    document.put("userId", attributes.get("userid"));
    document.put("resolverClass", resolverType);
    document.put("resolverName", resolverName);
    document.put("username", orNull(attributes, "username"));
    document.put("surname", orNull(attributes, "surname"));
    document.put("givenName", orNull(attributes, "givenname"));
    document.put("email", orNull(attributes, "email"));
    document.put("mobile", orNull(attributes, "mobile"));
    document.put("phone", orNull(attributes, "phone"));
    return document;
  }

  private static String orNull(Map<String, String> attributes, String name) {
    String value = attributes.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** The parameters that are conditions on users; {@code username=*} if there are none. */
  static Map<String, String> conditions(Parameters parameters) {
    var conditions = new LinkedHashMap<String, String>();
    parameters
        .map()
        .forEach(
            (name, value) -> {
              String field = name.equals("givenName") ? "givenname" : name;
              field = field.equals("userId") ? "userid" : field;
              if (FIELDS.contains(field) && !value.isEmpty()) {
                conditions.put(field, value);
              }
            });
    if (conditions.isEmpty()) {
      conditions.put("username", "*");
    }
    return conditions;
  }
}
