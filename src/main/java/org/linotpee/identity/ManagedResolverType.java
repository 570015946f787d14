package org.linotpee.identity;

import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.Passwords;

/**
 * Users in our own table {@code managed_user}: to clients an SQL resolver that is {@code readonly}
 * (spec 05 section 12).
 */
@Service
public class ManagedResolverType implements ResolverType {
  /** Columns of user lists to columns of the entity, for searches. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "userid", "userId",
          "username", "username",
          "phone", "phone",
          "mobile", "mobile",
          "email", "email",
          "surname", "surname",
          "givenname", "givenName");

  private static final int BLOCK = 1000;

  private final Transactions transactions;

  @Inject
  public ManagedResolverType(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public String name() {
    return "sqlresolver";
  }

  @Override
  public boolean serves(ResolverDefinition definition) {
    return definition.managed();
  }

  @Override
  public String shownParameter() {
    return "Where";
  }

  @Override
  public Resolver open(ResolverDefinition definition) {
    return new Managed(definition);
  }

  @Override
  public Map<String, ResolverDefinition.Parameter> configure(
      String name, Map<String, String> sent) {
    throw LinotpException.unclassified(
        "managed resolvers are made by importing users, not by setResolver");
  }

  /** The parameters that clients see of a managed resolver. */
  public static Map<String, ResolverDefinition.Parameter> parameters(String name) {
    var parameters = new LinkedHashMap<String, ResolverDefinition.Parameter>();
    for (String empty :
        List.of("Connect", "conParams", "Database", "Driver", "Port", "Server", "User")) {
      parameters.put(empty, new ResolverDefinition.Parameter("", "str"));
    }
    parameters.put("Encoding", new ResolverDefinition.Parameter("utf-8", "str"));
    parameters.put("Limit", new ResolverDefinition.Parameter("1000", "int"));
    parameters.put("Table", new ResolverDefinition.Parameter("imported_user", "str"));
    parameters.put("Where", new ResolverDefinition.Parameter("groupid = '" + name + "'", "str"));
    parameters.put("readonly", new ResolverDefinition.Parameter("True", "boolean"));
    parameters.put(
        "Map",
        new ResolverDefinition.Parameter(
            "{\"groupid\": \"groupid\", \"userid\": \"userid\", \"username\": \"username\","
                + " \"phone\": \"phone\", \"mobile\": \"mobile\", \"email\": \"email\","
                + " \"surname\": \"surname\", \"givenname\": \"givenname\","
                + " \"password\": \"password\"}",
            "str"));
    return parameters;
  }

  private final class Managed implements Resolver {
    private final ResolverDefinition definition;

    Managed(ResolverDefinition definition) {
      this.definition = definition;
    }

    @Override
    public Optional<Map<String, String>> byLogin(String login) {
      return transactions.required(
          em ->
              em.createQuery(
                      "SELECT u FROM ManagedUser u WHERE u.resolverId = :resolver"
                          + " AND u.username = :login",
                      ManagedUser.class)
                  .setParameter("resolver", definition.id())
                  .setParameter("login", login)
                  .getResultStream()
                  .findFirst()
                  .map(user -> user.attributes(definition.name())));
    }

    /**
     * The sum keeps H2 from reading all users of the resolver by the primary key instead of these
     * by the index of the ids.
     */
    @Override
    public Map<String, Map<String, String>> byIds(Collection<String> userIds) {
      var found = new HashMap<String, Map<String, String>>();
      var ids = List.copyOf(userIds);
      for (int from = 0; from < ids.size(); from += BLOCK) {
        List<String> block = ids.subList(from, Math.min(from + BLOCK, ids.size()));
        transactions
            .required(
                em ->
                    em.createQuery(
                            "SELECT u FROM ManagedUser u WHERE u.resolverId + 0 = :resolver"
                                + " AND u.userId IN :ids",
                            ManagedUser.class)
                        .setParameter("resolver", definition.id())
                        .setParameter("ids", block)
                        .getResultList())
            .forEach(user -> found.put(user.userId(), user.attributes(definition.name())));
      }
      return found;
    }

    /** Reads in blocks by user id, so that memory does not grow with the number of users. */
    @Override
    public void search(Map<String, String> conditions, Consumer<Map<String, String>> found) {
      var where = new StringBuilder();
      var parameters = new HashMap<String, Object>();
      conditions.forEach((field, pattern) -> condition(field, pattern, where, parameters));
      String last = "";
      List<ManagedUser> block;
      do {
        String after = last;
        block =
            transactions.required(
                em -> {
                  var query =
                      em.createQuery(
                              "SELECT u FROM ManagedUser u WHERE u.resolverId = :resolver"
                                  + " AND u.userId > :after"
                                  + where
                                  + " ORDER BY u.resolverId, u.userId",
                              ManagedUser.class)
                          .setParameter("resolver", definition.id())
                          .setParameter("after", after)
                          .setMaxResults(BLOCK);
                  parameters.forEach(query::setParameter);
                  return query.getResultList();
                });
        block.forEach(user -> found.accept(user.attributes(definition.name())));
        last = block.isEmpty() ? "" : block.get(block.size() - 1).userId();
      } while (block.size() == BLOCK);
    }

    @Override
    public Optional<Part> part(
        Map<String, String> conditions, String sortBy, boolean descending, int first, int size) {
      String column = FIELDS.get(sortBy);
      if (column == null) {
        return Optional.empty();
      }
      var where = new StringBuilder(" FROM ManagedUser u WHERE u.resolverId = :resolver");
      var parameters = new HashMap<String, Object>(Map.of("resolver", definition.id()));
      conditions.forEach(
          (field, pattern) -> {
            if (!pattern.matches("\\*+")) {
              condition(field, pattern, where, parameters);
            }
          });
      String order =
          " ORDER BY LOWER(u." + column + ")" + (descending ? " DESC" : "") + ", LOWER(u.username)";
      return Optional.of(
          transactions.required(
              em -> {
                var page = em.createQuery("SELECT u" + where + order, ManagedUser.class);
                var count = em.createQuery("SELECT COUNT(u)" + where, Long.class);
                parameters.forEach(page::setParameter);
                parameters.forEach(count::setParameter);
                return new Part(
                    page.setFirstResult(first).setMaxResults(size).getResultList().stream()
                        .map(user -> user.attributes(definition.name()))
                        .toList(),
                    count.getSingleResult());
              }));
    }

    @Override
    public void eachId(Consumer<String> found) {
      transactions
          .required(
              em ->
                  em.createQuery(
                          "SELECT u.userId FROM ManagedUser u WHERE u.resolverId = :resolver",
                          String.class)
                      .setParameter("resolver", definition.id())
                      .getResultList())
          .forEach(found);
    }

    private void condition(
        String name, String pattern, StringBuilder where, Map<String, Object> parameters) {
      String parameter = "p" + parameters.size();
      if (name.equals("searchTerm")) {
        where.append(" AND (");
        where.append(
            String.join(
                " OR ",
                FIELDS.values().stream()
                    .sorted()
                    .map(field -> "LOWER(u." + field + ") LIKE :" + parameter + " ESCAPE '!'")
                    .toList()));
        where.append(")");
        parameters.put(parameter, like(pattern));
      } else if (FIELDS.containsKey(name.toLowerCase(Locale.ROOT))) {
        where
            .append(" AND LOWER(u.")
            .append(FIELDS.get(name.toLowerCase(Locale.ROOT)))
            .append(") LIKE :")
            .append(parameter)
            .append(" ESCAPE '!'");
        parameters.put(parameter, like(pattern));
      }
    }

    /** {@code *} is any text and {@code .} any character; nothing else is special. */
    private static String like(String pattern) {
      return pattern
          .trim()
          .toLowerCase(Locale.ROOT)
          .replace("!", "!!")
          .replace("%", "!%")
          .replace("_", "!_")
          .replace('*', '%')
          .replace('.', '_');
    }

    /** A hash that is not of the newest kind is replaced when the password proves right. */
    @Override
    public boolean passwordMatches(String userId, String password) {
      var key = new ManagedUser.Key(definition.id(), userId);
      Optional<String> stored =
          transactions.required(
              em ->
                  Optional.ofNullable(em.find(ManagedUser.class, key))
                      .map(ManagedUser::passwordHash));
      if (stored.isEmpty() || !Passwords.verify(stored.get(), password)) {
        return false;
      }
      if (Passwords.outdated(stored.get())) {
        String renewed = Passwords.hash(password);
        transactions.separate(
            em ->
                em.createQuery(
                        "UPDATE ManagedUser u SET u.passwordHash = :renewed WHERE u.resolverId ="
                            + " :resolver AND u.userId = :id AND u.passwordHash = :stored")
                    .setParameter("renewed", renewed)
                    .setParameter("resolver", definition.id())
                    .setParameter("id", userId)
                    .setParameter("stored", stored.get())
                    .executeUpdate());
      }
      return true;
    }

    @Override
    public Map<String, Object> test() {
      long rows =
          transactions.required(
              em ->
                  em.createQuery(
                          "SELECT COUNT(u) FROM ManagedUser u WHERE u.resolverId = :resolver",
                          Long.class)
                      .setParameter("resolver", definition.id())
                      .getSingleResult());
      return Map.of("result", true, "desc", Map.of("rows", rows, "err_string", "", "err_str", ""));
    }

    @Override
    public String id() {
      return "SQLIdResolver.IdResolver." + definition.name();
    }
  }
}
