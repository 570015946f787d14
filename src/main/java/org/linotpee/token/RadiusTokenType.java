package org.linotpee.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.forwarding.Forwarder;
import org.linotpee.forwarding.RadiusServers;

/** Values that a RADIUS server checks (spec 08 section 13). */
@Service
public class RadiusTokenType extends ElsewhereTokenType {
  private static final String SERVER = "radius.server";
  private static final String USER = "radius.user";
  private static final String SECRET = "radius.secret";
  private static final String LOCAL = "radius.local_checkpin";
  private static final String STATE = "transactionid";
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+\\]|[^:\\[\\]/\\s]+)(?::([0-9]{1,5}))?");
  private static final int MAX_PORT = 65_535;

  private final TokenSecrets secrets;
  private final RadiusServers servers;

  @Inject
  public RadiusTokenType(TokenSecrets secrets, RadiusServers servers) {
    this.secrets = secrets;
    this.servers = servers;
  }

  @Override
  public String name() {
    return "radius";
  }

  @Override
  public String storedName() {
    return "radius";
  }

  @Override
  public String serialPrefix() {
    return "LSRA";
  }

  /** The shared secret takes the place of the seed: hexadecimal digits of its bytes. */
  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    String server = required(parameters, SERVER);
    String user = required(parameters, USER);
    String secret = required(parameters, SECRET);
    boolean local = flag(LOCAL, parameters.text(LOCAL).orElse("0"));
    int length = otpLength(parameters);
    server(server, secret);
    secrets.replaceSeed(token, HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
    token.otpLength(length);
    token.info(token.info().with(SERVER, server).with(USER, user).with(LOCAL, local ? "1" : "0"));
    return new Enrolled(Optional.empty(), Optional.empty());
  }

  private static RadiusServers.Server server(String address, String secret) {
    Matcher parts = ADDRESS.matcher(address.trim());
    int port =
        parts.matches() && parts.group(2) != null
            ? Integer.parseInt(parts.group(2))
            : RadiusServers.PORT;
    if (!parts.matches() || port < 1 || port > MAX_PORT) {
      throw LinotpException.unclassified("'radius.server' must be host or host:port");
    }
    return new RadiusServers.Server(parts.group(1), port, secret, Optional.empty());
  }

  @Override
  boolean pinHere(Token token) {
    return flag(LOCAL, token.info().get(LOCAL).orElse("0"));
  }

  @Override
  Said ask(TokenRequest request, String password, Optional<ObjectNode> answered)
      throws Forwarder.Unreachable {
    Token token = request.token();
    String secret = new String(secrets.key(token), StandardCharsets.UTF_8);
    RadiusServers.Reply reply =
        servers.ask(
            server(token.info().get(SERVER).orElse(""), secret),
            new RadiusServers.Login(
                token.info().get(USER).orElse(""),
                password,
                answered.map(asked -> Base64.getDecoder().decode(asked.path(STATE).asText()))));
    return reply
        .challenge()
        .map(
            asked ->
                Said.asks(
                    JsonNodeFactory.instance
                        .objectNode()
                        .put(STATE, Base64.getEncoder().encodeToString(asked.state())),
                    asked.message()))
        .orElse(reply.accepted() ? Said.YES : Said.NO);
  }
}
