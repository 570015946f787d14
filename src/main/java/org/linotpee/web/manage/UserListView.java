package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.linotpee.administration.UserList;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.Actions;
import org.linotpee.web.ListView;
import org.linotpee.web.Messages;

/** The list of users (spec 10 section 2.3). */
@Named
@ViewScoped
public class UserListView extends ListView<UserRow> {
  private static final long serialVersionUID = 1L;
  private static final List<String> FIELDS =
      List.of(
          UserList.ANY,
          "username",
          "surname",
          "givenname",
          "userid",
          "email",
          "mobile",
          "phone",
          "description");

  @Inject private transient UserList users;
  @Inject private transient AdminRights rights;
  @Inject private transient Snapshots snapshots;
  @Inject private Messages messages;
  @Inject private Actions actions;

  private String q = "";
  private String field = UserList.ANY;
  private String realm = "";
  private String resolver = "";

  public UserListView() {
    super(
        List.of(
            new Column("username", "username", true),
            new Column("surname", "surname", true),
            new Column("givenname", "givenname", true),
            new Column("email", "email", true),
            new Column("mobile", "mobile", true),
            new Column("phone", "phone", false),
            new Column("userid", "userid", false),
            new Column("resolver", "resolver", true)),
        "username");
  }

  private UserList.Query query(String sortKey, boolean descending) {
    return new UserList.Query(getRealm(), resolver, field, q, sortKey, descending);
  }

  @Override
  protected Found<UserRow> find(Slice slice) {
    if (getRealms().isEmpty()) {
      return new Found<>(List.of(), 0);
    }
    UserList.Part part =
        users.page(query(slice.sortKey(), slice.descending()), slice.number(), slice.size());
    part.unavailable().forEach(name -> messages.error("users.unavailable", name));
    return new Found<>(part.users().stream().map(UserRow::of).toList(), part.total());
  }

  @Override
  protected void all(String sortKey, boolean descending, Consumer<UserRow> reader) {
    users.each(query(sortKey, descending), user -> reader.accept(UserRow.of(user)));
  }

  /** The export is told in the audit trail, as that of the HTTP interface. */
  @Override
  public void export() {
    if (actions.perform("admin/userlist", audit -> audit.success(true).info("export"))) {
      super.export();
    }
  }

  @Override
  protected String key(UserRow row) {
    return row.resolver() + "/" + row.userid();
  }

  @Override
  protected String cell(UserRow row, String column) {
    return row.cell(column);
  }

  @Override
  protected Map<String, String> filters() {
    var filters = new LinkedHashMap<String, String>();
    filters.put("realm", realm);
    filters.put("resolver", resolver);
    filters.put("field", field.equals(UserList.ANY) ? "" : field);
    filters.put("q", q);
    return filters;
  }

  @Override
  public String getTexts() {
    return "users";
  }

  /** The realms whose users may be listed. */
  public List<String> getRealms() {
    return List.copyOf(rights.of("userlist").existing());
  }

  /** The resolvers of the realm. */
  public List<String> getResolvers() {
    return realms().named(getRealm()).stream()
        .flatMap(r -> r.resolvers().stream())
        .map(d -> d.name())
        .toList();
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  /** What can be searched. */
  public List<String> getFields() {
    return FIELDS;
  }

  /** The chosen realm, else the default one, else the first. */
  public String getRealm() {
    if (!realm.isEmpty()) {
      return realm;
    }
    List<String> allowed = getRealms();
    String standard = realms().defaultRealm();
    return allowed.contains(standard) || allowed.isEmpty() ? standard : allowed.get(0);
  }

  public void setRealm(String name) {
    realm = name == null ? "" : name.trim();
  }

  public String getResolver() {
    return resolver;
  }

  public void setResolver(String name) {
    resolver = name == null ? "" : name.trim();
  }

  public String getQ() {
    return q;
  }

  public void setQ(String text) {
    q = text == null ? "" : text.trim();
  }

  public String getField() {
    return field;
  }

  public void setField(String name) {
    field = FIELDS.contains(name) ? name : UserList.ANY;
  }
}
