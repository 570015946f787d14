package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/**
 * Serves the files below {@code /WEB-INF/static} and, as {@code custom/}, those of the operator;
 * JAX-RS owns the root, so nothing else does.
 */
@WebServlet("/static/*")
public class StaticServlet extends HttpServlet {
  private static final String CUSTOM = "/custom/";
  private static final long serialVersionUID = 1L;
  private static final Pattern SAFE = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+");
  private static final Map<String, String> TYPES =
      Map.of(
          "json", "application/json",
          "yaml", "application/yaml",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "html", "text/html; charset=utf-8");

  @Inject private transient Settings settings;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo();
    String type = path == null ? null : TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null || !SAFE.matcher(path).matches()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    try (InputStream file = open(path)) {
      if (file == null) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
        return;
      }
      response.setContentType(type);
      response.setHeader("Cache-Control", "public, max-age=3600");
      file.transferTo(response.getOutputStream());
    }
  }

  /** A file of the product, or one of the operator; null if there is none. */
  private InputStream open(String path) throws IOException {
    if (!path.startsWith(CUSTOM)) {
      return getServletContext().getResourceAsStream("/WEB-INF/static" + path);
    }
    // a safe path has no part that leads upwards
    Path file = settings.path(Setting.CUSTOM_DIR).resolve(path.substring(CUSTOM.length()));
    return Files.isRegularFile(file) ? Files.newInputStream(file) : null;
  }
}
