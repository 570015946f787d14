package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;

/** Serves a controller under the prefix that ENABLE_CONTROLLERS gives it (spec 01 section 2). */
@Provider
@PreMatching
public class MovedControllers implements ContainerRequestFilter {
  @Inject private Controllers controllers;

  @Override
  public void filter(ContainerRequestContext context) {
    if (!controllers.anyMoved()) {
      return;
    }
    var uri = context.getUriInfo();
    String path = uri.getPath().startsWith("/") ? uri.getPath() : "/" + uri.getPath();
    Optional<String> moved = controllers.moved(path);
    if (moved.isPresent()) {
      context.setRequestUri(
          uri.getBaseUri(), uri.getRequestUriBuilder().replacePath(moved.get()).build());
    } else if (controllers.leftBehind(path)) {
      context.abortWith(Answers.plainPage(404, "Not Found"));
    }
  }
}
