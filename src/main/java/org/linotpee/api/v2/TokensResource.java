package org.linotpee.api.v2;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.administration.TokenList;
import org.linotpee.api.ApiRequest;
import org.linotpee.api.Parameters;
import org.linotpee.api.Reply;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.UserName;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.Validity;

/** {@code /api/v2/tokens}. */
@Path("/api/v2/tokens")
@RequestScoped
public class TokensResource {
  private static final int DEFAULT_PAGE_SIZE = 50;
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("id", "TokenId"),
          Map.entry("serial", "TokenSerialnumber"),
          Map.entry("isActive", "Isactive"),
          Map.entry("type", "TokenType"),
          Map.entry("failedLogins", "FailCount"),
          Map.entry("description", "TokenDesc"),
          Map.entry("userId", "Userid"),
          Map.entry("resolver", "IdResolver"),
          Map.entry("resolverClass", "IdResClass"),
          Map.entry("otpCounter", "Count"),
          Map.entry("creationDate", "CreationDate"),
          Map.entry("lastAuthenticationMatch", "LastAuthMatch"),
          Map.entry("lastSuccessfulLoginAttempt", "LastAuthSuccess"));

  @Inject private ApiRequest request;
  @Inject private TokenList tokens;
  @Inject private AdminRights rights;

  @GET
  public Response list() {
    Parameters parameters = request.parameters();
    int defaultSize = request.snapshot().configuration().number("pagesize", DEFAULT_PAGE_SIZE);
    Page page = Page.of(parameters, defaultSize);
    String sortBy = parameters.text("sortBy").filter(s -> !s.isEmpty()).orElse("serial");
    String column = COLUMNS.get(sortBy);
    if (column == null) {
      throw LinotpException.unclassified("tokens cannot be sorted by '" + sortBy + "'");
    }
    requireRealm(parameters.textOrEmpty("realm").trim());
    Optional<String> user = parameters.text("username").filter(u -> !u.isEmpty());
    var query =
        new TokenList.Query(
            Optional.empty(),
            user,
            new UserName(user.orElse(""), "*"),
            parameters.text("realm").map(r -> r.toLowerCase(Locale.ROOT)),
            parameters.text("searchTerm"),
            parameters.text("userId").filter(id -> !id.isEmpty()),
            parameters.text("resolverName").filter(r -> !r.isEmpty()),
            column,
            parameters.textOrEmpty("sortOrder").equals("desc"),
            page.size() == 0
                ? Optional.empty()
                : Optional.of(new TokenList.Page(page.number() + 1, page.size())));
    TokenList.Result result = tokens.find(query);
    List<Map<String, Object>> records =
        result.entries().stream().map(TokensResource::document).toList();
    request.audit().success(true);
    int shownSize = page.size() == 0 ? records.size() : page.size();
    return Reply.value(page.answer(result.total(), shownSize, records)).build();
  }

  /** The filter of a realm in which the administrator has no rights is refused. */
  private void requireRealm(String realm) {
    AdminRights.Scope right = rights.ofAny();
    if (!realm.isEmpty() && !right.everywhere() && !right.inRealm(realm)) {
      request.forceErrorStatus(403);
      throw AdminRights.denied("see tokens in realm " + realm);
    }
  }

  @GET
  @Path("{serial}")
  public Response one(@PathParam("serial") String serial) {
    var query =
        new TokenList.Query(
            Optional.of(serial),
            Optional.empty(),
            UserName.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            false,
            Optional.of(new TokenList.Page(1, 2)));
    List<TokenList.Entry> found = tokens.find(query).entries();
    if (found.size() > 1) {
      throw LinotpException.unclassified("several tokens match the serial");
    }
    request.audit().success(true).serial(serial);
    return Reply.value(found.isEmpty() ? Map.of() : document(found.get(0))).build();
  }

  private static Map<String, Object> document(TokenList.Entry entry) {
    Token token = entry.token();
    TokenInfo info = token.info();
    var document = new LinkedHashMap<String, Object>();
    document.put("id", token.id());
    document.put("description", token.description());
    document.put("serial", token.serial());
    document.put("type", token.type().toLowerCase(Locale.ROOT));
    document.put("creationDate", ISO.format(token.createdAt()));
    document.put("isActive", token.active());
    document.put("realms", List.copyOf(entry.realms()));
    var configuration = new LinkedHashMap<String, Object>();
    configuration.put("hashLib", info.get("hashlib").orElse(null));
    configuration.put("timeWindow", number(info, "timeWindow"));
    configuration.put("timeShift", number(info, "timeShift"));
    configuration.put("timeStep", number(info, "timeStep"));
    configuration.put("countWindow", token.counterWindow());
    configuration.put("syncWindow", token.syncWindow());
    configuration.put("otpLength", token.otpLength());
    configuration.put("otpCounter", token.counter());
    document.put("tokenConfiguration", configuration);
    document.put("userInfo", token.owner().map(owner -> owner(entry, owner)).orElse(null));
    var usage = new LinkedHashMap<String, Object>();
    usage.put("loginAttempts", number(info, "count_auth"));
    usage.put("maxLoginAttempts", number(info, "count_auth_max"));
    usage.put("successfulLoginAttempts", number(info, "count_auth_success"));
    usage.put("maxSuccessfulLoginAttempts", number(info, "count_auth_success_max"));
    usage.put("lastSuccessfulLoginAttempt", token.lastSuccess().map(ISO::format).orElse(null));
    usage.put("failedLoginAttempts", token.failCount());
    usage.put("maxFailedLoginAttempts", token.maxFail());
    usage.put("lastAuthenticationMatch", token.lastAccess().map(ISO::format).orElse(null));
    document.put("usageData", usage);
    var validity = new LinkedHashMap<String, Object>();
    validity.put("validityStart", date(info, "validity_period_start"));
    validity.put("validityEnd", date(info, "validity_period_end"));
    document.put("validityPeriod", validity);
    return document;
  }

  private static Long number(TokenInfo info, String member) {
    return info.get(member).isPresent() ? (Long) info.number(member, 0) : null;
  }

  private static String date(TokenInfo info, String member) {
    return info.get(member).flatMap(Validity::parse).map((Instant i) -> ISO.format(i)).orElse(null);
  }

  private static Map<String, Object> owner(TokenList.Entry entry, OwnerKey key) {
    Map<String, String> attributes = entry.owner().orElse(Map.of());
    String unknown = TokenList.NO_USER_INFO;
    String[] spec = key.resolverSpec().split("\\.", 4);
    var owner = new LinkedHashMap<String, Object>();
    owner.put("userId", entry.orphaned() ? unknown : key.userId());
    owner.put("username", attributes.getOrDefault("username", unknown));
    owner.put("userDescription", attributes.getOrDefault("description", ""));
    var resolver = new LinkedHashMap<String, Object>();
    resolver.put("resolverName", key.resolverName());
    resolver.put("resolverClass", spec.length > 1 ? spec[1] : "");
    owner.put("idResolverInfo", resolver);
    return owner;
  }
}
