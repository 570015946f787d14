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

/** The two cookies of an administrator's session (spec 01 section 10.3). */
@Service
public class SessionCookies {
  private static final Duration LIFETIME = Duration.ofSeconds(31_540_000);
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final Clock clock;
  private final boolean untilBrowserCloses;
  private final Optional<Boolean> secure;
  private final ClientAddress clientAddress;

  @Inject
  public SessionCookies(Clock clock, Settings settings, ClientAddress clientAddress) {
    this.clock = clock;
    this.untilBrowserCloses = settings.flag(Setting.JWT_SESSION_COOKIE);
    this.secure =
        settings.isDefault(Setting.SESSION_COOKIE_SECURE)
            ? Optional.empty()
            : Optional.of(settings.flag(Setting.SESSION_COOKIE_SECURE));
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

  private boolean secure(HttpServletRequest request) {
    return secure.orElseGet(() -> AccessTokenFilter.overTls(request, clientAddress));
  }
}
