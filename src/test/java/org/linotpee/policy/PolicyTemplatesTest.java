package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.testing.TestProduct;

/** Spec 07 section 17. */
class PolicyTemplatesTest extends Examples {
  private PolicyTemplates templates;
  private final Caller caller =
      new Caller() {
        @Override
        public Optional<PolicySubject> administrator() {
          return product.administrator;
        }

        @Override
        public String client() {
          return HERE;
        }
      };

  @BeforeEach
  void templates() {
    product.configure("policy_action_validation", "True");
    templates = new PolicyTemplates(product.policyStore, new PolicySearch(product.policies));
  }

  private PolicyTemplates.Preview apply(String name, String... arguments) {
    return templates.apply(name, TestProduct.map(arguments), "", false, caller, (em, names) -> {});
  }

  @Test
  void eachTemplateCanBeApplied() {
    for (PolicyTemplate template : templates.all()) {
      PolicyTemplates.Preview applied =
          apply(
              template.name(),
              "administrators",
              "admin",
              "clients",
              "10.0.0.0/8",
              "realms",
              "mydefrealm");
      assertThat(applied.policies()).hasSameSizeAs(template.policies());
    }
    assertThat(product.rights.may("system", "write")).isTrue();
  }

  @Test
  void aPreviewStoresNothingAndTellsWhatWouldBeReplaced() {
    policy("password_and_otp", "authentication", "passthru");
    PolicyTemplates.Preview preview = templates.preview("password_and_otp", Map.of(), "", caller);
    assertThat(preview.replaced()).containsExactly("password_and_otp");
    assertThat(preview.policies())
        .containsExactly(
            new PolicyFields(
                "password_and_otp",
                "authentication",
                "otppin=password",
                "*",
                "*",
                "* * * * * *;",
                "*",
                "True"));
    assertThat(templates.preview("password_and_otp", Map.of(), "x_", caller).replaced()).isEmpty();
    assertThat(
            product.policies.flag(
                "authentication",
                "passthru",
                new PolicyContext(Optional.empty(), Optional.of("mydefrealm"), HERE)))
        .isTrue();
  }

  @Test
  void whoWouldLockHimselfOutIsTold() {
    as("somebody");
    assertThat(
            templates
                .preview("help_desk", TestProduct.map("administrators", "hd1, hd2"), "", caller)
                .hints())
        .singleElement()
        .asString()
        .contains("help_desk", "'admin'");
    assertThat(
            templates
                .preview("help_desk", TestProduct.map("administrators", "some*"), "", caller)
                .hints())
        .isEmpty();
  }

  @Test
  void whatCannotBeUsedChangesNothing() {
    refused(905, () -> apply("help_desk"));
    refused(-311, () -> apply("nope"));
    refused(-311, () -> apply("help_desk", "administrators", "a\nb"));
    refused(-311, () -> apply("help_desk", "administrators", "[a"));
    refused(
        -311,
        () -> templates.apply("pin_and_otp", Map.of(), "bad-", false, caller, (em, names) -> {}));
    refused(-311, () -> apply("auditor", "administrators", "aud"));
    assertThat(new PolicySearch(product.policies).find(PolicySearch.Filter.ALL)).isEmpty();
  }

  @Test
  void theNamesReachTheTransaction() {
    var stored = new ArrayList<String>();
    templates.apply(
        "autoenrollment_sms", Map.of(), "", false, caller, (em, names) -> stored.addAll(names));
    assertThat(stored).isEqualTo(List.of("autoenrollment_sms", "autoenrollment_sms_pin"));
  }
}
