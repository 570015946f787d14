package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** Bookmarks of older self-service pages lead to the present ones (spec 09 section 12). */
@Path("/selfservice-legacy")
@RequestScoped
public class SelfserviceLegacyResource {
  @GET
  public Response index() {
    return Response.status(302).location(URI.create("/selfservice/")).build();
  }

  @GET
  @Path("{page:.*}")
  public Response page() {
    return index();
  }
}
