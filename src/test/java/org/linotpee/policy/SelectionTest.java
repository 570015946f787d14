package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.linotpee.policy.ConditionsTest.LOOKUP;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** "Specific policies override wildcard policies": the examples of spec 07 section 6.3. */
class SelectionTest {
  /** {@code name user=.. realm=.. client=..}; what is missing is {@code *}. */
  private static Policies policies(String... lines) {
    var all = new ArrayList<PolicyFields>();
    for (String line : lines) {
      String[] parts = line.split(" ", 2);
      var stored = new HashMap<String, String>();
      stored.put("scope", "authentication");
      stored.put("action", "act");
      stored.put("realm", "*");
      if (parts.length > 1) {
        for (String field : parts[1].split("; ")) {
          stored.put(
              field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
        }
      }
      all.add(PolicyFields.of(parts[0], stored));
    }
    return new Policies(all);
  }

  private static PolicyQuery query() {
    return new PolicyQuery("authentication").action("act");
  }

  private static PolicyQuery user(String login, String realm, String resolver) {
    return query().user(Optional.of(new PolicySubject(login, realm, resolver)));
  }

  private static List<String> selected(Policies policies, PolicyQuery query) {
    return policies.select(query, LOOKUP).stream().map(Policy::name).toList();
  }

  private static final Policies USERS =
      policies(
          "wild",
          "uex user=hans",
          "urx user=h*",
          "ures user=myDefRes:",
          "urealm user=*@myDefRealm");

  @Test
  void theUserCountsMost() {
    assertThat(selected(USERS, user("hans", "myDefRealm", "myDefRes"))).containsExactly("uex");
    assertThat(selected(USERS, user("max1", "myOtherRealm", ""))).containsExactly("wild");
    assertThat(selected(USERS, user("helga", "myDefRealm", ""))).containsExactly("urealm", "urx");
  }

  @Test
  void thenTheRealm() {
    Policies policies = policies("wild", "rex realm=mydefrealm");
    assertThat(selected(policies, user("hans", "myDefRealm", "").realm(Optional.of("myDefRealm"))))
        .containsExactly("rex");
    assertThat(
            selected(policies, user("max1", "myOtherRealm", "").realm(Optional.of("myOtherRealm"))))
        .containsExactly("wild");
    assertThat(selected(policies, user("hans", "myDefRealm", "")))
        .containsExactlyInAnyOrder("rex", "wild");
    assertThat(
            selected(
                policies("a user=h*; realm=mydefrealm", "b user=hans"),
                user("hans", "mydefrealm", "").realm(Optional.of("mydefrealm"))))
        .containsExactly("b");
    assertThat(
            selected(
                policies("a user=hans; realm=myotherrealm", "b realm=mydefrealm"),
                user("hans", "mydefrealm", "").realm(Optional.of("mydefrealm"))))
        .containsExactly("b");
    assertThat(selected(policies("a realm=mydefrealm,*"), query().realm(Optional.of("x"))))
        .containsExactly("a");
  }

  @Test
  void thenTheClient() {
    Policies policies = policies("c1 client=10.0.0.0/8", "c2 client=10.0.0.1", "w");
    assertThat(selected(policies, query().client("10.0.0.1"))).containsExactly("c1", "c2");
    assertThat(selected(policies, query().client("192.168.0.1"))).containsExactly("w");
    assertThat(
            selected(
                policies("a client=10.0.0.1", "b user=hans"),
                user("hans", "", "").client("10.0.0.1")))
        .containsExactly("b");
  }

  @Test
  void listsThatNameAUserAndEverybody() {
    Policies policies =
        policies(
            "a user=hans, *; realm=mydefrealm",
            "b user=hans",
            "c realm=mydefrealm; client=10.0.0.1");
    assertThat(selected(policies, in("hans", "mydefrealm", "10.0.0.1"))).containsExactly("a");
    assertThat(selected(policies, in("horst", "mydefrealm", "10.0.0.1"))).containsExactly("c");
    assertThat(selected(policies, in("horst", "mydefrealm", "192.168.0.1"))).containsExactly("a");
    assertThat(
            policies.selectAll(in("hans", "mydefrealm", "10.0.0.1"), LOOKUP).stream()
                .map(Policy::name))
        .containsExactlyInAnyOrder("a", "b", "c");
    Policies five =
        policies(
            "p1 user=hugo, *; realm=myrealm",
            "p2 user=hugo, eva; realm=myrealm; client=127.0.0.1",
            "p3 user=hugo, eva",
            "p4 user=anton, eva, *; realm=myrealm; client=127.0.0.1",
            "p5 user=eva, *; realm=your_realm; client=127.0.0.1");
    assertThat(selected(five, in("hugo", "myrealm", "192.168.178.12"))).containsExactly("p1");
  }

  private static PolicyQuery in(String login, String realm, String client) {
    return user(login, realm, "").realm(Optional.of(realm)).client(client);
  }

  @Test
  void equalRanksAreAllReturned() {
    assertThat(
            selected(policies("b user=hans", "a user=hans", "c"), user("hans", "myDefRealm", "")))
        .containsExactly("a", "b");
    assertThat(
            selected(
                policies("ha user=hans@myDefRealm", "hb user=hans.myDefRes:", "hc user=hans"),
                user("hans", "mydefrealm", "myDefRes")))
        .containsExactly("ha", "hb", "hc");
  }

  @Test
  void nobodyInParticularIsMetByPoliciesForEverybodyOnly() {
    Policies policies = policies("all", "some user=hans", "here realm=mydefrealm");
    PolicyQuery nobody = query().user(Optional.empty()).realm(Optional.empty());
    assertThat(selected(policies, nobody)).containsExactly("all");
  }

  @Test
  void aPolicyThatCannotBeReadStillCounts() {
    Policies policies = policies("bad action=otppin='1", "good action=act");
    assertThat(policies.anyActive("authentication", "authorize")).isTrue();
    assertThat(selected(policies, query())).containsExactly("good");
  }
}
