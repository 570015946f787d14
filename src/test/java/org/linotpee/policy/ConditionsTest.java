package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;

/** The tables of spec 07 section 5. */
class ConditionsTest {
  private static final ResolverDefinition ONE = resolver(1, "myDefRes");
  private static final ResolverDefinition TWO = resolver(2, "myOtherRes");
  private static final Realms REALMS =
      new Realms(
          List.of(
              new Realms.Realm(1, "mydefrealm", List.of(ONE)),
              new Realms.Realm(2, "myotherrealm", List.of(TWO))),
          List.of(ONE, TWO),
          "mydefrealm");

  private static ResolverDefinition resolver(long id, String name) {
    return new ResolverDefinition(id, name, "passwdresolver", false, Map.of());
  }

  private static final Map<String, String> HANS =
      Map.of(
          "userid",
          "1",
          "username",
          "hans",
          "email",
          "hans@example.com",
          "mobile",
          "+49(0)1234-22",
          "phone",
          "");
  private static final Map<String, String> MAX =
      Map.of("userid", "2", "username", "max1", "email", "", "mobile", "", "phone", "");

  static final SubjectLookup LOOKUP =
      new SubjectLookup() {
        @Override
        public Realms realms() {
          return REALMS;
        }

        @Override
        public Optional<Map<String, String>> attributes(
            String login, String realm, String resolver) {
          boolean one =
              realm.isEmpty() ? resolver.equals("myDefRes") : realm.equalsIgnoreCase("mydefrealm");
          if (login.equals("hans") && one) {
            return Optional.of(HANS);
          }
          return login.equals("max1") && !one ? Optional.of(MAX) : Optional.empty();
        }
      };

  private static final List<PolicySubject> SUBJECTS =
      List.of(
          new PolicySubject("hans", "myDefRealm", ""),
          new PolicySubject("hans", "", ""),
          new PolicySubject("hans", "myDefRealm", "myDefRes"),
          new PolicySubject("max1", "myOtherRealm", "myOtherRes"),
          new PolicySubject("nouser", "myDefRealm", ""),
          new PolicySubject("", "", ""));

  private static String letter(Rank rank) {
    return switch (rank) {
      case EXACT -> "E";
      case REGEX -> "R";
      case WILDCARD -> "W";
      case NONE -> "-";
    };
  }

  /** For hans@myDefRealm, hans, hans of myDefRes, max1, somebody unknown, nobody. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "*; WWWWWW",
        "hans; EEE---",
        "Hans; ------",
        "ha; ------",
        "hans.; ------",
        "hans, *; EEEWWW",
        "*, hans; EEEWWW",
        "*, !hans; ---WWW",
        "-hans, *; ---WWW",
        "! hans, *; WWWWWW",
        "!*; ------",
        "h*; RRR---",
        "h.*s; RRR---",
        "ha.s; RRR---",
        "h[a]ns; RRR---",
        "*ans; RRR---",
        "(hans|max1); RRRR--",
        "hans@myDefRealm; E-E---",
        "hans@mydefrealm; E-E---",
        "*@myDefRealm; R-R-R-",
        "*@MYDEFREALM; R-R-R-",
        "@myDefRealm; ------",
        "hans@.*; RRR---",
        "hans@*; RRR---",
        "*@my*; ------",
        "*@my.*; R-RRR-",
        "myDefRes:; RRR---",
        "*.myDefRes:; RRR---",
        "!myDefRes:, *; ---WWW",
        "hans.myDefRes:; RRE---",
        "max1.myOtherRes:; ---E--",
        "myOtherRes:; ---R--",
        "mydefres:; ------",
        "nores:; ------",
        "max1.myDefRes:; ------",
        "#email; R-RR--",
        "#email == hans@example.com; R-R---",
        "#mobile ~= 1234; R-R---",
        "#phone != 1; R-RR--",
        "#nokey; ------",
        "#nokey != x; R-RR--",
        "hans#email; R-R---",
        "*@myDefRealm#userid; R-R---",
        "*@myDefRealm#mobile ~= ^[0-9+]; R-R---",
        "myDefRes:#userid; RRR---",
        "hans.myDefRes:#userid; RRR---"
      })
  void users(String condition, String expected) {
    var compiled = new UserCondition(condition);
    String ranks =
        SUBJECTS.stream()
            .map(subject -> letter(compiled.rank(subject, LOOKUP)))
            .collect(Collectors.joining());
    assertThat(ranks).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "*; WWWW",
        "a; E---",
        "A; E---",
        "a , B; EE--",
        "!a; ----",
        "*,!a; -WWW",
        "!a,*; -WWW",
        "b,!a; -E--",
        "-a, b; -E--",
        "a,!a; ----",
        "a*; ----"
      })
  void realms(String condition, String expected) {
    var compiled = new RealmCondition(condition);
    assertThat(
            List.of("a", "b", "c", "*").stream()
                .map(realm -> letter(compiled.rank(realm)))
                .collect(Collectors.joining()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "*; WWW-",
        "10.0.0.1; E---",
        "10.0.0.0/8; EE--",
        "10.0.0.5/24; EE--",
        "10.0.0.0/255.0.0.0; EE--",
        "10.0.0.0/8, !10.0.0.1; -E--",
        "! 10.0.0.1, 10.0.0.0/8; -E--",
        "!10.0.0.1; ----",
        "!*; ----",
        "!*, 10.0.0.1; ----",
        "*, !10.0.0.1; -WW-",
        "0.0.0.0/0, !10.0.0.1; -EE-",
        "10.0.0.0/8,10.0.0.1,; EE--",
        "2001:db8::/32; ---E"
      })
  void clients(String condition, String expected) {
    var compiled = new AddressCondition(condition);
    String ranks =
        List.of("10.0.0.1", "::ffff:10.0.0.9", "192.168.1.1", "2001:db8::17").stream()
            .map(client -> letter(compiled.rank(client)))
            .collect(Collectors.joining());
    // the fourth address is of the other family, for which '*' stands as well
    assertThat(ranks)
        .isEqualTo(condition.startsWith("*") ? expected.substring(0, 3) + "W" : expected);
  }

  /** Mon 2024-07-01 09:30, Sat 07-06, Sun 07-07, Mon 18:00, Mon 06:59, Tue 2024-12-31 23:59. */
  private static final List<LocalDateTime> TIMES =
      List.of(
          LocalDateTime.parse("2024-07-01T09:30"),
          LocalDateTime.parse("2024-07-06T09:30"),
          LocalDateTime.parse("2024-07-07T09:30"),
          LocalDateTime.parse("2024-07-01T18:00"),
          LocalDateTime.parse("2024-07-01T06:59"),
          LocalDateTime.parse("2024-12-31T23:59"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | YYYYYY",
        "* * * * * *; | YYYYYY",
        "* 7-17 * * 1-5 * | Y-----",
        "*   7-17   * * *   * | YYY---",
        "*/15 * * * * * | YYYY--",
        "*/7 * * * * * | ---Y--",
        "30 9 * * * * | YYY---",
        "* * * * 0 * | --Y---",
        "* * * * 6,0 * | -YY---",
        "* * * * 6-7 * | -YY---",
        "* * * * 0-6 * | YYYYYY",
        "* * 1,15,31 * * * | Y--YYY",
        "* * * 7 * * | YYYYY-",
        "* * * * * 2024 | YYYYYY",
        "* * * * * 2025-2030 | ------",
        "* * * * * *; !* 18-23 * * * *; -* 0-6 * * * * | YYY---",
        "!* 18-23 * * * * | ------",
        "* 22-6 * * * * | ------",
        "* 0-6,22-23 * * * * | ----YY",
        "59 23 31 12 * * | -----Y",
        "* MON * * * * | ------",
        "0/15 * * * * * | ------",
        "*;!* 9 * * * * | YYYYYY",
        "!* 9 * * * *;* | ---YYY"
      })
  void times(String condition, String expected) {
    var compiled = new TimeCondition(condition);
    assertThat(
            TIMES.stream()
                .map(time -> compiled.matches(time.atZone(ZoneOffset.UTC)) ? "Y" : "-")
                .collect(Collectors.joining()))
        .isEqualTo(expected);
  }
}
