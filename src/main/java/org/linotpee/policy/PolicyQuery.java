package org.linotpee.policy;

import java.net.InetAddress;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;

/**
 * What policies are looked for. A condition that is not set does not filter; a user or realm that
 * is set but unknown is met by policies for everybody or every realm only (spec 07 section 7.3).
 */
final class PolicyQuery {
  private final String scope;
  private Optional<String> action = Optional.empty();
  private boolean byUser;
  private Optional<PolicySubject> user = Optional.empty();
  private boolean byRealm;
  private Optional<String> realm = Optional.empty();
  private boolean byClient;
  private Optional<InetAddress> client = Optional.empty();
  private Optional<ZonedDateTime> time = Optional.empty();

  PolicyQuery(String scope) {
    this.scope = scope;
  }

  PolicyQuery action(String name) {
    action = Optional.of(name);
    return this;
  }

  PolicyQuery user(Optional<PolicySubject> subject) {
    byUser = true;
    user = subject.filter(s -> !s.login().isEmpty());
    return this;
  }

  PolicyQuery realm(Optional<String> name) {
    byRealm = true;
    realm = name.filter(n -> !n.isEmpty()).map(n -> n.toLowerCase(Locale.ROOT));
    return this;
  }

  PolicyQuery client(String address) {
    byClient = true;
    client = AddressCondition.parse(address);
    return this;
  }

  PolicyQuery at(ZonedDateTime moment) {
    time = Optional.of(moment);
    return this;
  }

  String scope() {
    return scope;
  }

  Optional<String> action() {
    return action;
  }

  boolean byUser() {
    return byUser;
  }

  Optional<PolicySubject> user() {
    return user;
  }

  /** In lower case. */
  Optional<String> realm() {
    return realm;
  }

  boolean byRealm() {
    return byRealm;
  }

  boolean byClient() {
    return byClient;
  }

  boolean inTime(Policy policy) {
    return time.map(policy.times()::matches).orElse(true);
  }

  Rank rankOfUser(Policy policy, SubjectLookup lookup) {
    return user.map(subject -> policy.users().rank(subject, lookup))
        .orElseGet(() -> policy.users().everybody() ? Rank.WILDCARD : Rank.NONE);
  }

  Rank rankOfRealm(Policy policy) {
    return realm
        .map(policy.realms()::rankOfLower)
        .orElseGet(() -> policy.realms().everything() ? Rank.WILDCARD : Rank.NONE);
  }

  Rank rankOfClient(Policy policy) {
    return policy.clients().rank(client);
  }
}
