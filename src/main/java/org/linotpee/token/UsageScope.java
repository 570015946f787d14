package org.linotpee.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * Where a token may be used: the first segments of request paths in its info, anywhere if there are
 * none (spec 04 section 10).
 */
public final class UsageScope {
  private UsageScope() {}

  /** True if the token may be used in requests whose path begins with this segment. */
  public static boolean allows(Token token, String segment) {
    Optional<JsonNode> paths = paths(token);
    return paths.isEmpty() || paths.get().isEmpty() || names(paths.get(), segment);
  }

  /** True for tokens that are meant for the roll-out only. */
  public static boolean forRollout(Token token) {
    return paths(token).map(p -> names(p, "userservice") || names(p, "validate")).orElse(false);
  }

  private static Optional<JsonNode> paths(Token token) {
    return token.info().node("scope").map(scope -> scope.path("path")).filter(JsonNode::isArray);
  }

  private static boolean names(JsonNode paths, String segment) {
    for (JsonNode path : paths) {
      if (path.asText().equals(segment)) {
        return true;
      }
    }
    return false;
  }
}
