package org.linotpee.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.linotpee.policy.PolicyCatalogue;

/** The OpenAPI document knows every action of the catalogue. */
class PolicyDescriptionTest {
  private static ObjectNode described() throws Exception {
    var document =
        (ObjectNode)
            new ObjectMapper()
                .readTree(
                    """
                    {"openapi": "3.1.0", "paths": {
                      "/system/setPolicy": {"post": {"responses": {"200": {"description": "OK"}}}},
                      "/validate/check": {"get": {}}}}
                    """);
    PolicyDescription.addTo(document);
    return document;
  }

  @Test
  void everyActionOfEveryScopeIsThere() throws Exception {
    JsonNode schemas = described().path("components").path("schemas");
    PolicyCatalogue.scopes()
        .forEach(
            (scope, actions) -> {
              JsonNode members = schemas.path("PolicyActions." + scope).path("properties");
              var names = new ArrayList<String>();
              members.fieldNames().forEachRemaining(names::add);
              assertThat(names).as(scope).containsExactlyElementsOf(actions.keySet());
            });
    assertThat(schemas.path("PolicyScope").path("enum")).hasSize(PolicyCatalogue.scopes().size());
  }

  @Test
  void anActionHasItsTypeAndWhatItMayBe() throws Exception {
    JsonNode schemas = described().path("components").path("schemas");
    JsonNode login = schemas.path("PolicyActions.authentication").path("properties");
    assertThat(login.path("passthru").path("type").asText()).isEqualTo("boolean");
    assertThat(login.path("otppin").path("enum").toString()).contains("\"1\"", "\"password\"");
    assertThat(login.path("support_offline").path("pattern").asText()).contains("qr|u2f");
    JsonNode own = schemas.path("PolicyActions.selfservice").path("properties");
    assertThat(own.path("totp_otplen").toString())
        .contains("\"type\":\"integer\"", "\"enum\":[6,8]", "Without a policy: 6");
  }

  @Test
  void theOperationsSpeakOfThemAndKeepTheRest() throws Exception {
    JsonNode paths = described().path("paths");
    JsonNode set = paths.path("/system/setPolicy").path("post");
    assertThat(set.path("responses").path("200").path("description").asText()).isEqualTo("OK");
    JsonNode form =
        set.path("requestBody")
            .path("content")
            .path("application/x-www-form-urlencoded")
            .path("schema");
    assertThat(form.path("required").toString()).contains("name", "scope", "action", "realm");
    assertThat(form.path("properties").path("scope").path("$ref").asText())
        .isEqualTo("#/components/schemas/PolicyScope");
    JsonNode definitions = paths.path("/system/getPolicyDef").path("get").path("responses");
    assertThat(definitions.toString()).contains("PolicyActionDefinition", "\"autoenrollment\"");
    assertThat(paths.has("/validate/check")).isTrue();
  }
}
