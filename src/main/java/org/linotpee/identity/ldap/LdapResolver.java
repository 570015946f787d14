package org.linotpee.identity.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.linotpee.identity.Resolver;

/**
 * Users of a directory (spec 05 section 9.5). What requests send never becomes part of a filter's
 * syntax.
 */
final class LdapResolver implements Resolver {
  private static final int IDS_IN_FILTER = 50;
  private static final long TICKS_PER_SECOND = 10_000_000L;
  private static final long TICKS_1601_TO_1970 = 116_444_736_000_000_000L;
  private static final long TICKS_AHEAD = 86_400L;

  private final String name;
  private final LdapSettings settings;
  private final LdapServers servers;
  private final Clock clock;

  LdapResolver(String name, LdapSettings settings, LdapServers servers, Clock clock) {
    this.name = name;
    this.settings = settings;
    this.servers = servers;
    this.clock = clock;
  }

  @Override
  public String id() {
    return "LDAPIdResolver.IdResolver." + name;
  }

  private String[] wantedAttributes() {
    var wanted = new LinkedHashSet<String>(settings.attributes().values());
    wanted.add(settings.loginAttribute());
    if (!settings.identifiedByDn()) {
      wanted.add(settings.idAttribute());
    }
    return wanted.toArray(new String[0]);
  }

  /** {@code %(now)s} is the current time, in the unit of the directory (section 9.6). */
  private String withTime(String filter) {
    long seconds = clock.instant().getEpochSecond();
    long now =
        settings.activeDirectory()
            ? seconds * TICKS_PER_SECOND + TICKS_1601_TO_1970 + TICKS_AHEAD
            : seconds;
    return filter.replace("%(now)s", String.valueOf(now));
  }

  private SearchRequest subtree(String filter) throws LDAPException {
    return new SearchRequest(
        settings.base(), SearchScope.SUB, Filter.create(filter), wantedAttributes());
  }

  @Override
  public Optional<Map<String, String>> byLogin(String login) {
    if (login.isEmpty()) {
      return Optional.empty();
    }
    return entryOf(login).flatMap(this::user);
  }

  private Optional<SearchResultEntry> entryOf(String login) {
    String filter = withTime(settings.loginFilter()).replace("%s", Filter.encodeValue(login));
    return servers.run(
        pool -> {
          SearchRequest request = subtree(filter);
          request.setSizeLimit(2);
          return tolerant(() -> pool.search(request)).stream().findFirst();
        });
  }

  private interface Search {
    SearchResult run() throws LDAPSearchException;
  }

  /** What was found, also when the server stopped at its limit or there is no such base. */
  private static List<SearchResultEntry> tolerant(Search search) throws LDAPException {
    try {
      return search.run().getSearchEntries();
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return e.getSearchEntries();
      }
      if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        return List.of();
      }
      throw e;
    }
  }

  /** The user's fields; absent if the entry has nothing that identifies it. */
  private Optional<Map<String, String>> user(SearchResultEntry entry) {
    Optional<String> id = userId(entry);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    var user = new LinkedHashMap<String, String>();
    user.put("userid", id.get());
    settings
        .attributes()
        .forEach(
            (field, attribute) -> {
              Attribute values = entry.getAttribute(attribute);
              if (values != null && values.size() > 0) {
                user.put(field, text(values));
              }
            });
    user.computeIfAbsent(
        "username",
        any ->
            Optional.ofNullable(entry.getAttributeValue(settings.loginAttribute())).orElse(null));
    user.remove("password");
    user.remove("cryptpass");
    return Optional.of(user);
  }

  private static String text(Attribute attribute) {
    return attribute.getBaseName().equalsIgnoreCase("objectGUID")
        ? HexFormat.of().formatHex(attribute.getValueByteArray())
        : attribute.getValue();
  }

  private Optional<String> userId(SearchResultEntry entry) {
    if (settings.identifiedByDn()) {
      return entry.getDN().isEmpty() ? Optional.empty() : Optional.of(entry.getDN());
    }
    return Optional.ofNullable(entry.getAttribute(settings.idAttribute()))
        .filter(a -> a.size() > 0)
        .map(LdapResolver::text);
  }

  @Override
  public Map<String, Map<String, String>> byIds(Collection<String> userIds) {
    var found = new HashMap<String, Map<String, String>>();
    if (settings.identifiedByDn()) {
      userIds.forEach(dn -> entryAt(dn).flatMap(this::user).ifPresent(user -> found.put(dn, user)));
      return found;
    }
    var ids = new ArrayList<>(new LinkedHashSet<>(userIds));
    for (int from = 0; from < ids.size(); from += IDS_IN_FILTER) {
      List<Filter> filters =
          ids.subList(from, Math.min(ids.size(), from + IDS_IN_FILTER)).stream()
              .flatMap(id -> idFilter(id).stream())
              .toList();
      entries(Filter.createORFilter(filters))
          .forEach(
              entry ->
                  user(entry)
                      .ifPresent(
                          user ->
                              ids.stream()
                                  .filter(id -> id.equalsIgnoreCase(user.get("userid")))
                                  .findFirst()
                                  .ifPresent(id -> found.put(id, user))));
    }
    return found;
  }

  private List<SearchResultEntry> entries(Filter filter) {
    return servers.run(
        pool ->
            tolerant(
                () ->
                    pool.search(
                        new SearchRequest(
                            settings.base(), SearchScope.SUB, filter, wantedAttributes()))));
  }

  private Optional<SearchResultEntry> entryAt(String dn) {
    return servers.run(
        pool -> {
          try {
            return Optional.ofNullable(pool.getEntry(dn, wantedAttributes()));
          } catch (LDAPException e) {
            if (e.getResultCode().equals(ResultCode.INVALID_DN_SYNTAX)
                || e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  private Optional<Filter> idFilter(String id) {
    if (!settings.identifiedByGuid()) {
      return Optional.of(Filter.createEqualityFilter(settings.idAttribute(), id));
    }
    try {
      return Optional.of(
          Filter.createEqualityFilter(settings.idAttribute(), HexFormat.of().parseHex(id)));
    } catch (IllegalArgumentException noHex) {
      return Optional.empty();
    }
  }

  @Override
  public void search(Map<String, String> conditions, Consumer<Map<String, String>> found) {
    var terms = new ArrayList<Filter>();
    for (var condition : conditions.entrySet()) {
      Optional<Filter> term = condition(condition.getKey(), condition.getValue());
      if (term.isPresent()) {
        terms.add(term.get());
      } else if (condition.getKey().equals("userid")) {
        byIds(List.of(condition.getValue())).values().forEach(found);
        return;
      }
    }
    String filter =
        "(&"
            + withTime(settings.searchFilter())
            + String.join("", terms.stream().map(Filter::toString).toList())
            + ")";
    eachEntry(filter, wantedAttributes(), entry -> user(entry).ifPresent(found));
  }

  @Override
  public void eachId(Consumer<String> found) {
    String attribute = settings.identifiedByDn() ? "objectClass" : settings.idAttribute();
    eachEntry(
        Filter.createPresenceFilter(attribute).toString(),
        new String[] {settings.identifiedByDn() ? SearchRequest.NO_ATTRIBUTES : attribute},
        entry -> userId(entry).ifPresent(found));
  }

  /**
   * Reads page by page, on one connection: the bookmark of a page means nothing on another. What
   * was handed over before a server failed is not handed over again by the next one.
   */
  private void eachEntry(String filter, String[] attributes, Consumer<SearchResultEntry> found) {
    var begun = new AtomicBoolean();
    servers.run(
        pool -> {
          LDAPConnection connection = pool.getConnection();
          boolean usable = false;
          try {
            ASN1OctetString cookie = null;
            do {
              SearchResult page = page(connection, filter, attributes, cookie);
              for (SearchResultEntry entry : page.getSearchEntries()) {
                begun.set(true);
                found.accept(entry);
              }
              cookie = next(page);
            } while (cookie != null);
            usable = true;
            return null;
          } catch (LDAPException e) {
            if (begun.get()) {
              throw new Unavailable("the list ended early: " + e.getMessage(), e);
            }
            throw e;
          } finally {
            if (usable) {
              pool.releaseConnection(connection);
            } else {
              pool.releaseDefunctConnection(connection);
            }
          }
        });
  }

  /** What the server gave before it reached a limit of its own is a page, too. */
  private SearchResult page(
      LDAPConnection connection, String filter, String[] attributes, ASN1OctetString cookie)
      throws LDAPException {
    SearchRequest request =
        new SearchRequest(settings.base(), SearchScope.SUB, Filter.create(filter), attributes);
    int size = Math.max(1, settings.sizeLimit() / 4);
    request.setControls(new Control[] {new SimplePagedResultsControl(size, cookie)});
    try {
      return connection.search(request);
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return e.getSearchResult();
      }
      throw e;
    }
  }

  /** The server's bookmark for the next page; null behind the last one. */
  private static ASN1OctetString next(SearchResult page) {
    try {
      SimplePagedResultsControl control = SimplePagedResultsControl.get(page);
      return control != null && control.moreResultsToReturn() ? control.getCookie() : null;
    } catch (LDAPException e) {
      return null;
    }
  }

  /** A pattern in which {@code *} is any text; everything else stands for itself. */
  private Optional<Filter> condition(String field, String pattern) {
    if (field.equals("searchTerm")) {
      return Optional.of(
          Filter.createORFilter(
              settings.attributes().values().stream().map(a -> match(a, pattern)).toList()));
    }
    for (var mapped : settings.attributes().entrySet()) {
      if (mapped.getKey().toLowerCase(Locale.ROOT).equals(field.toLowerCase(Locale.ROOT))) {
        return Optional.of(match(mapped.getValue(), pattern));
      }
    }
    return Optional.empty();
  }

  private static Filter match(String attribute, String pattern) {
    if (pattern.matches("\\*+")) {
      return Filter.createPresenceFilter(attribute);
    }
    if (!pattern.contains("*")) {
      return Filter.createEqualityFilter(attribute, pattern);
    }
    String[] parts = pattern.split("\\*+", -1);
    String first = parts[0].isEmpty() ? null : parts[0];
    String last = parts[parts.length - 1].isEmpty() ? null : parts[parts.length - 1];
    var middle = new ArrayList<String>();
    for (int i = 1; i < parts.length - 1; i++) {
      if (!parts[i].isEmpty()) {
        middle.add(parts[i]);
      }
    }
    return Filter.createSubstringFilter(attribute, first, middle.toArray(new String[0]), last);
  }

  @Override
  public boolean passwordMatches(String userId, String password) {
    if (password.isEmpty()) {
      return false;
    }
    Optional<String> dn = settings.identifiedByDn() ? Optional.of(userId) : dnOf(userId);
    if (dn.isEmpty() || dn.get().isBlank()) {
      return false;
    }
    return servers.run(
        pool -> {
          try {
            return pool.bindAndRevertAuthentication(new SimpleBindRequest(dn.get(), password))
                .getResultCode()
                .equals(ResultCode.SUCCESS);
          } catch (LDAPException e) {
            if (e.getResultCode().equals(ResultCode.INVALID_CREDENTIALS)
                || e.getResultCode().equals(ResultCode.INVALID_DN_SYNTAX)
                || e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)
                || e.getResultCode().equals(ResultCode.INAPPROPRIATE_AUTHENTICATION)
                || e.getResultCode().equals(ResultCode.UNWILLING_TO_PERFORM)) {
              return false;
            }
            throw e;
          }
        });
  }

  private Optional<String> dnOf(String userId) {
    return idFilter(userId)
        .flatMap(filter -> entries(filter).stream().findFirst().map(SearchResultEntry::getDN));
  }

  @Override
  public Map<String, Object> test() {
    try {
      SearchResult result = servers.run(pool -> testSearch(pool));
      List<Map<String, String>> users =
          result.getSearchEntries().stream().map(e -> Map.of("userid", e.getDN())).toList();
      boolean all = result.getResultCode().equals(ResultCode.SUCCESS);
      return Map.of("result", all ? "success" : "success SIZELIMIT_EXCEEDED", "desc", users);
    } catch (Unavailable e) {
      return Map.of("result", "error", "desc", String.valueOf(e.getMessage()));
    }
  }

  private SearchResult testSearch(LDAPConnectionPool pool) throws LDAPException {
    SearchRequest request =
        new SearchRequest(
            settings.base(),
            SearchScope.SUB,
            Filter.create("(&" + withTime(settings.searchFilter()) + ")"),
            SearchRequest.NO_ATTRIBUTES);
    request.setSizeLimit(settings.sizeLimit());
    try {
      return pool.search(request);
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return e.getSearchResult();
      }
      throw e;
    }
  }
}
