package org.linotpee.identity;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.SnapshotPart;

/** Reads realms and resolvers for the snapshot, in three queries. */
@Service
public class RealmsPart implements SnapshotPart<Realms> {
  @Override
  public Class<Realms> type() {
    return Realms.class;
  }

  @Override
  public Realms load(EntityManager em, Configuration configuration) {
    Map<Long, ResolverDefinition> resolvers = new HashMap<>();
    em.createQuery("SELECT r FROM ResolverRow r", ResolverRow.class)
        .getResultList()
        .forEach(row -> resolvers.put(row.id(), row.definition()));
    Map<Long, List<ResolverDefinition>> members = new HashMap<>();
    em.createQuery("SELECT m FROM RealmResolverRow m ORDER BY m.rank", RealmResolverRow.class)
        .getResultList()
        .forEach(
            m ->
                members
                    .computeIfAbsent(m.realmId(), id -> new ArrayList<>())
                    .add(resolvers.get(m.resolverId())));
    List<Realms.Realm> realms =
        em.createQuery("SELECT r FROM RealmRow r", RealmRow.class)
            .getResultStream()
            .map(
                row ->
                    new Realms.Realm(
                        row.id(), row.name(), members.getOrDefault(row.id(), List.of())))
            .toList();
    return new Realms(realms, resolvers.values(), configuration.text("DefaultRealm").orElse(""));
  }
}
