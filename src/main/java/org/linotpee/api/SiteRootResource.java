package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/** The site root (spec 01 section 12): a redirect to where people want to go. */
@Path("/")
@RequestScoped
public class SiteRootResource {
  @Inject private Settings settings;
  @Inject private SelfserviceClient client;

  @GET
  public Response root() {
    String target = settings.text(Setting.SITE_ROOT_REDIRECT);
    String page = client.installed() ? "/selfservice/" : "/manage/";
    return Response.status(302).location(URI.create(target.isEmpty() ? page : target)).build();
  }
}
