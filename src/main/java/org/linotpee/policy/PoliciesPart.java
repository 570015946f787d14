package org.linotpee.policy;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.SnapshotPart;

/** Compiles the policies for the snapshot, from the configuration entries; no query of its own. */
@Service
public class PoliciesPart implements SnapshotPart<Policies> {
  static final String PREFIX = "Policy.";

  @Override
  public Class<Policies> type() {
    return Policies.class;
  }

  @Override
  public Policies load(EntityManager em, Configuration configuration) {
    return new Policies(stored(configuration));
  }

  /** The policies among the entries: {@code Policy.<name>.<field>}. */
  static List<PolicyFields> stored(Configuration configuration) {
    var all = new TreeMap<String, Map<String, String>>();
    for (Configuration.Entry entry : configuration.entries()) {
      String[] parts = entry.name().split("\\.", -1);
      if (entry.name().startsWith(PREFIX) && parts.length == 3) {
        all.computeIfAbsent(parts[1], n -> new HashMap<>()).put(parts[2], entry.content());
      }
    }
    var policies = new ArrayList<PolicyFields>();
    all.forEach((name, fields) -> policies.add(PolicyFields.of(name, fields)));
    return policies;
  }
}
