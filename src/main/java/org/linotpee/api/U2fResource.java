package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.linotpee.identity.Realms;
import org.linotpee.policy.PolicyEngine;

/**
 * {@code /u2f}: the facets of the U2F application of a realm, for browsers (spec 02 section 17).
 */
@Path("/u2f")
@RequestScoped
public class U2fResource {
  @Inject private ApiRequest request;
  @Inject private PolicyEngine policies;

  @GET
  @Path("valid_facets")
  public Response ofDefaultRealm() {
    return facets(request.snapshot().part(Realms.class).defaultRealm());
  }

  @POST
  @Path("valid_facets")
  public Response postOfDefaultRealm() {
    return ofDefaultRealm();
  }

  @GET
  @Path("{realm}/valid_facets")
  public Response ofRealm(@PathParam("realm") String realm) {
    return facets(realm);
  }

  @POST
  @Path("{realm}/valid_facets")
  public Response postOfRealm(@PathParam("realm") String realm) {
    return facets(realm);
  }

  @GET
  @Path("valid_facets/{realm}")
  public Response ofRealmBehind(@PathParam("realm") String realm) {
    return facets(realm);
  }

  @POST
  @Path("valid_facets/{realm}")
  public Response postOfRealmBehind(@PathParam("realm") String realm) {
    return facets(realm);
  }

  private Response facets(String realm) {
    List<String> ids =
        policies
            .realmText("enrollment", "u2f_valid_facets", realm)
            .map(text -> Arrays.stream(text.split(";")).map(String::trim))
            .map(stream -> stream.filter(id -> !id.isEmpty()).toList())
            .orElse(List.of());
    var version = new LinkedHashMap<String, Object>();
    version.put("major", 1);
    version.put("minor", 0);
    var facets = new LinkedHashMap<String, Object>();
    facets.put("version", version);
    facets.put("ids", ids);
    return Response.ok(
            Json.pretty(Map.of("trustedFacets", List.of(facets))),
            "application/fido.trusted-apps+json")
        .build();
  }
}
