package org.linotpee.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;

/**
 * A list of conditions on users: logins and patterns, {@code login@realm}, {@code login.resolver:},
 * {@code #attribute == value}, each of which may be negated (spec 07 section 5.2).
 */
final class UserCondition {
  private interface Test {
    boolean fulfilled(PolicySubject subject, SubjectLookup lookup);
  }

  private record Element(String text, boolean negated, Test test) {}

  private final List<Element> elements = new ArrayList<>();
  private final boolean everybody;
  private final Optional<Set<String>> logins;

  UserCondition(String text) {
    boolean star = false;
    for (String part : text.split(",")) {
      String element = part.trim();
      if (!element.isEmpty()) {
        boolean negated = element.startsWith("!") || element.startsWith("-");
        String bare = negated ? element.substring(1) : element;
        star |= bare.equals("*") && !negated;
        try {
          elements.add(new Element(bare, negated, test(bare)));
        } catch (PatternSyntaxException e) {
          throw LinotpException.unclassified(
              "the user condition '" + element + "' is no pattern: " + e.getDescription());
        }
      }
    }
    everybody = star;
    logins = logins(elements);
  }

  private static Optional<Set<String>> logins(List<Element> elements) {
    var logins = new HashSet<String>();
    for (Element element : elements) {
      String text = element.text();
      if (!element.negated()) {
        boolean plain =
            text.chars().noneMatch(c -> "*#@:".indexOf(c) >= 0) && new LoginPattern(text).literal();
        if (!plain) {
          return Optional.empty();
        }
        logins.add(text);
      }
    }
    return Optional.of(logins);
  }

  /** The only logins that can match, if the list has nothing but logins. */
  Optional<Set<String>> logins() {
    return logins;
  }

  /** True if {@code *} is in the list, so that nobody in particular is as good as anybody. */
  boolean everybody() {
    return everybody;
  }

  Rank rank(PolicySubject subject, SubjectLookup lookup) {
    Rank best = Rank.NONE;
    for (Element element : elements) {
      if (element.test().fulfilled(subject, lookup)) {
        if (element.negated()) {
          return Rank.NONE;
        }
        Rank rank = rank(element.text(), subject);
        best = rank.compareTo(best) < 0 ? rank : best;
      }
    }
    return best;
  }

  private static Rank rank(String text, PolicySubject subject) {
    if (text.equals("*")) {
      return Rank.WILDCARD;
    }
    return subject.isNamed(text) ? Rank.EXACT : Rank.REGEX;
  }

  private static Test test(String text) {
    if (text.indexOf('#') >= 0) {
      return attribute(text);
    }
    if (text.indexOf('@') >= 0) {
      return domain(text);
    }
    if (text.indexOf(':') >= 0) {
      return resolver(text);
    }
    Predicate<String> login = login(text);
    return (subject, lookup) -> login.test(subject.login());
  }

  private static Predicate<String> login(String text) {
    return text.equals("*") ? login -> true : new LoginPattern(text)::matches;
  }

  private static Test domain(String text) {
    int at = text.lastIndexOf('@');
    String realm = text.substring(at + 1);
    Predicate<String> login = at == 0 ? String::isEmpty : login(text.substring(0, at));
    Pattern pattern = Pattern.compile(realm.equals("*") ? ".*" : realm, Pattern.CASE_INSENSITIVE);
    return (subject, lookup) ->
        login.test(subject.login())
            && (pattern.matches(subject.realm()) || realm.equalsIgnoreCase(subject.realm()));
  }

  private static Test resolver(String text) {
    if (!text.endsWith(":")) {
      Predicate<String> login = login(text);
      return (subject, lookup) ->
          login.test(subject.login())
              && lookup
                  .attributes(subject.login(), subject.realm(), subject.resolver())
                  .isPresent();
    }
    return (subject, lookup) -> attributesInResolver(text, subject, lookup).isPresent();
  }

  /** The attributes of the subject in the resolver of {@code [login.]name:}, if he is there. */
  private static Optional<Map<String, String>> attributesInResolver(
      String text, PolicySubject subject, SubjectLookup lookup) {
    String body = text.substring(0, text.length() - 1);
    int dot = body.lastIndexOf('.');
    String name = body.substring(dot + 1);
    Optional<ResolverDefinition> resolver = lookup.realms().resolver(name);
    boolean inRealm =
        lookup
            .realms()
            .named(subject.realm())
            .map(Realms.Realm::resolvers)
            .map(all -> all.stream().anyMatch(d -> d.name().equals(name)))
            .orElse(subject.realm().isEmpty());
    if (resolver.isEmpty()
        || !inRealm
        || (!subject.resolver().isEmpty() && !subject.resolver().equals(name))
        || (dot >= 0 && !login(body.substring(0, dot)).test(subject.login()))) {
      return Optional.empty();
    }
    return lookup
        .attributes(subject.login(), "", name)
        .filter(attributes -> attributes.containsKey("userid"));
  }

  private static Test attribute(String text) {
    int hash = text.indexOf('#');
    String who = text.substring(0, hash);
    Predicate<Map<String, String>> test = attributeTest(text.substring(hash + 1));
    if (who.endsWith(":") && who.indexOf('@') < 0) {
      return (subject, lookup) ->
          attributesInResolver(who, subject, lookup).map(test::test).orElse(false);
    }
    Test first = who.isEmpty() ? (subject, lookup) -> true : test(who);
    return (subject, lookup) ->
        (!subject.realm().isEmpty() || !subject.resolver().isEmpty())
            && first.fulfilled(subject, lookup)
            && lookup
                .attributes(
                    subject.login(), subject.realm().toLowerCase(Locale.ROOT), subject.resolver())
                .map(test::test)
                .orElse(false);
  }

  private static Predicate<Map<String, String>> attributeTest(String text) {
    for (String operator : List.of("==", "!=", "~=")) {
      int at = text.indexOf(operator);
      if (at >= 0) {
        String key = text.substring(0, at).trim();
        String value = text.substring(at + 2).trim();
        return switch (operator) {
          case "==" -> attributes -> value.equals(trimmed(attributes.get(key)));
          case "!=" -> attributes -> !value.equals(trimmed(attributes.get(key)));
          default -> {
            Pattern pattern = Pattern.compile(value);
            yield attributes ->
                attributes.containsKey(key)
                    && !attributes.get(key).isEmpty()
                    && pattern.matcher(attributes.get(key)).find();
          }
        };
      }
    }
    String key = text.trim();
    return attributes -> attributes.containsKey(key);
  }

  private static String trimmed(String value) {
    return value == null ? null : value.trim();
  }
}
