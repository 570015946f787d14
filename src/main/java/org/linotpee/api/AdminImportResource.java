package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
import org.linotpee.enrollment.TokenImport;
import org.linotpee.tokenfile.Pskc;
import org.linotpee.tokenfile.TokenFile;

/** {@code /admin/loadtokens}: import of token files (spec 03 section 8). Its answers are XML. */
@Path("/admin")
@RequestScoped
public class AdminImportResource {
  @Inject private ApiRequest request;
  @Inject private TokenImport tokenImport;

  @POST
  @Path("loadtokens")
  public Response loadTokens() {
    Parameters parameters = request.parameters();
    Parameters.Upload file =
        parameters.file("file").orElseThrow(() -> LinotpException.unclassified("there is no file"));
    String type =
        parameters.text("type").orElseThrow(() -> LinotpException.unclassified("there is no type"));
    var options =
        new TokenFile.Options(
            parameters.text("aladdin_hashlib").orElse("auto"),
            type.equals("pskc") ? key(parameters) : new Pskc.Plain(),
            parameters.has("pskc_checkserial"),
            parameters.textOrEmpty("startdate"));
    requireUtf8(file.content());
    boolean active = parameters.flag("enable").orElse(true);
    try {
      if (file.content().length == 0 || type.isEmpty()) {
        throw LinotpException.unclassified("Error loading tokens. File or Type empty!");
      }
      var target =
          new TokenImport.Target(
              type + ", " + file.fileName(),
              realm(parameters, "realm").or(() -> realm(parameters, "targetrealm")),
              active);
      int number =
          tokenImport.load(
              TokenFile.named(type, options), reader(file.content()), target, request.audit());
      return XmlReply.value(
          number + " tokens were imported from the " + file.fileName() + " file.",
          "<options><imported>" + number + "</imported></options>\n");
    } catch (LinotpException e) {
      request.audit().success(false).info(e.clientMessage()).stored(false);
      boolean forbidden = e.code() >= 410 && e.code() <= 413;
      return XmlReply.failed(e, forbidden ? e.code() : LinotpException.UNCLASSIFIED);
    }
  }

  private static Optional<String> realm(Parameters parameters, String name) {
    return parameters
        .text(name)
        .map(realm -> realm.trim().toLowerCase(Locale.ROOT))
        .filter(realm -> !realm.isEmpty());
  }

  private static Pskc.Key key(Parameters parameters) {
    for (String name : List.of("pskc_type", "pskc_password", "pskc_preshared")) {
      if (!parameters.has(name)) {
        throw LinotpException.unclassified("there is no '" + name + "', which may be empty");
      }
    }
    String type = parameters.textOrEmpty("pskc_type");
    String password = parameters.textOrEmpty("pskc_password");
    String preshared = parameters.textOrEmpty("pskc_preshared");
    return switch (type) {
      case "plain" -> new Pskc.Plain();
      case "key" -> new Pskc.Preshared(preshared);
      case "password" -> new Pskc.Password(password);
      default -> throw LinotpException.unclassified("'pskc_type' must be plain, key or password");
    };
  }

  private static Reader reader(byte[] content) {
    return new InputStreamReader(
        new ByteArrayInputStream(content), StandardCharsets.UTF_8.newDecoder());
  }

  /** Reads it once without keeping it: a large file must not be in memory twice. */
  private static void requireUtf8(byte[] content) {
    var buffer = new char[8192];
    try (Reader reader = reader(content)) {
      int read;
      do {
        read = reader.read(buffer);
      } while (read >= 0);
    } catch (IOException e) {
      throw LinotpException.unclassified("the token file is not UTF-8");
    }
  }
}
