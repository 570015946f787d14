package org.linotpee.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.forwarding.Forwarder;
import org.linotpee.forwarding.LinotpServers;
import org.linotpee.identity.UserName;

/** Values that another server with this interface checks (spec 08 section 14). */
@Service
public class RemoteTokenType extends ElsewhereTokenType {
  private static final Logger LOG = System.getLogger(RemoteTokenType.class.getName());
  private static final String SERVER = "remote.server";
  private static final String LOCAL = "remote.local_checkpin";
  private static final String SERIAL = "remote.serial";
  private static final String USER = "remote.user";
  private static final String REALM = "remote.realm";
  private static final String RESOLVER = "remote.resConf";
  private static final String PATH = "remote.path";
  private static final String VERIFY = "remote.verify_ssl_certificate";
  private static final String BY_USER = "validate/check";
  private static final String BY_SERIAL = "validate/check_s";
  private static final String TRANSACTION = "transactionid";

  private final LinotpServers servers;

  @Inject
  public RemoteTokenType(LinotpServers servers) {
    this.servers = servers;
  }

  @Override
  public String name() {
    return "remote";
  }

  @Override
  public String storedName() {
    return "remote";
  }

  @Override
  public String serialPrefix() {
    return "LSRE";
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    String server = required(parameters, SERVER);
    if (target(server, BY_USER).isEmpty()) {
      throw LinotpException.unclassified("'remote.server' must be an http or https URL");
    }
    boolean local = flag(LOCAL, parameters.text(LOCAL).orElse("1"));
    int length = otpLength(parameters);
    TokenInfo info = token.info().with(SERVER, server).with(LOCAL, local ? "1" : "0");
    for (String name : List.of(SERIAL, USER, REALM, RESOLVER)) {
      info = info.with(name, parameters.text(name).orElse(null));
    }
    token.otpLength(length);
    token.info(info);
    return new Enrolled(Optional.empty(), Optional.empty());
  }

  @Override
  boolean pinHere(Token token) {
    return flag(LOCAL, token.info().get(LOCAL).orElse("1"));
  }

  private static Optional<URI> target(String server, String path) {
    try {
      URI url = new URI(server.trim().replaceAll("/+$", "") + "/" + path.replaceAll("^/+", ""));
      boolean usable =
          url.getHost() != null
              && url.getScheme() != null
              && url.getScheme().toLowerCase(java.util.Locale.ROOT).matches("https?");
      return usable ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String info(Token token, String name) {
    return token.info().get(name).orElse("");
  }

  // asking ----------------------------------------------------------------------------------------

  @Override
  Said ask(TokenRequest request, String password, Optional<ObjectNode> answered)
      throws Forwarder.Unreachable {
    Token token = request.token();
    Optional<Map<String, String>> form = form(token, request.user());
    if (form.isEmpty()) {
      LOG.log(Level.WARNING, "token {0} names nobody to ask its server about", token.serial());
      return Said.NO;
    }
    form.get().put("pass", password);
    answered.ifPresent(asked -> form.get().put("state", asked.path(TRANSACTION).asText()));
    String path = info(token, SERIAL).isEmpty() ? BY_USER : BY_SERIAL;
    return said(
        post(
            token,
            token.info().get(PATH).filter(p -> !p.isBlank()).orElse(path),
            form.get(),
            request.context().configuration()));
  }

  /** Of whom the other server is asked; empty if of nobody. */
  private static Optional<Map<String, String>> form(Token token, UserName requesting) {
    var form = new LinkedHashMap<String, String>();
    if (!info(token, SERIAL).isEmpty()) {
      form.put("serial", info(token, SERIAL));
      return Optional.of(form);
    }
    if (!info(token, USER).isEmpty()) {
      form.put("user", info(token, USER));
      put(form, "realm", info(token, REALM));
      put(form, "resConf", info(token, RESOLVER));
      return Optional.of(form);
    }
    if (!requesting.given()) {
      return Optional.empty();
    }
    form.put("user", requesting.login());
    put(form, "realm", requesting.realm());
    return Optional.of(form);
  }

  private static void put(Map<String, String> form, String name, String value) {
    if (!value.isEmpty()) {
      form.put(name, value);
    }
  }

  private LinotpServers.Reply post(
      Token token, String path, Map<String, String> form, Configuration configuration)
      throws Forwarder.Unreachable {
    URI target =
        target(info(token, SERVER), path)
            .orElseThrow(() -> new Forwarder.Unreachable("'remote.server' is no URL"));
    return servers.post(target, configuration.flag(VERIFY, true), form);
  }

  private static Said said(LinotpServers.Reply reply) {
    if (reply.accepted()) {
      return Said.YES;
    }
    String transaction =
        Optional.ofNullable(reply.detail().get(TRANSACTION))
            .or(() -> Optional.ofNullable(reply.detail().get("state")))
            .map(Objects::toString)
            .orElse("");
    return reply.status() && !transaction.isEmpty()
        ? Said.asks(
            JsonNodeFactory.instance.objectNode().put(TRANSACTION, transaction),
            Objects.toString(reply.detail().get("message"), ""))
        : Said.NO;
  }

  /** The server is asked about the login of whoever may get the token, in its own realm. */
  @Override
  public Optional<Trial> trial(Token token, Configuration configuration) {
    return Optional.of(
        new Trial(
            info(token, SERVER) + "\n" + info(token, REALM),
            (login, password) -> {
              var form = new LinkedHashMap<String, String>();
              form.put("user", login);
              put(form, "realm", info(token, REALM));
              form.put("pass", password);
              try {
                return post(token, BY_USER, form, configuration).accepted();
              } catch (Forwarder.Unreachable e) {
                LOG.log(
                    Level.WARNING,
                    "the server of token {0} does not answer: {1}",
                    token.serial(),
                    e.getMessage());
                return false;
              }
            }));
  }
}
