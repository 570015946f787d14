package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.linotpee.administration.AccessToken;
import org.linotpee.administration.AccessTokens;
import org.linotpee.administration.Administrator;
import org.linotpee.administration.AdministratorLogin;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.Service;

/** The sessions of administrators (spec 01 section 10), for the HTTP interface and for pages. */
@Service
public class Sessions {
  private final AccessTokens tokens;
  private final AdministratorLogin administrators;
  private final SessionCookies cookies;

  @Inject
  public Sessions(AccessTokens tokens, AdministratorLogin administrators, SessionCookies cookies) {
    this.tokens = tokens;
    this.administrators = administrators;
    this.cookies = cookies;
  }

  /** The session that the request's cookie carries; a bearer token is none. */
  public Optional<AccessToken> of(HttpServletRequest request) {
    return request.getAttribute(AccessTokenFilter.TOKEN) instanceof AccessToken token
            && !Boolean.TRUE.equals(request.getAttribute(AccessTokenFilter.BEARER))
        ? Optional.of(token)
        : Optional.empty();
  }

  /**
   * The cookies of a new token shortly before the old one ends (spec 01 section 10.6), if the
   * account still is an administrator's; else none.
   */
  public List<String> renewal(HttpServletRequest request) {
    return of(request)
        .filter(tokens::due)
        .filter(token -> administrators.stillAdministrator(token.administrator()))
        .map(token -> cookies.of(tokens.issue(token.administrator()), request))
        .orElse(List.of());
  }

  /** The cookies of a new session. */
  public List<String> begin(Administrator administrator, HttpServletRequest request) {
    return cookies.of(tokens.issue(administrator), request);
  }

  /** Ends the request's session on all nodes; what deletes its cookies. */
  public List<String> logout(AuditRecord audit, HttpServletRequest request) {
    of(request).ifPresent(token -> administrators.logout(token, audit));
    return cookies.emptied(request);
  }
}
