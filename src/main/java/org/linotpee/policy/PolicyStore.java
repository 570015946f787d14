package org.linotpee.policy;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;

/** Stores, deletes and imports policies (spec 07 sections 3 and 9). */
@Service
public class PolicyStore {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_]+");
  private static final int BAD_NAME = 8888;
  private static final int MAX_NAME = 200;
  private static final String DESCRIPTION = "a policy definition";
  private static final List<String> REQUIRED = List.of("action", "scope", "realm");

  private final Snapshots snapshots;
  private final ForwardSecrets secrets;

  @Inject
  public PolicyStore(Snapshots snapshots, ForwardSecrets secrets) {
    this.snapshots = snapshots;
    this.secrets = secrets;
  }

  /**
   * Stores a policy as a whole: what is not given gets its default.
   *
   * @param request the fields by name, with {@code name}; others are ignored
   * @param enforce do it even if nobody can change the configuration any more
   * @param within more work for the same transaction
   * @throws LinotpException 905 a field is missing, -311 it cannot be used; nothing changes then
   */
  public void set(Map<String, String> request, boolean enforce, Consumer<EntityManager> within) {
    requireFields(request);
    snapshots.change(
        em -> {
          set(em, request, enforce);
          within.accept(em);
          return null;
        });
  }

  /**
   * Stores several policies, all or none.
   *
   * @throws LinotpException as {@link #set}
   */
  public void setAll(
      List<Map<String, String>> policies, boolean enforce, Consumer<EntityManager> within) {
    policies.forEach(PolicyStore::requireFields);
    snapshots.change(
        em -> {
          policies.forEach(fields -> set(em, fields, enforce));
          within.accept(em);
          return null;
        });
  }

  private static void requireFields(Map<String, String> request) {
    if (!request.containsKey("name")) {
      throw LinotpException.missing("name");
    }
    String name = request.get("name");
    if (name.isEmpty()) {
      throw LinotpException.unclassified("The name of the policy must not be empty");
    }
    for (String field : REQUIRED) {
      if (!request.containsKey(field)) {
        throw LinotpException.missing(field);
      }
    }
    if (request.get("action").isEmpty()) {
      throw LinotpException.unclassified("a policy needs a name and an action");
    }
    if (!NAME.matcher(name).matches() || name.length() > MAX_NAME) {
      throw LinotpException.unclassified(
          "the name of a policy may only contain the characters a-z, A-Z, 0-9 and _");
    }
    for (String field : REQUIRED) {
      if (request.get(field).isEmpty()) {
        throw LinotpException.unclassified("the " + field + " of policy '" + name + "' is empty");
      }
    }
  }

  /**
   * What {@link #set} would refuse at this moment; nothing is stored.
   *
   * @throws LinotpException as {@link #set}
   */
  public void check(Map<String, String> request, boolean enforce) {
    requireFields(request);
    var all = new TreeMap<String, PolicyFields>();
    PoliciesPart.stored(snapshots.current().configuration()).forEach(p -> all.put(p.name(), p));
    checked(request, enforce, all);
  }

  /** The fields as they are stored, if they can be used. */
  private Map<String, String> checked(
      Map<String, String> request, boolean enforce, Map<String, PolicyFields> all) {
    String name = request.get("name");
    var stored = new HashMap<String, String>();
    for (String field : PolicyFields.NAMES) {
      stored.put(field, request.getOrDefault(field, ""));
    }
    stored.put("active", active(request.getOrDefault("active", ""), name));
    PolicyFields fields = PolicyFields.of(name, stored);
    if (fields.scope().equals("system") && !enforce) {
      requireWriter(all, fields);
    }
    if (snapshots.current().configuration().flag("policy_action_validation", false)) {
      try {
        PolicyCatalogue.check(name, fields.scope(), ActionText.items(fields.action()));
      } catch (ActionText.Malformed e) {
        throw LinotpException.unclassified(
            "the action of policy '" + name + "' cannot be read: " + e.getMessage());
      }
    }
    Policy.compile(fields);
    return stored;
  }

  private void set(EntityManager em, Map<String, String> request, boolean enforce) {
    String name = request.get("name");
    Map<String, String> stored = checked(request, enforce, stored(em));
    stored.put("action", secrets.sealed(stored.get("action")));
    stored.forEach((field, value) -> store(em, key(name, field), value));
  }

  private static String active(String text, String name) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "", "true", "1", "yes", "on" -> "True";
      case "false", "0", "no", "off" -> "False";
      default ->
          throw LinotpException.unclassified(
              "'active' of policy '" + name + "' must be True or False, not '" + text + "'");
    };
  }

  private static String key(String name, String field) {
    return PoliciesPart.PREFIX + name + "." + field;
  }

  private static void store(EntityManager em, String key, String value) {
    var entry = em.find(ConfigurationEntry.class, key);
    if (entry == null) {
      em.persist(new ConfigurationEntry(key, value, "", DESCRIPTION));
    } else {
      entry.update(value, "", DESCRIPTION);
    }
  }

  /** Section 9: whoever changes system policies must leave somebody who can change them again. */
  private static void requireWriter(Map<String, PolicyFields> stored, PolicyFields changed) {
    var all = new TreeMap<String, PolicyFields>(stored);
    all.put(changed.name(), changed);
    List<PolicyFields> system =
        all.values().stream().filter(p -> p.isActive() && p.scope().equals("system")).toList();
    boolean writable =
        system.isEmpty()
            || system.stream()
                .flatMap(p -> Arrays.stream(p.action().split(",")))
                .map(String::trim)
                .anyMatch(action -> action.equals("write") || action.equals("*"));
    String reason =
        changed.user().isBlank()
            ? "no user defined"
            : changed.realm().isBlank()
                ? "no realm defined"
                : writable ? "" : "no policy is left that allows to write";
    if (!reason.isEmpty()) {
      throw LinotpException.unclassified(
          "Warning: potential lockout: with this change of the system policy '"
              + changed.name()
              + "' nobody could change the configuration any more: "
              + reason
              + ". Add enforce=true to do it nevertheless.");
    }
  }

  private static Map<String, PolicyFields> stored(EntityManager em) {
    var entries =
        em.createQuery(
                "SELECT e FROM ConfigurationEntry e WHERE e.name LIKE 'Policy.%'",
                ConfigurationEntry.class)
            .getResultStream()
            .map(e -> new Configuration.Entry(e.name(), e.content(), e.type(), e.description()))
            .toList();
    var policies = new TreeMap<String, PolicyFields>();
    PoliciesPart.stored(new Configuration(entries)).forEach(p -> policies.put(p.name(), p));
    return policies;
  }

  /** The fields as the audit trail may show them: without secrets. */
  public static String described(Map<String, String> fields) {
    return fields.toString().replaceAll("secret=[^&\\s,\"'}]*", "secret=***");
  }

  /**
   * Deletes policies; unknown ones are no error.
   *
   * @return the names of the configuration entries that are gone
   * @throws LinotpException 8888 if a name could not be one, -311 as {@link #set}; nothing changes
   *     then
   */
  public List<String> delete(List<String> names, boolean enforce, Consumer<EntityManager> within) {
    for (String name : names) {
      if (!NAME.matcher(name).matches()) {
        throw new LinotpException(BAD_NAME, "the name '" + name + "' is none of a policy");
      }
    }
    return snapshots.change(
        em -> {
          var removed = new LinkedHashMap<String, Boolean>();
          for (String name : names) {
            PolicyFields fields = stored(em).get(name);
            if (fields != null) {
              if (fields.scope().equals("system") && !enforce) {
                requireWriter(stored(em), fields.inactive());
              }
              for (String field : PolicyFields.NAMES) {
                var entry = em.find(ConfigurationEntry.class, key(name, field));
                if (entry != null) {
                  em.remove(entry);
                  removed.put(key(name, field), true);
                }
              }
              em.flush();
            }
          }
          within.accept(em);
          return List.copyOf(removed.keySet());
        });
  }

  /**
   * Stores all policies of a file, or none; those of other names stay.
   *
   * @return how many there are in the file
   * @throws LinotpException if anything in it cannot be used
   */
  public int load(String text, Consumer<EntityManager> within) {
    if (text.isBlank()) {
      throw LinotpException.unclassified("Error reading file. The file is empty.");
    }
    Map<String, Map<String, String>> policies = PolicyFile.read(text);
    policies.forEach(
        (name, fields) -> {
          for (String required : List.of("action", "scope")) {
            if (!fields.containsKey(required)) {
              throw LinotpException.unclassified(
                  "the policy '" + name + "' in the file has no '" + required + "'");
            }
          }
          fields.put("name", name);
          for (String open : List.of("realm", "user", "time", "client")) {
            if (fields.getOrDefault(open, "").isEmpty()) {
              fields.put(open, "*");
            }
          }
          requireFields(fields);
        });
    snapshots.change(
        em -> {
          policies.values().forEach(fields -> set(em, fields, true));
          within.accept(em);
          return null;
        });
    return policies.size();
  }
}
