package org.linotpee.api.v2;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.linotpee.administration.AdministratorLogin;
import org.linotpee.api.ApiRequest;
import org.linotpee.api.Reply;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserSearch;
import org.linotpee.identity.Users;

/** {@code /api/v2/resolvers}. */
@Path("/api/v2/resolvers")
@RequestScoped
public class ResolversResource {
  @Inject private ApiRequest request;
  @Inject private AdministratorLogin administrators;
  @Inject private UserSearch search;
  @Inject private Users users;

  private Realms realms() {
    return request.snapshot().part(Realms.class);
  }

  @GET
  public Response list() {
    var answer = new ArrayList<Map<String, Object>>();
    for (ResolverDefinition resolver : realms().resolvers()) {
      List<String> in =
          realms().containing(resolver.name()).stream().map(Realms.Realm::name).toList();
      var document = new LinkedHashMap<String, Object>();
      document.put("name", resolver.name());
      document.put("type", resolver.type());
      document.put("spec", resolver.spec());
      document.put("readonly", resolver.managed() ? true : null);
      document.put("admin", in.contains(administrators.realmName()));
      document.put("realms", in);
      answer.add(document);
    }
    request.audit().success(true);
    return Reply.value(answer).build();
  }

  /** A page of a resolver's users, sorted in memory: a store cannot sort by every field. */
  @GET
  @Path("{name}/users")
  public Response users(@PathParam("name") String name) {
    ResolverDefinition resolver = resolver(name);
    var parameters = request.parameters();
    Page page = Page.of(parameters, 0);
    var found = new ArrayList<Map<String, Object>>();
    search.find(
        List.of(resolver),
        UserDocuments.conditions(parameters),
        attributes ->
            found.add(UserDocuments.document(attributes, resolver.type(), resolver.name())));
    String sortBy = parameters.text("sortBy").filter(s -> !s.isEmpty()).orElse("username");
    if (!UserDocuments.document(Map.of(), "", "").containsKey(sortBy)) {
      throw failing("users cannot be sorted by '" + sortBy + "'");
    }
    Comparator<Map<String, Object>> order =
        Comparator.comparing(user -> String.valueOf(user.get(sortBy)));
    found.sort(parameters.textOrEmpty("sortOrder").equals("desc") ? order.reversed() : order);
    int from = (int) Math.min(found.size(), (long) page.number() * page.size());
    int to =
        page.size() == 0 ? found.size() : (int) Math.min(found.size(), (long) from + page.size());
    request.audit().success(true);
    int shownSize = page.size() == 0 ? found.size() : page.size();
    return Reply.value(page.answer(found.size(), shownSize, found.subList(from, to))).build();
  }

  @GET
  @Path("{name}/users/{id}")
  public Response user(@PathParam("name") String name, @PathParam("id") String id) {
    ResolverDefinition resolver = resolver(name);
    var attributes = users.attributes(new OwnerKey(resolver.spec(), id));
    if (attributes.isEmpty()) {
      request.forceErrorStatus(404);
      throw LinotpException.unclassified("there is no user with the id '" + id + "'");
    }
    request.audit().success(true);
    return Reply.value(UserDocuments.document(attributes.get(), resolver.type(), resolver.name()))
        .build();
  }

  private ResolverDefinition resolver(String name) {
    return realms()
        .resolver(name)
        .orElseThrow(() -> failing("there is no resolver '" + name + "'"));
  }

  private LinotpException failing(String text) {
    request.forceErrorStatus(500);
    return LinotpException.unclassified(text);
  }
}
