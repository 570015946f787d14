package org.linotpee.policy;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What became of a policy when it was asked: which of its conditions were met, how precisely, and
 * why it decides or does not.
 *
 * @param inTime whether the moment fits
 * @param outcome what became of it
 */
public record Verdict(
    Policy policy, Rank user, Rank realm, Rank client, boolean inTime, Outcome outcome) {
  /** Why a policy decides, or not. */
  public enum Outcome {
    DECIDES("decides"),
    USER("does not match the user"),
    REALM("does not match the realm"),
    CLIENT("does not match the client"),
    TIME("does not hold at this time"),
    LESS_PRECISE_USER("matches, but another policy names the user more precisely"),
    LESS_PRECISE_REALM("matches, but another policy names the realm more precisely"),
    LESS_PRECISE_CLIENT("matches, but another policy names the client more precisely");

    private final String sentence;

    Outcome(String sentence) {
      this.sentence = sentence;
    }

    /** For people, behind the name of the policy. */
    public String sentence() {
      return sentence;
    }
  }

  static Verdict of(PolicyQuery query, Policy policy, SubjectLookup lookup) {
    Rank user = query.byUser() ? query.rankOfUser(policy, lookup) : Rank.WILDCARD;
    Rank realm = query.byRealm() ? query.rankOfRealm(policy) : Rank.WILDCARD;
    Rank client = query.byClient() ? query.rankOfClient(policy) : Rank.WILDCARD;
    boolean inTime = query.inTime(policy);
    Outcome outcome =
        user == Rank.NONE
            ? Outcome.USER
            : realm == Rank.NONE
                ? Outcome.REALM
                : client == Rank.NONE ? Outcome.CLIENT : inTime ? Outcome.DECIDES : Outcome.TIME;
    return new Verdict(policy, user, realm, client, inTime, outcome);
  }

  Verdict with(Outcome changed) {
    return new Verdict(policy, user, realm, client, inTime, changed);
  }

  /** The members of an answer. */
  public Map<String, Object> document() {
    var document = new LinkedHashMap<String, Object>();
    document.put("policy", policy.name());
    document.put("decides", outcome == Outcome.DECIDES);
    document.put("reason", outcome.sentence());
    document.put("user", word(user));
    document.put("realm", word(realm));
    document.put("client", word(client));
    document.put("time", inTime);
    return document;
  }

  private static String word(Rank rank) {
    return switch (rank) {
      case EXACT -> "exact";
      case REGEX -> "pattern";
      case WILDCARD -> "any";
      case NONE -> "no";
    };
  }

  /** Such as {@code helpdesk does not match the user}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %s", policy.name(), outcome.sentence());
  }
}
