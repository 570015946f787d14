package org.linotpee.web.manage;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import org.linotpee.administration.AccessToken;
import org.linotpee.api.PageRequest;
import org.linotpee.api.Sessions;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/** Who is logged in, and until when. */
@Named
@RequestScoped
public class Account {
  @Inject private PageRequest pageRequest;
  @Inject private Sessions sessions;
  @Inject private Clock clock;
  @Inject private Settings settings;

  public String getLogin() {
    return pageRequest.administrator().login();
  }

  public String getRealm() {
    return pageRequest.administrator().realm();
  }

  /** True if his password is kept here, so that he can change it here. */
  public boolean isLocal() {
    return pageRequest
        .administrator()
        .resolver()
        .equals(settings.text(Setting.ADMIN_RESOLVER_NAME));
  }

  /** How many seconds the session has left; 0 if it does not end. */
  public long getExpires() {
    var request =
        (HttpServletRequest) FacesContext.getCurrentInstance().getExternalContext().getRequest();
    return sessions
        .of(request)
        .flatMap(AccessToken::expiresAt)
        .map(end -> Math.max(1, end.getEpochSecond() - clock.instant().getEpochSecond()))
        .orElse(0L);
  }
}
