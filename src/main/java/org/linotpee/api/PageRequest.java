package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import org.linotpee.administration.Administrator;
import org.linotpee.administration.ControllerRights;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;

/**
 * The edge of a request for a page: tells {@link ApiRequest}, which is the caller that rights are
 * asked for, who acts from where, and begins and stores the audit rows of what a page does. One
 * page request may do several things; each has a row of its own, with the action of the HTTP
 * interface that does the same.
 */
@Service
public class PageRequest {
  private final ApiRequest request;
  private final Snapshots snapshots;
  private final ClientAddress clientAddress;
  private final AuditTrail auditTrail;
  private final Controllers controllers;
  private final ControllerRights rights;
  private final Clock clock;

  @Inject
  public PageRequest(
      ApiRequest request,
      Snapshots snapshots,
      ClientAddress clientAddress,
      AuditTrail auditTrail,
      Controllers controllers,
      ControllerRights rights,
      Clock clock) {
    this.request = request;
    this.snapshots = snapshots;
    this.clientAddress = clientAddress;
    this.auditTrail = auditTrail;
    this.controllers = controllers;
    this.rights = rights;
    this.clock = clock;
  }

  /** The request was told a client address that is none. */
  public static boolean unusableClient(RuntimeException failure) {
    return failure instanceof ClientAddress.Unusable;
  }

  /** True if the pages of a controller are served (spec 01 section 2). */
  public boolean served(String controller) {
    return controllers.served(controller);
  }

  /** The path as the controller knows it, wherever it is served. */
  public String known(String path) {
    return controllers.anyMoved() ? controllers.moved(path).orElse(path) : path;
  }

  /** Begins the request on behalf of the administrator, or of nobody. */
  public void begin(
      HttpServletRequest servletRequest, String path, Optional<Administrator> administrator) {
    var snapshot = snapshots.current();
    String client = clientAddress.of(servletRequest, snapshot.configuration(), Optional.empty());
    request.begin(path, client, snapshot, new AuditRecord(clock.instant(), path, client));
    administrator.ifPresent(request::authenticated);
  }

  /**
   * Requires the right that the endpoint of the HTTP interface needs.
   *
   * @param action as the HTTP interface names it, for example {@code system/setPolicy}
   * @throws LinotpException 410 if the administrator has it not
   */
  public void require(String action) {
    rights.require(action);
  }

  /**
   * Begins work of an administrator that no request waits for, in the thread that does it.
   *
   * @param client the address of the request that it was asked for with
   */
  public void resume(String path, String client, Administrator administrator) {
    request.begin(
        path, client, snapshots.current(), new AuditRecord(clock.instant(), path, client));
    request.authenticated(administrator);
  }

  /** The address of the client of this request. */
  public String client() {
    return request.client();
  }

  /**
   * A new audit row.
   *
   * @param action as the HTTP interface names it, for example {@code admin/enable}
   */
  public AuditRecord record(String action) {
    var row = new AuditRecord(clock.instant(), action, request.client());
    request.administratorIfAny().ifPresent(who -> row.administrator(who.toString()));
    return row;
  }

  /** Stores a row, unless it was stored with the change that it tells of. */
  public void finish(AuditRecord row) {
    if (!row.stored()) {
      auditTrail.store(row);
    }
  }

  /** Stores the row of what has failed; the failure as people may see it. */
  public LinotpException failed(AuditRecord row, RuntimeException failure) {
    LinotpException known =
        FailureMapper.find(failure).orElseGet(() -> FailureMapper.unforeseen(failure));
    auditTrail.store(row.success(false).info(known.clientMessage()));
    return known;
  }

  /** The administrator on whose behalf the request runs. */
  public Administrator administrator() {
    return request.loggedIn();
  }
}
