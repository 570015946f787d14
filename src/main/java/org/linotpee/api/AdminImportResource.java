package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
    String content = text(file.content());
    boolean active = parameters.flag("enable").orElse(true);
    try {
      if (content.isEmpty() || type.isEmpty()) {
        throw LinotpException.unclassified("Error loading tokens. File or Type empty!");
      }
      var target =
          new TokenImport.Target(
              type + ", " + file.fileName(),
              realm(parameters, "realm").or(() -> realm(parameters, "targetrealm")),
              active);
      int number =
          tokenImport.load(
              TokenFile.named(type, options), new StringReader(content), target, request.audit());
      return xml(imported(number, file.fileName()));
    } catch (LinotpException e) {
      request.audit().success(false).info(e.clientMessage()).stored(false);
      return xml(failed(e));
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

  private static String text(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw LinotpException.unclassified("the token file is not UTF-8");
    }
  }

  private static Response xml(String body) {
    return Response.ok(body, "text/xml; charset=utf-8").build();
  }

  private static String imported(int number, String fileName) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <jsonrpc version="2.0">
            <result>
                <status>True</status>
                <value>%d tokens were imported from the %s file.</value>
            </result>
            <version>%s</version>
            <id>1</id>
        <options><imported>%d</imported></options>
        </jsonrpc>
        """
        .formatted(number, Answers.escaped(fileName), Reply.VERSION, number);
  }

  /** Only what policies forbid keeps its code. */
  private static String failed(LinotpException failure) {
    boolean forbidden = failure.code() >= 410 && failure.code() <= 413;
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <jsonrpc version="2.0802">
            <result>
                <status>False</status>
                <error>
                    <code>%d</code>
                    <message>%s</message>
                </error>
            </result>
            <version>%s</version>
            <id>1</id>
        </jsonrpc>
        """
        .formatted(
            forbidden ? failure.code() : LinotpException.UNCLASSIFIED,
            Answers.escaped(failure.clientMessage()),
            Reply.VERSION);
  }
}
