package org.linotpee.policy;

import static org.linotpee.policy.ConditionsTest.LOOKUP;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * What a decision costs, with 10, 100 and 1,000 policies that all speak of the same action. Writes
 * {@code target/benchmark-policies.md}; part of {@code mvn verify -P benchmark}.
 */
class PolicyBenchmark {
  private static final int ROUNDS = 5_000;
  private static final int WARM_UP = 2_000;

  private static Policies policies(int number, IntFunction<String[]> userAndRealm) {
    var all = new ArrayList<PolicyFields>();
    for (int i = 0; i < number; i++) {
      String[] who = userAndRealm.apply(i);
      var stored = new HashMap<String, String>();
      stored.put("scope", "authentication");
      stored.put("action", "otppin=" + i % 4 + ", smstext=\"Your code is <otp>, thanks\"");
      stored.put("user", who[0]);
      stored.put("realm", who[1]);
      stored.put("client", i % 3 == 0 ? "10.0.0.0/8, !10.0.0.1" : "*");
      stored.put("time", i % 5 == 0 ? "* 7-17 * * 1-5 *" : "");
      all.add(PolicyFields.of("p" + i, stored));
    }
    return new Policies(all);
  }

  @Test
  void measure() throws Exception {
    var table =
        new StringBuilder(
            "| policies | number | decision p50 \u00b5s | p99 \u00b5s |\n|---|---|---|---|\n");
    for (int number : List.of(10, 100, 1000)) {
      row(table, "of users", number, policies(number, i -> new String[] {"user" + i, "*"}));
      row(table, "of realms", number, policies(number, i -> new String[] {"*", "realm" + i}));
      row(table, "patterns", number, policies(number, i -> new String[] {"dep" + i + ".*", "*"}));
      row(
          table,
          "expressions",
          number,
          policies(number, i -> new String[] {"(a|b)" + i + "[0-9]+", "*"}));
    }
    Files.writeString(Path.of("target", "benchmark-policies.md"), table);
    System.out.println(table);
  }

  private static void row(StringBuilder table, String kind, int number, Policies policies) {
    for (int i = 0; i < WARM_UP; i++) {
      decide(policies);
    }
    long[] nanoseconds = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long begun = System.nanoTime();
      decide(policies);
      nanoseconds[i] = System.nanoTime() - begun;
    }
    Arrays.sort(nanoseconds);
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %.1f | %.1f |%n",
            kind,
            number,
            nanoseconds[ROUNDS / 2] / 1e3,
            nanoseconds[ROUNDS * 99 / 100] / 1e3));
  }

  /** As a login does: with everything that is known. */
  private static List<Policy> decide(Policies policies) {
    return policies.select(
        new PolicyQuery("authentication")
            .action("otppin")
            .user(Optional.of(new PolicySubject("user5", "realm7", "myDefRes")))
            .realm(Optional.of("realm7"))
            .client("10.0.0.9")
            .at(java.time.Instant.now().atZone(java.time.ZoneOffset.UTC)),
        LOOKUP);
  }
}
