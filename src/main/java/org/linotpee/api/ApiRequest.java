package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import java.util.Objects;
import java.util.Optional;
import org.linotpee.administration.Administrator;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.Snapshot;
import org.linotpee.identity.UserName;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.Caller;
import org.linotpee.policy.PolicySubject;

/**
 * What the edge has found out about the running request before a resource method runs: parameters,
 * client, administrator, the user it speaks of, the snapshot it reads and the audit row it fills.
 */
@RequestScoped
public class ApiRequest implements Caller {
  private String path = "";
  private String client = "";
  private Parameters parameters;
  private Administrator administrator;
  private UserName user = UserName.NONE;
  private Snapshot snapshot;
  private AuditRecord audit;
  private Object errorId = 1;
  private Integer forcedErrorStatus;

  void begin(String requestPath, String clientAddress, Snapshot current, AuditRecord row) {
    path = requestPath;
    client = clientAddress;
    snapshot = current;
    audit = row;
  }

  void read(Parameters read, UserName requested) {
    parameters = read;
    user = requested;
  }

  void authenticated(Administrator who) {
    administrator = who;
  }

  /** The path without its leading slash, for example {@code admin/init}. */
  public String path() {
    return path;
  }

  /** The first segment of the path. */
  public String controller() {
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }

  /** The client's address by the rules of spec 01 section 5. */
  @Override
  public String client() {
    return client;
  }

  public Parameters parameters() {
    return parameters;
  }

  @Override
  public Optional<PolicySubject> administrator() {
    return Optional.ofNullable(administrator)
        .map(a -> new PolicySubject(a.login(), a.realm(), a.resolver()));
  }

  /** The administrator; endpoints that need one run only when there is one. */
  public Administrator loggedIn() {
    return Objects.requireNonNull(administrator, "the request is not authenticated");
  }

  Optional<Administrator> administratorIfAny() {
    return Optional.ofNullable(administrator);
  }

  /** The user that the request names (spec 01 section 4). */
  public UserName user() {
    return user;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  /** The audit row of this request. */
  public AuditRecord audit() {
    return audit;
  }

  /** The member {@code id} of the envelope should this request fail; 1 unless told. */
  public void errorId(Object id) {
    errorId = id;
  }

  /** Refusals of {@code /admin} by policies always have the id 1 (spec 03 section 1.1). */
  Object errorId(int code) {
    return code == AdminRights.DENIED && controller().equals("admin") ? 1 : errorId;
  }

  /** The HTTP status of a failure, instead of 200; null for that again. */
  public void forceErrorStatus(Integer httpStatus) {
    forcedErrorStatus = httpStatus;
  }

  Optional<Integer> forcedErrorStatus() {
    return Optional.ofNullable(forcedErrorStatus);
  }

  Optional<Parameters> parametersIfRead() {
    return Optional.ofNullable(parameters);
  }

  boolean begun() {
    return audit != null;
  }
}
