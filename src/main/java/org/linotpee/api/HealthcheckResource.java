package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;

/** {@code /healthcheck/status}: liveness, without database, audit and envelope (spec 01 14.1). */
@Path("/healthcheck/status")
@RequestScoped
public class HealthcheckResource {
  @GET
  public Response status() {
    var members = new LinkedHashMap<String, Object>();
    members.put("status", "alive");
    members.put("uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
    members.put("version", Reply.VERSION_NUMBER);
    return Response.ok(Json.line(members), "application/json").build();
  }
}
