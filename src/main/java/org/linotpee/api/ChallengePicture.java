package org.linotpee.api;

import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.linotpee.enrollment.QrCode;

/**
 * The message of a challenge as QR code, for clients that ask for {@code qr} (spec 01 section 9).
 */
final class ChallengePicture {
  private static final Set<String> SECRET = Set.of("pass", "pin", "password", "otppin", "userpin");
  private static final Set<String> PICTURES = Set.of("png", "img", "embed");
  private static final int MAX_WIDTH = 4000;

  private ChallengePicture() {}

  /** Empty if the request wants none, or there is no message that a picture could show. */
  static Optional<Response> of(Parameters parameters, Map<String, Object> detail) {
    String form = parameters.textOrEmpty("qr");
    Object message = detail.get("message");
    if (form.isEmpty() || message == null) {
      return Optional.empty();
    }
    String text = message.toString();
    if (text.isEmpty() && PICTURES.contains(form)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (form) {
          case "png" -> Response.ok(QrCode.png(text), "image/png").build();
          case "img", "embed" -> html(element(text, Json.line(detail), parameters));
          default -> html(page(text, detail, parameters));
        });
  }

  /** As a header of its own, the type keeps the blank that clients compare. */
  private static Response html(String body) {
    return Response.ok(body).header("Content-Type", "text/html; charset=utf-8").build();
  }

  private static String element(String text, String alt, Parameters parameters) {
    return QrCode.element(text, width(parameters), URLEncoder.encode(alt, StandardCharsets.UTF_8));
  }

  private static int width(Parameters parameters) {
    String width = parameters.textOrEmpty("width").trim();
    return width.matches("\\d{1,4}") ? Math.min(MAX_WIDTH, Integer.parseInt(width)) : 0;
  }

  private static String page(String text, Map<String, Object> detail, Parameters parameters) {
    var listed = new LinkedHashMap<String, String>(parameters.map());
    listed
        .keySet()
        .removeIf(name -> SECRET.contains(name) || Set.of("qr", "width", "alt").contains(name));
    Object transaction = detail.get("transactionid");
    if (transaction != null) {
      listed.put("transactionid", transaction.toString());
    }
    String items =
        listed.entrySet().stream()
            .map(
                e ->
                    "<li> %s: <span class=\"%s\">%s</span> </li>"
                        .formatted(
                            Answers.escaped(e.getKey()),
                            Answers.escaped(e.getKey()),
                            Answers.escaped(e.getValue())))
            .collect(Collectors.joining());
    return "<html><body><div>"
        + (text.isEmpty() ? "" : element(text, text, parameters))
        + "<ul id=\"challenge_data\">"
        + items
        + "</ul></div></body></html>";
  }
}
