package org.linotpee.api;

import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;

/** Error answers: the JSON envelope, or HTML where {@code httperror} asks for it (spec 01 8). */
final class Answers {
  private static final Map<Integer, String> REASONS =
      Map.of(
          400, "Bad Request",
          401, "Unauthorized",
          403, "Forbidden",
          404, "Not Found",
          410, "Gone",
          500, "Internal Server Error",
          501, "Not Implemented",
          502, "Bad Gateway",
          503, "Service Unavailable");

  private Answers() {}

  /**
   * The answer to a failure.
   *
   * @param httpError what the client asked for with its parameter, if the request has it
   * @param forcedStatus the HTTP status that the endpoint insists on, whatever was asked
   */
  static Response error(
      LinotpException failure,
      Object id,
      Optional<String> httpError,
      Optional<Integer> forcedStatus,
      Configuration configuration) {
    if (httpError.isPresent() && honoured(failure.code(), configuration)) {
      return page(forcedStatus.orElseGet(() -> status(httpError.get())), failure);
    }
    return Reply.error(failure).id(id).http(forcedStatus.orElse(200)).build();
  }

  private static boolean honoured(int code, Configuration configuration) {
    String codes = configuration.text("errors").orElse("");
    return codes.isEmpty() || List.of(codes.split(",")).contains(String.valueOf(code));
  }

  private static int status(String requested) {
    try {
      int status = Integer.parseInt(requested.trim());
      return status >= 200 && status <= 999 ? status : 500;
    } catch (NumberFormatException e) {
      return 500;
    }
  }

  private static Response page(int status, LinotpException failure) {
    String reason = REASONS.getOrDefault(status, "LinOTP Error");
    String title = status + " " + status + " " + reason;
    String body =
        "<html>\n<head>\n<title>%s</title>\n</head>\n<body>\n<h1>%s</h1>\n[%s] %d: %s\n<br>\n<br>\n</body>\n</html>\n"
            .formatted(
                title, title, Reply.VERSION, failure.code(), escaped(failure.clientMessage()));
    return html(status, body);
  }

  /** A page for what clients do not parse: unknown path, wrong method, unreadable body. */
  static Response plainPage(int status, String text) {
    String body =
        "<html>\n<head>\n<title>%d</title>\n</head>\n<body>\n<h1>%d</h1>\n%s\n</body>\n</html>\n"
            .formatted(status, status, escaped(text));
    return html(status, body);
  }

  /** As a header of its own, the type keeps the blank that clients compare. */
  private static Response html(int status, String body) {
    return Response.status(status)
        .header("Content-Type", "text/html; charset=utf-8")
        .entity(body)
        .build();
  }

  /** Text for HTML content and attributes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
