package org.linotpee.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/** The OpenAPI document: what the build has found in the resources, and the policies. */
@WebServlet("/static/openapi.json")
public class DescriptionServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (InputStream file =
        getServletContext().getResourceAsStream("/WEB-INF/static/openapi.json")) {
      if (file == null || !(JSON.readTree(file) instanceof ObjectNode document)) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
        return;
      }
      PolicyDescription.addTo(document);
      response.setContentType("application/json");
      response.setHeader("Cache-Control", "public, max-age=3600");
      response.getOutputStream().write(JSON.writeValueAsBytes(document));
    }
  }
}
