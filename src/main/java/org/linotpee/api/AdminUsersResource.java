package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.DirectoryUsers;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserSearch;
import org.linotpee.policy.AdminRights;

/** {@code /admin}: users and their stores (spec 03 sections 7 and 9). */
@Path("/admin")
@RequestScoped
public class AdminUsersResource {
  private static final Set<String> NO_CONDITIONS =
      Set.of("realm", "resConf", "page", "rp", "user", "httperror", "csrf_token", "client");

  @Inject private ApiRequest request;
  @Inject private UserSearch search;
  @Inject private UserStream users;
  @Inject private DirectoryUsers directory;
  @Inject private AdminRights rights;

  @GET
  @Path("userlist")
  public Response get() {
    return list();
  }

  @POST
  @Path("userlist")
  public Response post() {
    return list();
  }

  private Response list() {
    Parameters parameters = request.parameters();
    var conditions = new LinkedHashMap<String, String>(parameters.map());
    conditions.keySet().removeAll(NO_CONDITIONS);
    String realm = parameters.textOrEmpty("realm");
    String resolver = parameters.textOrEmpty("resConf").split("\\(", 2)[0].trim();
    request.audit().info("realm: " + realm);
    rights.requireForUser("userlist", "list users of", new UserName("", realm.trim(), resolver));
    boolean badPage =
        parameters.text("page").map(page -> !page.trim().matches("-?[0-9]{1,9}")).orElse(false);
    request.audit().success(!badPage);
    List<ResolverDefinition> resolvers = search.resolvers(realm, resolver);
    var numeric = new HashMap<String, Set<String>>();
    return users.answer(
        resolvers,
        conditions,
        parameters.has("page") ? parameters : parameters.without("rp"),
        user ->
            withNumbers(
                user,
                numeric.computeIfAbsent(
                    user.get("resolver"),
                    spec ->
                        resolvers.stream()
                            .filter(d -> d.spec().equals(spec))
                            .findFirst()
                            .map(search::numericFields)
                            .orElse(Set.of()))));
  }

  /** What is a number in the user store is one in the list, too. */
  private static Map<String, Object> withNumbers(Map<String, String> user, Set<String> numeric) {
    var document = new LinkedHashMap<String, Object>(user);
    for (String field : numeric) {
      String text = user.getOrDefault(field, "");
      if (text.matches("-?[0-9]{1,18}")) {
        document.put(field, Long.valueOf(text));
      }
    }
    return document;
  }

  /** Tries a stored resolver out (spec 05 section 6.7). */
  @POST
  @Path("testresolver")
  public Response testResolver() {
    rights.require("system", "read");
    String name = request.parameters().required("name");
    ResolverDefinition definition =
        request
            .snapshot()
            .part(Realms.class)
            .resolver(name)
            .orElseThrow(() -> LinotpException.unclassified("there is no resolver '" + name + "'"));
    Map<String, Object> result = directory.test(definition);
    request
        .audit()
        .success(
            result.get("result").equals(true)
                || String.valueOf(result.get("result")).startsWith("success"))
        .info(name);
    return Reply.value(result).build();
  }
}
