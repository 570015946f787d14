package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Serves a self-service web client that the operator has installed (spec 09 section 11.1): a folder
 * for each language. What it does not have is a route of the client, so its start page answers.
 */
@WebServlet("/selfservice/*")
public class SelfserviceClientServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Pattern SAFE = Pattern.compile("(/[A-Za-z0-9_@-][A-Za-z0-9_@.-]*)*/?");
  private static final List<String> LANGUAGES = List.of("en", "de");
  private static final String ASSETS = "assets/";
  private static final String START_PAGE = "index.html";
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("yaml", "application/yaml"),
          Map.entry("md", "text/markdown; charset=utf-8"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("ttf", "font/ttf"));

  @Inject private transient SelfserviceClient client;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo() == null ? "" : request.getPathInfo();
    Optional<Path> folder = client.folder();
    if (folder.isEmpty() || !SAFE.matcher(path).matches()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    String bare = path.startsWith("/") ? path.substring(1) : path;
    String language = bare.split("/", 2)[0];
    if (!LANGUAGES.contains(language)) {
      response.sendRedirect("/selfservice/" + preferred(request) + "/" + bare);
      return;
    }
    String name = bare.length() > language.length() ? bare.substring(language.length() + 1) : "";
    Optional<Path> file =
        name.startsWith(ASSETS)
            ? asset(folder.get(), language, name)
            : existing(folder.get().resolve(language).resolve(name))
                .or(() -> existing(folder.get().resolve(language).resolve(START_PAGE)));
    if (file.isEmpty()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    send(file.get(), response);
  }

  /** The operator's own files come first. */
  private Optional<Path> asset(Path folder, String language, String name) {
    Path own = client.customFolder();
    return Stream.of(
            own.resolve(language).resolve(name),
            own.resolve(name.substring(ASSETS.length())),
            folder.resolve(language).resolve(name))
        .flatMap(file -> existing(file).stream())
        .findFirst();
  }

  private static Optional<Path> existing(Path file) {
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /** German for those who ask for it before English. */
  private static String preferred(HttpServletRequest request) {
    if (request.getHeader("Accept-Language") == null) {
      return LANGUAGES.get(0);
    }
    for (Locale locale : Collections.list(request.getLocales())) {
      if (LANGUAGES.contains(locale.getLanguage())) {
        return locale.getLanguage();
      }
    }
    return LANGUAGES.get(0);
  }

  private static void send(Path file, HttpServletResponse response) throws IOException {
    String name = file.getFileName().toString();
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    response.setContentType(type == null ? "application/octet-stream" : type);
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
            + " frame-ancestors 'none'; base-uri 'self'; form-action 'self'");
    response.setHeader(
        "Cache-Control", name.equals(START_PAGE) ? "no-cache" : "public, max-age=3600");
    response.setContentLengthLong(Files.size(file));
    Files.copy(file, response.getOutputStream());
  }
}
