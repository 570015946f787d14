package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.lang.System.Logger;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.linotpee.administration.LogLevels;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Transactions;

/** {@code /maintenance} (spec 01 section 14.2). */
@Path("/maintenance")
@RequestScoped
public class MaintenanceResource {
  private static final Logger LOG = System.getLogger(MaintenanceResource.class.getName());

  @Inject private ApiRequest request;
  @Inject private Transactions transactions;
  @Inject private LogLevels logLevels;
  @Inject private Settings settings;
  @Inject private ClientAddress clientAddress;
  @Context private HttpServletRequest servletRequest;

  /**
   * Where the settings want a client certificate, its attribute must have come with the request; a
   * trusted proxy tells it in a header of that name, with hyphens.
   */
  private Optional<Response> withoutCertificate() {
    String attribute = settings.text(Setting.MAINTENANCE_VERIFY_CLIENT_ENV_VAR);
    return attribute.isEmpty()
            || servletRequest.getAttribute(attribute) != null
            || toldByProxy(attribute.replace('_', '-'))
        ? Optional.empty()
        : Optional.of(Answers.plainPage(401, "Unauthorized"));
  }

  private boolean toldByProxy(String header) {
    String value = servletRequest.getHeader(header);
    return value != null
        && !value.isBlank()
        && clientAddress.trusted(servletRequest.getRemoteAddr());
  }

  @GET
  @Path("check_status")
  public Response getStatus() {
    return withoutCertificate().orElseGet(this::status);
  }

  @POST
  @Path("check_status")
  public Response postStatus() {
    return getStatus();
  }

  private Response status() {
    try {
      long entries =
          transactions.required(
              em ->
                  em.createQuery("SELECT COUNT(e) FROM ConfigurationEntry e", Long.class)
                      .getSingleResult());
      return Reply.value(true).id(0).detail(Map.of("config", Map.of("entries", entries))).build();
    } catch (RuntimeException e) {
      LOG.log(
          Logger.Level.ERROR,
          "the database cannot be asked for " + ConfigurationEntry.class.getSimpleName(),
          e);
      return Answers.plainPage(500, "the database cannot be reached");
    }
  }

  /** Sets the level of a logger at once and at each start. */
  @POST
  @Path("setLogLevel")
  public Response setLogLevel() {
    Optional<Response> refused = withoutCertificate();
    if (refused.isPresent()) {
      return refused.get();
    }
    Parameters parameters = request.parameters();
    int level;
    try {
      level = Integer.parseInt(parameters.text("level").orElse("0").trim());
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("'level' must be a number");
    }
    String name = parameters.textOrEmpty("loggerName");
    Level set = logLevels.set(name, level);
    LOG.log(Logger.Level.INFO, "logger {0} has the level {1}", name.strip(), set);
    return Reply.value(true).build();
  }
}
