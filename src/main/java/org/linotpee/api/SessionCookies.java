package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.linotpee.administration.AccessTokens;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.selfservice.Session;

/** The cookies of sessions: two of an administrator (spec 01 section 10.3), one of a user. */
@Service
public class SessionCookies {
  private static final Duration LIFETIME = Duration.ofSeconds(31_540_000);
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final Clock clock;
  private final boolean untilBrowserCloses;
  private final Optional<Boolean> secure;
  private final String userSameSite;
  private final ClientAddress clientAddress;

  @Inject
  public SessionCookies(Clock clock, Settings settings, ClientAddress clientAddress) {
    this.clock = clock;
    this.untilBrowserCloses = settings.flag(Setting.JWT_SESSION_COOKIE);
    this.secure =
        settings.isDefault(Setting.SESSION_COOKIE_SECURE)
            ? Optional.empty()
            : Optional.of(settings.flag(Setting.SESSION_COOKIE_SECURE));
    this.userSameSite = settings.text(Setting.SELFSERVICE_COOKIE_SAMESITE).trim();
    this.clientAddress = clientAddress;
  }

  /** The values of two {@code Set-Cookie} headers that hand the token over. */
  List<String> of(AccessTokens.Issued token, HttpServletRequest request) {
    String attributes = "; Path=/; SameSite=Lax" + (secure(request) ? "; Secure" : "");
    if (!untilBrowserCloses) {
      attributes +=
          "; Max-Age="
              + LIFETIME.toSeconds()
              + "; Expires="
              + HTTP_DATE.format(clock.instant().plus(LIFETIME));
    }
    return List.of(
        AccessTokenFilter.COOKIE + "=" + token.compact() + attributes + "; HttpOnly",
        "csrf_access_token=" + token.csrf() + attributes);
  }

  /** The headers that delete the cookies of a session. */
  List<String> emptied(HttpServletRequest request) {
    String attributes =
        "=; Path=/; SameSite=Lax"
            + (secure(request) ? "; Secure" : "")
            + "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";
    return List.of(
        AccessTokenFilter.COOKIE + attributes + "; HttpOnly",
        "csrf_access_token" + attributes,
        "refresh_token_cookie" + attributes + "; HttpOnly",
        "csrf_refresh_token" + attributes);
  }

  /** The header that hands a user's session over; scripts of the portal must be able to read it. */
  String ofUser(String name, Session.Opened session, HttpServletRequest request) {
    return name
        + "="
        + session.value()
        + "; Expires="
        + HTTP_DATE.format(session.expiresAt())
        + userAttributes(request);
  }

  /** The header that deletes the cookie of a user's session. */
  String emptiedOfUser(String name, HttpServletRequest request) {
    return name + "=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0" + userAttributes(request);
  }

  private String userAttributes(HttpServletRequest request) {
    return "; Path=/"
        + (userSameSite.isEmpty() ? "" : "; SameSite=" + userSameSite)
        + (secure(request) ? "; Secure" : "");
  }

  private boolean secure(HttpServletRequest request) {
    return secure.orElseGet(() -> AccessTokenFilter.overTls(request, clientAddress));
  }
}
