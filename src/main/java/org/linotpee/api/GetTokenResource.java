package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.administration.TokenValues;
import org.linotpee.configuration.LinotpException;
import org.linotpee.token.UpcomingValues;

/** {@code /gettoken}: reads values of tokens (spec 02 section 16). */
@Path("/gettoken")
@RequestScoped
public class GetTokenResource {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);

  @Inject private ApiRequest request;
  @Inject private TokenValues values;

  @GET
  @Path("getotp")
  public Response one() {
    requireActive();
    Parameters parameters = request.parameters();
    request.errorId(1);
    var answer = new LinkedHashMap<String, Object>();
    try {
      TokenValues.Next next =
          values.next(
              parameters.text("serial").filter(serial -> !serial.isEmpty()),
              request.user(),
              moment(parameters),
              request.audit());
      answer.put("result", true);
      answer.put("otpval", next.value());
      answer.put("pin", next.pin());
      answer.put("pass", next.password());
    } catch (TokenValues.NoValues none) {
      request.audit().info(none.getMessage());
      answer.put("result", false);
      answer.put("description", none.getMessage());
      if (!none.serials().isEmpty()) {
        answer.put("serials", none.serials());
      }
    }
    return Reply.value(answer).build();
  }

  @GET
  @Path("getmultiotp")
  public Response several() {
    requireActive();
    Parameters parameters = request.parameters();
    String serial = required(parameters, "serial");
    int count = number(required(parameters, "count"));
    Map<String, Object> answer;
    try {
      TokenValues.Several several =
          values.several(serial, count, moment(parameters), request.audit());
      if (parameters.has("view")) {
        return Response.ok(page(several), "text/html; charset=utf-8").build();
      }
      answer = TokenAnswers.upcoming(several.serial(), several.type(), several.values());
    } catch (TokenValues.NoValues none) {
      request.audit().info(none.getMessage());
      answer = new LinkedHashMap<>();
      answer.put("result", false);
      answer.put("error", none.getMessage());
      answer.put("serial", serial);
    }
    return Reply.value(answer).id(0).build();
  }

  private void requireActive() {
    request.errorId(0);
    values.requireActive();
  }

  /** A missing parameter is reported with the code of failures in general. */
  private static String required(Parameters parameters, String name) {
    return parameters
        .text(name)
        .orElseThrow(
            () -> LinotpException.unclassified(LinotpException.missing(name).clientMessage()));
  }

  static int number(String text) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("'count' must be a number");
    }
  }

  /** The time for which to compute, in UTC; for checks of devices and their clocks. */
  static Optional<Instant> moment(Parameters parameters) {
    try {
      return parameters
          .text("curTime")
          .filter(text -> !text.isBlank())
          .map(text -> LocalDateTime.parse(text.trim(), TIME).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException e) {
      throw LinotpException.unclassified("'curTime' must have the form YYYY-mm-dd HH:MM:SS");
    }
  }

  private static String page(TokenValues.Several several) {
    var rows = new StringBuilder();
    for (UpcomingValues.Value value : several.values().values()) {
      rows.append("<tr><td>")
          .append(Answers.escaped(value.position()))
          .append("</td>")
          .append(value.from().map(from -> "<td>" + from + "</td>").orElse(""))
          .append("<td><code>")
          .append(Answers.escaped(value.otp()))
          .append("</code></td></tr>\n");
    }
    String title = Answers.escaped(several.type() + " " + several.serial());
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>%s</title></head>
        <body>
        <h1>%s</h1>
        <table>
        %s</table>
        </body>
        </html>
        """
        .formatted(title, title, rows);
  }
}
