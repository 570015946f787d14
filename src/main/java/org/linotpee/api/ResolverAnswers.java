package org.linotpee.api;

import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserStores;

/** The form in which resolvers are listed (spec 05 section 6.4). */
@Service
public class ResolverAnswers {
  private final Snapshots snapshots;
  private final UserStores stores;
  private final String adminRealm;
  private final String adminResolver;

  @Inject
  public ResolverAnswers(Snapshots snapshots, UserStores stores, Settings settings) {
    this.snapshots = snapshots;
    this.stores = stores;
    this.adminRealm = settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
    this.adminResolver = settings.text(Setting.ADMIN_RESOLVER_NAME);
  }

  /** True if its users are administrators. */
  boolean isAdmin(ResolverDefinition definition) {
    return snapshots.current().part(Realms.class).containing(definition.name()).stream()
        .anyMatch(r -> r.name().equals(adminRealm));
  }

  Map<String, Object> listed(ResolverDefinition definition) {
    var members = new LinkedHashMap<String, Object>();
    members.put("resolvername", definition.name());
    members.put("entry", stores.shownEntry(definition));
    members.put("type", definition.type());
    members.put("spec", definition.spec());
    members.put("admin", isAdmin(definition));
    members.put("immutable", definition.name().equals(adminResolver));
    if (definition.readOnly()) {
      members.put("readonly", true);
    }
    return members;
  }
}
