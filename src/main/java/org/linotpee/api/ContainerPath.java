package org.linotpee.api;

import jakarta.servlet.http.HttpServletRequest;

/** The one path by which all filters decide. */
public final class ContainerPath {
  private ContainerPath() {}

  /**
   * The path by which the container chooses what serves the request: below the application,
   * decoded, without parameters and dots. What the client has written could lead around a check.
   */
  public static String of(HttpServletRequest request) {
    String further = request.getPathInfo();
    return request.getServletPath() + (further == null ? "" : further);
  }
}
