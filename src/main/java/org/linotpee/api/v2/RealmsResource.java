package org.linotpee.api.v2;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.linotpee.administration.AdministratorLogin;
import org.linotpee.api.ApiRequest;
import org.linotpee.api.Reply;
import org.linotpee.api.UserStream;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;

/** {@code /api/v2/realms}. */
@Path("/api/v2/realms")
@RequestScoped
public class RealmsResource {
  @Inject private ApiRequest request;
  @Inject private AdministratorLogin administrators;
  @Inject private UserStream users;

  @GET
  public Response list() {
    Realms realms = request.snapshot().part(Realms.class);
    var answer = new ArrayList<Map<String, Object>>();
    for (Realms.Realm realm : realms.all()) {
      var document = new LinkedHashMap<String, Object>();
      document.put("name", realm.name());
      document.put("entry", "linotp.useridresolver.group." + realm.name());
      document.put(
          "userIdResolvers", realm.resolvers().stream().map(ResolverDefinition::spec).toList());
      document.put("default", realm.name().equals(realms.defaultRealm()));
      document.put("admin", realm.name().equals(administrators.realmName()));
      answer.add(document);
    }
    request.audit().success(true);
    return Reply.value(answer).build();
  }

  /** Streams the users of a realm. */
  @GET
  @Path("{realm}/users")
  public Response users(@PathParam("realm") String name) {
    Realms.Realm realm =
        request
            .snapshot()
            .part(Realms.class)
            .named(name)
            .orElseThrow(() -> failing("there is no realm '" + name + "'"));
    request.audit().success(true).realm(realm.name());
    Map<String, String> types = new LinkedHashMap<>();
    realm.resolvers().forEach(d -> types.put(d.spec(), d.type()));
    return users.answer(
        realm.resolvers(),
        UserDocuments.conditions(request.parameters()),
        request.parameters(),
        attributes -> {
          String spec = attributes.get("resolver");
          return UserDocuments.document(
              attributes, types.get(spec), spec.substring(spec.lastIndexOf('.') + 1));
        });
  }

  private LinotpException failing(String text) {
    request.forceErrorStatus(500);
    return LinotpException.unclassified(text);
  }
}
