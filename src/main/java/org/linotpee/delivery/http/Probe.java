package org.linotpee.delivery.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.linotpee.delivery.ProviderTest;

/** The connection test of gateways over HTTP: connects, shakes hands, and asks for nothing. */
final class Probe {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int PROXY_LOGIN = 407;

  private Probe() {}

  static ProviderTest run(HttpGateway gateway, List<Url> urls, Map<String, String> headers) {
    var steps = new ArrayList<String>();
    boolean passed = true;
    String message = "";
    for (Url url : urls) {
      try {
        HttpGateway.Reply reply = gateway.probe(url.uri(), headers);
        message = "the gateway has answered " + reply.line();
        if (reply.status() == PROXY_LOGIN) {
          message = "the proxy refuses the login: " + reply.line();
          passed = false;
        } else if (reply.status() == UNAUTHORIZED || reply.status() == FORBIDDEN) {
          message = "the gateway refuses the login: " + reply.line();
          passed = false;
        }
        steps.add("HEAD " + url.server() + ": " + reply.line());
      } catch (HttpGateway.UnreachableException e) {
        message = "unavailable: " + e.getMessage();
        passed = false;
        steps.add("connect " + url.server() + ": " + e.getMessage());
      }
    }
    return new ProviderTest(passed, message, steps);
  }
}
