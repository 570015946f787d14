package org.linotpee.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How a person wants pages: language by cookie or else by the browser, light or dark. The cookies
 * are set by the page's script.
 */
@Named
@RequestScoped
public class Preferences {
  private static final Set<String> THEMES = Set.of("light", "dark");

  private Optional<String> cookie(String name) {
    if (!(FacesContext.getCurrentInstance().getExternalContext().getRequest()
            instanceof HttpServletRequest request)
        || request.getCookies() == null) {
      return Optional.empty();
    }
    return Arrays.stream(request.getCookies())
        .filter(c -> c.getName().equals(name))
        .map(Cookie::getValue)
        .findFirst();
  }

  /** The languages that pages have. */
  public List<Locale> getLanguages() {
    return List.of(Locale.ENGLISH, Locale.GERMAN);
  }

  /** The language of this request. */
  public Locale getLocale() {
    Optional<Locale> chosen =
        cookie("linotp_language")
            .flatMap(
                tag ->
                    getLanguages().stream().filter(l -> l.getLanguage().equals(tag)).findFirst());
    if (chosen.isPresent()) {
      return chosen.get();
    }
    var request =
        (HttpServletRequest) FacesContext.getCurrentInstance().getExternalContext().getRequest();
    return Collections.list(request.getLocales()).stream()
        .flatMap(
            wanted ->
                getLanguages().stream().filter(l -> l.getLanguage().equals(wanted.getLanguage())))
        .findFirst()
        .orElse(Locale.ENGLISH);
  }

  /** The zone that times are shown and typed in: the browser's, or UTC if he wants that. */
  public ZoneId getZone() {
    if (cookie("linotp_utc").filter("1"::equals).isPresent()) {
      return ZoneOffset.UTC;
    }
    try {
      return cookie("linotp_zone")
          .map(name -> ZoneId.of(URLDecoder.decode(name, StandardCharsets.UTF_8)))
          .orElse(ZoneOffset.UTC);
    } catch (DateTimeException | IllegalArgumentException unknown) {
      return ZoneOffset.UTC;
    }
  }

  /** {@code light} or {@code dark}; {@code auto} as the system is. */
  public String getTheme() {
    return cookie("linotp_theme").filter(THEMES::contains).orElse("auto");
  }
}
