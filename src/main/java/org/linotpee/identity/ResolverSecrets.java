package org.linotpee.identity;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.Sealer;

/** Seals and opens the passwords with which resolvers log in to their user stores. */
@Service
public class ResolverSecrets {
  /** The type label of a sealed parameter. */
  public static final String TYPE = "encrypted_data";

  private static final int SHOWN_HEAD = 16;

  private final Sealer sealer;

  @Inject
  public ResolverSecrets(Sealer sealer) {
    this.sealer = sealer;
  }

  private static String context(long resolverId, String parameter) {
    return "resolver/" + resolverId + "/" + parameter;
  }

  /** The parameters as they are stored: secrets sealed. */
  public Map<String, ResolverDefinition.Parameter> sealed(
      long resolverId, Map<String, ResolverDefinition.Parameter> parameters) {
    var sealed = new HashMap<String, ResolverDefinition.Parameter>();
    parameters.forEach(
        (name, parameter) ->
            sealed.put(
                name,
                parameter.type().equals(TYPE)
                    ? new ResolverDefinition.Parameter(
                        sealer.seal(
                            Purpose.CONFIGURATION,
                            context(resolverId, name),
                            parameter.content().getBytes(StandardCharsets.UTF_8)),
                        TYPE)
                    : parameter));
    return sealed;
  }

  /** A parameter in the clear. */
  public String open(ResolverDefinition definition, String name) {
    ResolverDefinition.Parameter parameter = definition.parameters().get(name);
    if (parameter == null || !parameter.type().equals(TYPE)) {
      return parameter == null ? "" : parameter.content();
    }
    return new String(
        sealer.open(Purpose.CONFIGURATION, context(definition.id(), name), parameter.content()),
        StandardCharsets.UTF_8);
  }

  /** The master key that a sealed parameter needs. */
  public String keyIdOf(ResolverDefinition.Parameter parameter) {
    return sealer.keyIdOf(parameter.content());
  }

  /** A parameter as answers show it; of a secret only its sealed form, in hexadecimal. */
  public static String shown(ResolverDefinition.Parameter parameter) {
    if (!parameter.type().equals(TYPE)) {
      return parameter.content();
    }
    byte[] sealed =
        Base64.getDecoder()
            .decode(parameter.content().substring(parameter.content().indexOf(':') + 1));
    String hex = HexFormat.of().formatHex(sealed);
    return hex.substring(0, 2 * SHOWN_HEAD) + ":" + hex.substring(2 * SHOWN_HEAD);
  }
}
