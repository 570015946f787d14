package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/**
 * {@code /healthcheck/metrics}: figures in Prometheus's text format, for the addresses that the
 * setting METRICS_CLIENTS names.
 */
@Path("/healthcheck/metrics")
@RequestScoped
public class MetricsResource {
  @Inject private Metrics metrics;
  @Inject private Settings settings;
  @Context private HttpServletRequest servletRequest;

  @GET
  public Response metrics() {
    var allowed = new Networks(settings.list(Setting.METRICS_CLIENTS));
    if (!allowed.contains(servletRequest.getRemoteAddr())) {
      return Answers.plainPage(403, "Forbidden");
    }
    return Response.ok(metrics.text(), "text/plain; version=0.0.4; charset=utf-8").build();
  }
}
