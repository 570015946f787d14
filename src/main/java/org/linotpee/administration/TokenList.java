package org.linotpee.administration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.persistence.config.HintValues;
import org.eclipse.persistence.config.QueryHints;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.RoughCount;
import org.linotpee.token.Token;
import org.linotpee.token.Tokens;

/**
 * Lists tokens (spec 03 section 3). Filters, sorting and paging are the database's work; owners are
 * asked for once per resolver, whatever the number of tokens.
 */
@Service
public class TokenList {
  /** Shown as owner of a token whose owner cannot be found any more, and a marker to find it. */
  public static final String NO_USER_INFO = "/:no user info:/";

  private static final Set<String> UNASSIGNED = Set.of("/:no user:/", "/:none:/");
  private static final Set<String> NO_REALM = Set.of("''", "\"\"", "/:no realm:/");
  private static final Set<String> ACTIVE =
      Set.of("/:active:/", "/:enabled:/", "/:token is active:/", "/:token is enabled:/");
  private static final Set<String> INACTIVE =
      Set.of("/:inactive:/", "/:disabled:/", "/:token is inactive:/", "/:token is disabled:/");
  private static final Map<String, String> COLUMNS = columns();
  private static final Set<String> TIED_BY_SERIAL = Set.of("t.type", "t.active");
  private static final int OWNERS_IN_QUERY = 5000;
  private static final int FEW_OWNERS = 500;
  private static final int LONG_KEY = 1000;
  private static final int IDS_IN_QUERY = 500;
  private static final int FETCH = 1000;
  private static final Duration KEPT = Duration.ofSeconds(15);
  private static final Duration ORPHANS_TOLD = Duration.ofHours(1);

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final Transactions transactions;
  private final AdminRights rights;
  private final RoughCount counts;
  private final Clock clock;
  private final Cache<Long, Set<OwnerKey>> orphans =
      Caffeine.newBuilder().maximumSize(1).expireAfterWrite(KEPT).build();
  private final Cache<String, List<Figure>> figures =
      Caffeine.newBuilder().maximumSize(100).expireAfterWrite(Duration.ofMinutes(1)).build();
  private volatile FoundOrphans lastOrphans = new FoundOrphans(-1, Set.of(), Instant.EPOCH);
  private final Cache<String, List<Long>> idsOfOwners =
      Caffeine.newBuilder().maximumSize(4).expireAfterWrite(KEPT).build();

  @Inject
  public TokenList(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      Transactions transactions,
      AdminRights rights,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.transactions = transactions;
    this.rights = rights;
    this.clock = clock;
    this.counts = new RoughCount(clock);
  }

  /**
   * What is asked for.
   *
   * @param serial exact, or with {@code *}; an empty text matches nothing
   * @param user a login, a pattern with {@code *}, or a marker
   * @param named the user as the request's rules split him into login and realm
   * @param realm realm filter; {@code *} is none
   * @param text part of description, resolver, serial, user id or type, or a marker of the state
   * @param ownerId exactly this user id
   * @param resolver owners of the resolver of this name
   * @param sortBy a column of the interface, {@code ""} for the description
   * @param page which part; empty for all tokens
   */
  public record Query(
      Optional<String> serial,
      Optional<String> user,
      UserName named,
      Optional<String> realm,
      Optional<String> text,
      Optional<String> ownerId,
      Optional<String> resolver,
      String sortBy,
      boolean descending,
      Optional<Page> page,
      Traits traits) {
    /** Without traits. */
    public Query(
        Optional<String> serial,
        Optional<String> user,
        UserName named,
        Optional<String> realm,
        Optional<String> text,
        Optional<String> ownerId,
        Optional<String> resolver,
        String sortBy,
        boolean descending,
        Optional<Page> page) {
      this(
          serial,
          user,
          named,
          realm,
          text,
          ownerId,
          resolver,
          sortBy,
          descending,
          page,
          Traits.NONE);
    }
  }

  /** In which state tokens are, as people see it. */
  public enum State {
    /** May be used as far as state and failures go. */
    ACTIVE("t.active = TRUE AND t.failCount < t.maxFail", "t.active"),
    DISABLED("t.active = FALSE", "t.active"),
    /**
     * Too many attempts have failed. Few tokens are: the index of failures leads to them, and the
     * one of the state, which the embedded database would prefer, must not. With a mere "greater"
     * it would read all zeros.
     */
    LOCKED("t.failCount >= 1 AND t.failCount >= t.maxFail AND t.active <> FALSE"),
    /** The validity period ends between now and then. */
    EXPIRING("t.validUntil >= :now AND t.validUntil < :then"),
    /** The validity period has ended. The lower bound keeps the index from tokens without one. */
    EXPIRED("t.validUntil >= 1 AND t.validUntil < :now");

    private final String condition;
    private final Optional<String> constant;

    State(String condition) {
      this.condition = condition;
      this.constant = Optional.empty();
    }

    State(String condition, String constant) {
      this.condition = condition;
      this.constant = Optional.of(constant);
    }
  }

  /**
   * What tokens are besides whose.
   *
   * @param type exactly this one, as it is stored
   * @param now the moment that {@link State#EXPIRING} and {@link State#EXPIRED} speak of
   * @param then the end of {@link State#EXPIRING}
   */
  public record Traits(Optional<String> type, Optional<State> state, Instant now, Instant then) {
    /** Any. */
    public static final Traits NONE =
        new Traits(Optional.empty(), Optional.empty(), Instant.EPOCH, Instant.EPOCH);

    private void narrow(Conditions where) {
      type.ifPresent(t -> where.addConstant("t.type = " + where.value(t), "t.type"));
      state.ifPresent(
          s -> {
            String condition = s.condition;
            if (condition.contains(":now")) {
              condition = condition.replace(":now", where.value(now.toEpochMilli()));
            }
            if (condition.contains(":then")) {
              condition = condition.replace(":then", where.value(then.toEpochMilli()));
            }
            where.addConstant("(" + condition + ")", s.constant.stream().toArray(String[]::new));
          });
    }
  }

  /** A part of the list, counted from 1. */
  public record Page(int number, int size) {}

  /**
   * A token as it is listed.
   *
   * @param owner the owner's attributes; empty if the token has none or he cannot be found
   */
  public record Entry(
      Token token, Set<String> realms, String resolverId, Optional<Map<String, String>> owner) {
    /** True if the token has an owner whom his user store does not know any more. */
    public boolean orphaned() {
      return token.owner().isPresent() && owner.isEmpty();
    }
  }

  /** What was found: the asked part, and the number of all. */
  public record Result(List<Entry> entries, long total) {}

  private static Map<String, String> columns() {
    var columns = new LinkedHashMap<String, String>();
    columns.put("TokenDesc", "t.description");
    columns.put("TokenId", "t.id");
    columns.put("TokenType", "t.type");
    columns.put("TokenSerialnumber", "t.serial");
    columns.put("IdResolver", "t.ownerResolver");
    columns.put("IdResClass", "t.ownerResolver");
    columns.put("Userid", "t.ownerId");
    columns.put("FailCount", "t.failCount");
    columns.put("Count", "t.counter");
    columns.put("Isactive", "t.active");
    columns.put("CreationDate", "t.createdAt");
    columns.put("LastAuthMatch", "t.lastAccessAt");
    columns.put("LastAuthSuccess", "t.lastSuccessAt");
    return columns;
  }

  /**
   * Finds tokens that the administrator may see.
   *
   * @throws LinotpException -311 if the column to sort by is unknown, 410 if he may see none
   */
  public Result find(Query query) {
    Criteria criteria = criteria(query);
    return withOwners(
        transactions.required(
            em -> {
              List<Long> ids;
              long total;
              if (criteria.many().isPresent()) {
                List<Long> all = idsOfOwners(em, criteria);
                total = all.size();
                ids = query.page().map(page -> part(all, page)).orElse(all);
              } else {
                ids = ids(em, criteria, query.page());
                total = query.page().isEmpty() ? ids.size() : count(em, criteria);
              }
              List<Token> found = inOrder(em, ids);
              return new Found(found, tokens.realmsOf(em, found, realms()), total);
            }));
  }

  private static List<Long> part(List<Long> ids, Page page) {
    int from = Math.min(ids.size(), first(page));
    return ids.subList(from, (int) Math.min(ids.size(), (long) from + page.size()));
  }

  /**
   * All tokens that are found, whatever the page; read block by block while they are listed, so
   * that they need no memory but that of their ids.
   *
   * @param total how many there are
   */
  public record Everything(long total, Iterable<Entry> entries) {}

  /** As {@link #find}, without pages. */
  public Everything everything(Query query) {
    Criteria criteria = criteria(query);
    List<Long> ids =
        transactions.required(
            em ->
                criteria.many().isPresent()
                    ? idsOfOwners(em, criteria)
                    : ids(em, criteria, Optional.empty()));
    return new Everything(
        ids.size(),
        () ->
            IntStream.iterate(0, from -> from < ids.size(), from -> from + IDS_IN_QUERY)
                .mapToObj(from -> ids.subList(from, Math.min(ids.size(), from + IDS_IN_QUERY)))
                .flatMap(block -> entries(block).stream())
                .iterator());
  }

  private List<Entry> entries(List<Long> ids) {
    return withOwners(
            transactions.required(
                em -> {
                  List<Token> found = inOrder(em, ids);
                  return new Found(found, tokens.realmsOf(em, found, realms()), found.size());
                }))
        .entries();
  }

  /** How many tokens of a type are in a state. */
  public record Figure(String type, State state, long number) {}

  /**
   * The numbers of the tokens that the administrator may see, by type and by state: active,
   * disabled or locked. The database counts; many tokens at most once a minute.
   *
   * @throws LinotpException 410 if he may see none
   */
  public List<Figure> figures() {
    var all = new Conditions();
    realms(all, Optional.empty(), realms());
    List<Figure> known = figures.getIfPresent(all.key());
    if (known != null) {
      return known;
    }
    var locked = new Conditions();
    realms(locked, Optional.empty(), realms());
    locked.add("(" + State.LOCKED.condition + ")");
    List<Figure> counted = transactions.required(em -> figures(em, all, locked));
    if (counted.stream().mapToLong(Figure::number).sum() >= RoughCount.EXACT_BELOW) {
      figures.put(all.key(), counted);
    }
    return counted;
  }

  private static List<Figure> figures(EntityManager em, Conditions all, Conditions locked) {
    var numbers = new LinkedHashMap<String, long[]>();
    grouped(em, "t.type, t.active", all)
        .forEach(
            row ->
                numbers
                        .computeIfAbsent((String) row[0], t -> new long[3])[
                        Boolean.TRUE.equals(row[1]) ? 0 : 1] =
                    ((Number) row[2]).longValue());
    grouped(em, "t.type", locked)
        .forEach(
            row -> {
              long number = ((Number) row[1]).longValue();
              long[] ofType = numbers.computeIfAbsent((String) row[0], t -> new long[3]);
              ofType[0] = Math.max(0, ofType[0] - number);
              ofType[2] = number;
            });
    var figures = new ArrayList<Figure>();
    numbers.forEach(
        (type, number) -> {
          figures.add(new Figure(type, State.ACTIVE, number[0]));
          figures.add(new Figure(type, State.DISABLED, number[1]));
          figures.add(new Figure(type, State.LOCKED, number[2]));
        });
    return List.copyOf(figures);
  }

  /**
   * How many tokens that the administrator may see belong to somebody whom his user store does not
   * know any more. In a large installation the user stores are not asked for that: the number comes
   * from the last search for such tokens.
   *
   * @return empty if a large installation has not been searched for an hour
   * @throws LinotpException 410 if he may see no tokens
   */
  public OptionalLong orphaned() {
    FoundOrphans known = lastOrphans;
    boolean large = transactions.required(em -> tokens.countAll(em) >= RoughCount.EXACT_BELOW);
    boolean old =
        known.version() != snapshots.current().version()
            || known.at().plus(large ? ORPHANS_TOLD : KEPT).isBefore(clock.instant());
    if (old && large) {
      return OptionalLong.empty();
    }
    List<OwnerKey> owners = List.copyOf(old ? knownOrphans() : known.owners());
    return OptionalLong.of(transactions.required(em -> numberOf(em, owners)));
  }

  private long numberOf(EntityManager em, List<OwnerKey> owners) {
    long number = 0;
    for (int from = 0; from < owners.size(); from += OWNERS_IN_QUERY) {
      var where = new Conditions();
      realms(where, Optional.empty(), realms());
      int to = Math.min(owners.size(), from + OWNERS_IN_QUERY);
      owners(where, Set.copyOf(owners.subList(from, to)));
      number +=
          where
              .bind(em.createQuery("SELECT COUNT(t) FROM Token t" + where, Long.class))
              .getSingleResult();
    }
    return number;
  }

  private static List<Object[]> grouped(EntityManager em, String by, Conditions where) {
    return where
        .bind(
            em.createQuery(
                "SELECT " + by + ", COUNT(t) FROM Token t" + where + " GROUP BY " + by,
                Object[].class))
        .getResultList();
  }

  /** How many tokens are found. */
  public long count(Query query) {
    Criteria criteria = criteria(query);
    return transactions.required(
        em -> criteria.many().isPresent() ? idsOfOwners(em, criteria).size() : count(em, criteria));
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  /**
   * A query, translated.
   *
   * @param many the owners that the tokens must have, if they are too many for a query
   * @param few true if an index leads to the tokens, so that counting them is always cheap
   */
  private record Criteria(
      Conditions where, Optional<Set<OwnerKey>> many, String order, boolean few) {
    /** Tells one list from another. */
    String key() {
      return where.key() + order + many.map(owners -> " " + owners.hashCode()).orElse("");
    }
  }

  private Criteria criteria(Query query) {
    String column = column(query.sortBy());
    Realms realms = snapshots.current().part(Realms.class);
    var where = new Conditions();
    query.serial().ifPresent(serial -> serial(where, serial));
    query.traits().narrow(where);
    realms(where, query.realm(), realms);
    query.ownerId().ifPresent(id -> where.add("t.ownerId = " + where.value(id)));
    query
        .resolver()
        .ifPresent(
            name ->
                realms
                    .resolver(name)
                    .ifPresentOrElse(
                        d -> where.add("t.ownerResolver = " + where.value(d.spec())),
                        where::nothing));
    query.text().filter(t -> !t.isEmpty()).ifPresent(text -> text(where, text));
    Optional<Set<OwnerKey>> owners =
        query.user().flatMap(user -> owner(where, user, query, realms));
    String order = order(where, column, query.descending());
    if (owners.isPresent() && owners.get().size() > OWNERS_IN_QUERY) {
      return new Criteria(where, owners, order, false);
    }
    owners.ifPresent(keys -> owners(where, keys));
    boolean one = query.serial().filter(serial -> !serial.contains("*")).isPresent();
    boolean few = owners.filter(keys -> keys.size() <= FEW_OWNERS).isPresent();
    return new Criteria(where, Optional.empty(), order, few || one);
  }

  /**
   * The order by a column, in words for which an index gives the rows, forwards or backwards.
   * Tokens that are alike there follow each other by what that index has next.
   */
  private static String order(Conditions where, String column, boolean descending) {
    var columns = new LinkedHashSet<>(where.constants);
    columns.add(column);
    if (!column.equals("t.serial")) {
      columns.add(TIED_BY_SERIAL.contains(column) ? "t.serial" : "t.id");
    }
    String direction = descending ? " DESC" : " ASC";
    return columns.stream()
        .map(name -> name + direction)
        .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  /** What the database has found; the user stores are asked when its transaction is over. */
  private record Found(List<Token> tokens, Map<Long, Set<String>> realms, long total) {}

  /** Of a long list the number may be a minute old; of few tokens it is always exact. */
  private long count(EntityManager em, Criteria criteria) {
    Conditions where = criteria.where();
    if (where.conditions.isEmpty()) {
      return tokens.countAll(em);
    }
    LongSupplier counting =
        () ->
            where
                .bind(em.createQuery("SELECT COUNT(" + where.counted(), Long.class))
                .getSingleResult();
    return criteria.few() || tokens.countAll(em) < RoughCount.EXACT_BELOW
        ? counting.getAsLong()
        : counts.ofLarge(where.key(), counting);
  }

  private static int first(Page page) {
    return (int) Math.min(Integer.MAX_VALUE, (page.number() - 1L) * page.size());
  }

  private static String column(String sortBy) {
    if (sortBy.isEmpty()) {
      return COLUMNS.get("TokenDesc");
    }
    String column = COLUMNS.get(sortBy);
    if (column == null) {
      throw LinotpException.unclassified(
          "tokens cannot be sorted by '"
              + sortBy
              + "'; the columns are "
              + String.join(", ", COLUMNS.keySet()));
    }
    return column;
  }

  // filters ---------------------------------------------------------------------------------------

  private static final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final List<String> constants = new ArrayList<>();
    private final Map<String, Object> parameters = new HashMap<>();
    private String rowsOfRealm;

    void add(String condition) {
      conditions.add(condition);
    }

    /**
     * Adds a condition that leaves one value of these columns. They stand first in the order, too:
     * the embedded database takes the order of an index only if all its columns are named.
     */
    void addConstant(String condition, String... columns) {
      conditions.add(condition);
      constants.addAll(List.of(columns));
    }

    /** Adds a value and tells how the query names it. */
    String value(Object value) {
      String name = "p" + parameters.size();
      parameters.put(name, value);
      return ":" + name;
    }

    void nothing() {
      add("1 = 0");
    }

    /** Tokens with a row for one of these realms. */
    void inRealms(List<Long> ids) {
      String condition = "r.realmId IN " + value(ids);
      add("EXISTS (SELECT r FROM TokenRealm r WHERE r.tokenId = t.id AND " + condition + ")");
      if (ids.size() == 1) {
        rowsOfRealm = condition;
      }
    }

    /** What follows {@code SELECT COUNT(}. A realm alone is counted without looking at tokens. */
    String counted() {
      return rowsOfRealm != null && conditions.size() == 1
          ? "r.tokenId) FROM TokenRealm r WHERE " + rowsOfRealm
          : "t) FROM Token t" + this;
    }

    /** EclipseLink writes some values into counting queries, a boolean as a number, unless told. */
    <T> TypedQuery<T> bind(TypedQuery<T> query) {
      parameters.forEach(query::setParameter);
      return query.setHint(QueryHints.BIND_PARAMETERS, HintValues.TRUE);
    }

    /** Tells the conditions with their values from others, in few characters. */
    String key() {
      String all = this + " " + new TreeMap<>(parameters);
      return all.length() < LONG_KEY
          ? all
          : UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @Override
    public String toString() {
      return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }
  }

  private static void serial(Conditions where, String serial) {
    if (serial.isEmpty()) {
      where.nothing();
    } else if (serial.contains("*")) {
      where.add("t.serial LIKE " + where.value(Tokens.like(serial)) + " ESCAPE '!'");
    } else {
      where.add("t.serial = " + where.value(serial));
    }
  }

  private static void text(Conditions where, String text) {
    if (ACTIVE.contains(text)) {
      where.addConstant("t.active = TRUE", "t.active");
    } else if (INACTIVE.contains(text)) {
      where.addConstant("t.active = FALSE", "t.active");
    } else {
      String pattern =
          where.value("%" + Tokens.like(text.replace("*", "")).toLowerCase(Locale.ROOT) + "%");
      var columns = new ArrayList<String>();
      for (String column :
          List.of("t.description", "t.ownerResolver", "t.serial", "t.ownerId", "t.type")) {
        columns.add("LOWER(" + column + ") LIKE " + pattern + " ESCAPE '!'");
      }
      where.add("(" + String.join(" OR ", columns) + ")");
    }
  }

  /**
   * Whoever has not all realms sees the tokens of his own; a filter for one of these narrows the
   * list, another one does not count.
   */
  private void realms(Conditions where, Optional<String> filter, Realms realms) {
    AdminRights.Scope right = rights.ofAny();
    if (right.nowhere()) {
      throw new LinotpException(
          AdminRights.DENIED,
          "You do not have the administrative right to see tokens: no rights in any realm");
    }
    Optional<List<Long>> wanted = Optional.empty();
    boolean none = false;
    if (filter.isPresent()) {
      List<String> names = List.of(filter.get().split(",")).stream().map(String::trim).toList();
      wanted = realmIds(names, realms);
      none =
          wanted.isPresent()
              && wanted.get().isEmpty()
              && names.stream().anyMatch(NO_REALM::contains);
    }
    if (right.everywhere() && right.excluded().isEmpty()) {
      if (none) {
        where.add("NOT EXISTS (SELECT r FROM TokenRealm r WHERE r.tokenId = t.id)");
      } else {
        wanted.ifPresent(ids -> inRealms(where, ids));
      }
      return;
    }
    List<Long> own =
        realms.all().stream().filter(r -> right.inRealm(r.name())).map(Realms.Realm::id).toList();
    List<Long> both = wanted.stream().flatMap(List::stream).filter(own::contains).toList();
    inRealms(where, both.isEmpty() ? own : both);
  }

  private static void inRealms(Conditions where, List<Long> ids) {
    if (ids.isEmpty()) {
      where.nothing();
    } else {
      where.inRealms(ids);
    }
  }

  /** Section 3.2: names first, then the markers of no realm, then wildcards. */
  private static Optional<List<Long>> realmIds(List<String> names, Realms realms) {
    if (names.contains("*") || names.stream().allMatch(String::isEmpty)) {
      return Optional.empty();
    }
    List<Long> ids =
        realms.all().stream().filter(r -> names.contains(r.name())).map(Realms.Realm::id).toList();
    if (!ids.isEmpty() || names.stream().anyMatch(NO_REALM::contains)) {
      return Optional.of(ids);
    }
    return Optional.of(
        realms.all().stream()
            .filter(r -> names.stream().anyMatch(n -> shellPattern(n).matcher(r.name()).matches()))
            .map(Realms.Realm::id)
            .toList());
  }

  /** {@code *}, {@code ?} and {@code [...]} as a shell knows them. */
  static Pattern shellPattern(String pattern) {
    var regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int end = c == '[' ? pattern.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (end > 0) {
        String set = pattern.substring(i + 1, end);
        boolean negated = set.startsWith("!");
        String members =
            (negated ? set.substring(1) : set).replaceAll("([\\\\\\[\\]^&])", "\\\\$1");
        regex.append(negated ? "[^" : "[").append(members).append(']');
        i = end;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    } catch (java.util.regex.PatternSyntaxException e) {
      return Pattern.compile(Pattern.quote(pattern));
    }
  }

  /** Section 3.3. The answer, if any, is the owners that the tokens must have. */
  private Optional<Set<OwnerKey>> owner(Conditions where, String user, Query query, Realms realms) {
    if (user.isEmpty()) {
      return Optional.empty();
    }
    if (UNASSIGNED.contains(user) || user.matches("['\"]+")) {
      where.addConstant("t.ownerId = '' AND t.ownerResolver = ''", "t.ownerId", "t.ownerResolver");
      return Optional.empty();
    }
    if (user.matches("\\*+")) {
      where.add("t.ownerId <> ''");
      return Optional.empty();
    }
    if (user.equals(NO_USER_INFO)) {
      return Optional.of(knownOrphans());
    }
    if (user.contains("*")) {
      return Optional.of(users.matching(user));
    }
    return Optional.of(exactly(query.named(), realms));
  }

  private Set<OwnerKey> exactly(UserName name, Realms realms) {
    var keys = new LinkedHashSet<OwnerKey>();
    List<String> in =
        name.realm().equals("*")
            ? realms.all().stream().map(Realms.Realm::name).toList()
            : List.of(name.realm());
    for (String realm : in) {
      if (users.find(new UserName(name.login(), realm, name.resolver()))
          instanceof UserLookup.Found found) {
        keys.addAll(found.user().owners());
      }
    }
    return keys;
  }

  /**
   * Owners of tokens whom their user stores do not know. In a large installation the answer may be
   * some seconds old, so that the next page does not ask all stores for all users again.
   */
  private Set<OwnerKey> knownOrphans() {
    Long version = snapshots.current().version();
    Set<OwnerKey> known = orphans.getIfPresent(version);
    if (known == null) {
      Set<OwnerKey> owners = ownersOfTokens();
      known = users.unknown(owners);
      lastOrphans = new FoundOrphans(version, known, clock.instant());
      if (owners.size() >= RoughCount.EXACT_BELOW) {
        orphans.put(version, known);
      }
    }
    return known;
  }

  /** What a search for orphans has found, with the configuration of that time. */
  private record FoundOrphans(long version, Set<OwnerKey> owners, Instant at) {}

  private Set<OwnerKey> ownersOfTokens() {
    var keys = new HashSet<OwnerKey>();
    Map<String, String> specs = new HashMap<>();
    transactions.<Void>required(
        em -> {
          em.createQuery(
                  "SELECT DISTINCT t.ownerResolver, t.ownerId FROM Token t WHERE t.ownerId <> ''",
                  Object[].class)
              .setHint(QueryHints.JDBC_FETCH_SIZE, FETCH)
              .getResultStream()
              .forEach(
                  row ->
                      keys.add(
                          new OwnerKey(
                              specs.computeIfAbsent((String) row[0], spec -> spec),
                              (String) row[1])));
          return null;
        });
    return keys;
  }

  private static void owners(Conditions where, Set<OwnerKey> keys) {
    if (keys.isEmpty()) {
      where.nothing();
      return;
    }
    var idsByResolver = new LinkedHashMap<String, List<String>>();
    keys.forEach(
        key ->
            idsByResolver
                .computeIfAbsent(key.resolverSpec(), spec -> new ArrayList<>())
                .add(key.userId()));
    var alternatives = new ArrayList<String>();
    idsByResolver.forEach(
        (spec, ids) ->
            alternatives.add(
                "(t.ownerResolver = "
                    + where.value(spec)
                    + " AND t.ownerId IN "
                    + where.value(ids)
                    + ")"));
    where.add("(" + String.join(" OR ", alternatives) + ")");
  }

  /**
   * Too many owners for a query: their tokens are picked from the sorted list of all. What came out
   * of a large list is kept for some seconds, for the next page.
   */
  private List<Long> idsOfOwners(EntityManager em, Criteria criteria) {
    List<Long> known = idsOfOwners.getIfPresent(criteria.key());
    if (known != null) {
      return known;
    }
    Set<OwnerKey> owners = criteria.many().orElseThrow();
    var ids = new ArrayList<Long>();
    var looked = new AtomicLong();
    criteria
        .where()
        .bind(
            em.createQuery(
                "SELECT t.id, t.ownerResolver, t.ownerId FROM Token t"
                    + criteria.where()
                    + criteria.order(),
                Object[].class))
        .setHint(QueryHints.JDBC_FETCH_SIZE, FETCH)
        .getResultStream()
        .peek(row -> looked.incrementAndGet())
        .filter(row -> owners.contains(new OwnerKey((String) row[1], (String) row[2])))
        .forEach(row -> ids.add((Long) row[0]));
    if (looked.get() >= RoughCount.EXACT_BELOW) {
      idsOfOwners.put(criteria.key(), List.copyOf(ids));
    }
    return ids;
  }

  /** The ids of the tokens in their order; an index alone answers this, also far behind. */
  private static List<Long> ids(EntityManager em, Criteria criteria, Optional<Page> page) {
    if (page.isPresent() && page.get().size() == 0) {
      return List.of();
    }
    TypedQuery<Long> query =
        criteria
            .where()
            .bind(
                em.createQuery(
                    "SELECT t.id FROM Token t" + criteria.where() + criteria.order(), Long.class));
    page.ifPresent(p -> query.setFirstResult(first(p)).setMaxResults(p.size()));
    return query.getResultList();
  }

  /** Tokens that were deleted in the meantime are left out. */
  private static List<Token> inOrder(EntityManager em, List<Long> ids) {
    var byId = new HashMap<Long, Token>();
    for (int from = 0; from < ids.size(); from += IDS_IN_QUERY) {
      em.createQuery("SELECT t FROM Token t WHERE t.id IN :ids", Token.class)
          .setParameter("ids", ids.subList(from, Math.min(ids.size(), from + IDS_IN_QUERY)))
          .getResultList()
          .forEach(t -> byId.put(t.id(), t));
    }
    return ids.stream().map(byId::get).filter(Objects::nonNull).toList();
  }

  private Result withOwners(Found found) {
    Collection<OwnerKey> owners = new HashSet<>();
    found.tokens().forEach(token -> token.owner().ifPresent(owners::add));
    Map<OwnerKey, Map<String, String>> attributes = users.attributes(owners);
    var resolverIds = new HashMap<String, String>();
    var entries = new ArrayList<Entry>(found.tokens().size());
    for (Token token : found.tokens()) {
      Optional<OwnerKey> owner = token.owner();
      entries.add(
          new Entry(
              token,
              found.realms().get(token.id()),
              owner
                  .map(o -> resolverIds.computeIfAbsent(o.resolverSpec(), s -> users.resolverId(o)))
                  .orElse(""),
              owner.map(attributes::get)));
    }
    return new Result(entries, found.total());
  }
}
