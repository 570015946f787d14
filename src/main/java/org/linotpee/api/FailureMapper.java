package org.linotpee.api;

import jakarta.ejb.EJBException;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
import org.linotpee.selfservice.OwnTokens;

/**
 * Turns whatever a resource throws into an answer. What was not foreseen is logged with its cause;
 * the client gets a sentence without it.
 */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = System.getLogger(FailureMapper.class.getName());

  private static final Map<String, String> IN_GERMAN =
      Map.of(
          OwnTokens.ALREADY_ASSIGNED, "Der Token ist bereits einem anderen Benutzer zugewiesen.");

  @Inject private ApiRequest request;
  @Context private HttpHeaders headers;

  @Override
  public Response toResponse(Throwable failure) {
    if (failure instanceof WebApplicationException web) {
      int status = web.getResponse().getStatus();
      return status >= 400 ? Answers.plainPage(status, reason(status)) : web.getResponse();
    }
    if (failure instanceof ParameterReader.Unreadable unreadable) {
      if (request.begun() && request.controller().equals("userservice")) {
        request.audit().info(unreadable.getMessage());
        return Reply.error(LinotpException.unclassified(unreadable.getMessage()))
            .http(unreadable.httpStatus())
            .build();
      }
      return Answers.plainPage(unreadable.httpStatus(), unreadable.getMessage());
    }
    if (failure instanceof ClientAddress.Unusable) {
      return Answers.plainPage(400, failure.getMessage());
    }
    LinotpException known = find(failure).orElseGet(() -> unforeseen(failure));
    if (!request.begun()) {
      return Reply.error(known).build();
    }
    request.audit().success(false).info(known.clientMessage()).stored(false);
    known = inTheirLanguage(known);
    return Answers.error(
        known,
        request.errorId(known.code()),
        request.parametersIfRead().flatMap(p -> p.text("httperror")),
        request.forcedErrorStatus(),
        request.snapshot().configuration());
  }

  /** Clients of users compare this text, in their language (spec 09 section 9.2). */
  private LinotpException inTheirLanguage(LinotpException failure) {
    boolean german =
        request.controller().equals("userservice")
            && headers.getAcceptableLanguages().stream()
                .map(Locale::getLanguage)
                .filter(language -> language.equals("en") || language.equals("de"))
                .findFirst()
                .map("de"::equals)
                .orElse(false);
    String translated = german ? IN_GERMAN.get(failure.getMessage()) : null;
    return translated == null ? failure : new LinotpException(failure.code(), translated);
  }

  /** The failure as the use case threw it, from within what the container wrapped around it. */
  static Optional<LinotpException> find(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof LinotpException known) {
        return Optional.of(known);
      }
      if (t instanceof EJBException ejb && t.getCause() == null) {
        return ejb.getCausedByException() instanceof LinotpException known
            ? Optional.of(known)
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** What clients are told of a failure that was not foreseen; the log has its cause. */
  static LinotpException unforeseen(Throwable failure) {
    LOG.log(Level.ERROR, "request failed", failure);
    return LinotpException.unclassified("the request could not be processed");
  }

  private static String reason(int status) {
    return switch (status) {
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 415 -> "Unsupported Media Type";
      default -> "The request could not be processed";
    };
  }
}
