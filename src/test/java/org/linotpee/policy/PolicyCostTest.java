package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.linotpee.policy.ConditionsTest.LOOKUP;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decision does not cost more because there are many policies. */
class PolicyCostTest {
  private static final String REALM = "mydefrealm";

  /** As an installation with many departments has them: by user, by realm, for everybody. */
  static Policies many(int number) {
    var all = new ArrayList<PolicyFields>();
    for (int i = 0; i < number; i++) {
      var stored = new HashMap<String, String>();
      stored.put("scope", "authentication");
      stored.put("action", "otppin=" + i % 4);
      stored.put("realm", i % 2 == 0 ? "realm" + i : "*");
      stored.put("user", i % 2 == 0 ? "*" : "user" + i + ", other" + i);
      stored.put("client", i % 3 == 0 ? "10.0.0.0/8" : "*");
      all.add(PolicyFields.of("p" + i, stored));
    }
    return new Policies(all);
  }

  static PolicyQuery query() {
    return new PolicyQuery("authentication")
        .action("otppin")
        .user(Optional.of(new PolicySubject("user5", REALM, "myDefRes")))
        .realm(Optional.of(REALM))
        .client("10.0.0.1");
  }

  /** Counted, not timed: what is looked at does not grow. */
  @ParameterizedTest
  @ValueSource(ints = {10, 1000})
  void onlyPoliciesThatCanMatchAreLookedAt(int number) {
    Policies policies = many(number);
    assertThat(policies.candidates(query())).extracting(Policy::name).containsExactly("p5");
    assertThat(policies.select(query(), LOOKUP)).extracting(Policy::name).containsExactly("p5");
  }

  /** The best of many rounds, so that a busy machine does not count; the bound is generous. */
  @Test
  void aThousandPoliciesCostAboutAsMuchAsTen() {
    long few = best(many(10));
    long many = best(many(1000));
    assertThat(many).as("nanoseconds with 1,000; with 10: " + few).isLessThan(few * 20 + 100_000);
  }

  private static long best(Policies policies) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 50; round++) {
      long begun = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        policies.select(query(), LOOKUP);
      }
      best = Math.min(best, (System.nanoTime() - begun) / 20);
    }
    return best;
  }

  /** The comparison without regular expressions says what the regular expression says. */
  @Test
  void patternsMatchAsRegularExpressionsDo() {
    var random = new Random(20_261_124);
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, "ab.*", 5);
      String login = text(random, "ab", 6);
      String expression = pattern.replace("*", ".*").replace("..*", ".*");
      assertThat(new LoginPattern(pattern).matches(login))
          .as("'%s' and '%s'", pattern, login)
          .isEqualTo(login.equals(pattern) || login.matches(expression));
    }
  }

  private static String text(Random random, String letters, int longest) {
    var text = new StringBuilder();
    for (int i = random.nextInt(longest + 1); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  @Test
  void theIndexFindsWhatLookingAtAllFinds() {
    var random = new Random(7);
    List<String> users =
        List.of("*", "hans", "hans, *", "h*", "!hans, *", "max1, hans", "*@my.*", "");
    List<String> realms =
        List.of("*", "mydefrealm", "*, !mydefrealm", "other, mydefrealm", "other");
    List<String> actions = List.of("act", "*", "act, other", "other", "!act");
    for (int round = 0; round < 300; round++) {
      var all = new ArrayList<PolicyFields>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        var stored = new HashMap<String, String>();
        stored.put("scope", random.nextBoolean() ? "audit" : "authentication");
        stored.put("action", any(random, actions));
        stored.put("realm", any(random, realms));
        stored.put("user", any(random, users));
        stored.put("client", "*");
        all.add(PolicyFields.of("p" + i, stored));
      }
      var policies = new Policies(all);
      for (String scope : List.of("audit", "authentication")) {
        for (int form = 0; form < 8; form++) {
          var query = new PolicyQuery(scope).action("act");
          if ((form & 1) > 0) {
            query.user(
                (form & 4) > 0
                    ? Optional.empty()
                    : Optional.of(new PolicySubject("hans", "mydefrealm", "")));
          }
          if ((form & 2) > 0) {
            query.realm((form & 4) > 0 ? Optional.empty() : Optional.of("myDefRealm"));
          }
          assertThat(policies.selectAll(query, LOOKUP))
              .isEqualTo(
                  policies.verdicts(query, LOOKUP).stream()
                      .filter(
                          v ->
                              v.user() != Rank.NONE
                                  && v.realm() != Rank.NONE
                                  && v.client() != Rank.NONE
                                  && v.inTime())
                      .map(Verdict::policy)
                      .toList());
          assertThat(policies.select(query, LOOKUP))
              .isEqualTo(
                  policies.verdicts(query, LOOKUP).stream()
                      .filter(v -> v.outcome() == Verdict.Outcome.DECIDES)
                      .map(Verdict::policy)
                      .toList());
        }
      }
    }
  }

  private static String any(Random random, List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
