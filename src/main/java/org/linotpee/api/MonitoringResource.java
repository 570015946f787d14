package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserStores;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.PolicyFields;
import org.linotpee.policy.PolicySearch;
import org.linotpee.reporting.RealmSelection;
import org.linotpee.reporting.TokenStatistics;

/** {@code /monitoring} (spec 01 section 15). */
@Path("/monitoring")
@RequestScoped
public class MonitoringResource {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());
  private static final String TEST_CONTEXT = "monitoring/storageEncryption";

  @Inject private ApiRequest request;
  @Inject private TokenStatistics statistics;
  @Inject private UserStores stores;
  @Inject private Sealer sealer;
  @Inject private AdminRights rights;
  @Inject private PolicySearch policies;
  @Inject private Clock clock;

  private Realms realms() {
    return request.snapshot().part(Realms.class);
  }

  private Set<String> selected() {
    String action = request.path().substring(request.path().lastIndexOf('/') + 1);
    return RealmSelection.of(
        rights.visible("monitoring", action), request.parameters().text("realms"));
  }

  private Response answer(Object value) {
    request.audit().success(true);
    return Reply.value(value).build();
  }

  @GET
  @Path("tokens")
  public Response tokens() {
    List<String> statuses =
        Arrays.stream(request.parameters().textOrEmpty("status").split(","))
            .map(String::trim)
            .filter(status -> !status.isEmpty() && !status.equals("total"))
            .distinct()
            .toList();
    return answer(statistics.tokens(selected(), statuses));
  }

  @POST
  @Path("tokens")
  public Response postTokens() {
    return tokens();
  }

  /** The number of configured objects; nodes see each other's changes within a second or two. */
  @GET
  @Path("config")
  public Response config() {
    var snapshot = request.snapshot();
    var answer = new LinkedHashMap<String, Object>();
    answer.put("sync", true);
    answer.put("synctime", TIME.format(snapshot.changedAt()));
    answer.put("now", TIME.format(Instant.now(clock)));
    int own = snapshot.configuration().entries().size();
    int derived = stores.asEntries().size();
    answer.put("total", own + derived);
    for (String type : List.of("ldapresolver", "sqlresolver", "passwdresolver")) {
      answer.put(type, realms().resolvers().stream().filter(d -> d.type().equals(type)).count());
    }
    int stored = policies.find(PolicySearch.Filter.ALL).size();
    answer.put("policies", stored);
    answer.put("realms", realms().all().size());
    answer.put("netto", own - stored * PolicyFields.NAMES.size());
    return answer(answer);
  }

  @POST
  @Path("config")
  public Response postConfig() {
    return config();
  }

  /** Seals a text and opens it again. */
  @GET
  @Path("storageEncryption")
  public Response storageEncryption() {
    byte[] clear = "a text to be sealed".getBytes(StandardCharsets.UTF_8);
    String sealed = sealer.seal(Purpose.CONFIGURATION, TEST_CONTEXT, clear);
    boolean works =
        !sealed.contains("a text")
            && Arrays.equals(clear, sealer.open(Purpose.CONFIGURATION, TEST_CONTEXT, sealed));
    var answer = new LinkedHashMap<String, Object>();
    answer.put("cryptmodul_type", "DefaultSecurityModule");
    answer.put("cryptmodul_name", "Default");
    answer.put("encryption", works);
    return answer(answer);
  }

  @POST
  @Path("storageEncryption")
  public Response postStorageEncryption() {
    return storageEncryption();
  }

  /** There are no licences. */
  @GET
  @Path("license")
  public Response license() {
    request.audit().success(true);
    var detail = new LinkedHashMap<String, Object>();
    detail.put("valid", false);
    detail.put("message", "there is no license");
    return Reply.value(Map.of()).detail(detail).build();
  }

  @POST
  @Path("license")
  public Response postLicense() {
    return license();
  }

  @GET
  @Path("userinfo")
  public Response userInfo() {
    return answer(Map.of("Realms", statistics.users(selected())));
  }

  @POST
  @Path("userinfo")
  public Response postUserInfo() {
    return userInfo();
  }

  @GET
  @Path("activeUsers")
  public Response activeUsers() {
    Set<String> selected = selected();
    var answer = new LinkedHashMap<String, Object>();
    answer.put("Realms", statistics.activeUsers(selected));
    answer.put("total", statistics.activeUsersInAll(selected));
    return answer(answer);
  }

  @POST
  @Path("activeUsers")
  public Response postActiveUsers() {
    return activeUsers();
  }
}
