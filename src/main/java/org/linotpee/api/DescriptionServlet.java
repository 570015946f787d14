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

  /** The same for everybody, made at the first request; empty if the build has made none. */
  private transient volatile byte[] described;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    byte[] document = described;
    if (document == null) {
      document = made();
      described = document;
    }
    if (document.length == 0) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "public, max-age=3600");
    response.getOutputStream().write(document);
  }

  private byte[] made() throws IOException {
    try (InputStream file =
        getServletContext().getResourceAsStream("/WEB-INF/static/openapi.json")) {
      if (file == null || !(JSON.readTree(file) instanceof ObjectNode document)) {
        return new byte[0];
      }
      PolicyDescription.addTo(document);
      return JSON.writeValueAsBytes(document);
    }
  }
}
