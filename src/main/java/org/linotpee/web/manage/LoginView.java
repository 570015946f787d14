package org.linotpee.web.manage;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.linotpee.api.PageRequest;
import org.linotpee.api.Sessions;
import org.linotpee.audit.AuditRecord;
import org.linotpee.web.Messages;

/** Login and logout of the console. */
@Named
@RequestScoped
public class LoginView {
  @Inject private PageRequest pageRequest;
  @Inject private Sessions sessions;
  @Inject private Messages messages;

  private String user = "";
  private String password = "";

  /** Begins a session and goes to the page that was asked for; one message for every refusal. */
  public void login() throws IOException {
    ExternalContext external = FacesContext.getCurrentInstance().getExternalContext();
    AuditRecord audit = pageRequest.record("admin/login");
    List<String> cookies =
        sessions.login(user, password, audit, (HttpServletRequest) external.getRequest());
    password = "";
    if (cookies.isEmpty()) {
      messages.error("login.wrong");
      return;
    }
    hand(cookies, external);
    String from = external.getRequestParameterMap().getOrDefault("from", "");
    external.redirect(local(from) ? from : "/manage/");
  }

  /** Never to another host: the path of a page of the console. */
  static boolean local(String address) {
    return address.startsWith("/ui/manage/")
        && !address.contains("//")
        && !address.contains("\\")
        && address.chars().noneMatch(c -> c <= ' ');
  }

  /** Ends the session on all nodes. */
  public void logout() throws IOException {
    ExternalContext external = FacesContext.getCurrentInstance().getExternalContext();
    AuditRecord audit = pageRequest.record("admin/logout");
    hand(sessions.logout(audit, (HttpServletRequest) external.getRequest()), external);
    pageRequest.finish(audit);
    external.invalidateSession();
    external.redirect("/manage/login");
  }

  private static void hand(List<String> cookies, ExternalContext external) {
    var response = (HttpServletResponse) external.getResponse();
    cookies.forEach(cookie -> response.addHeader("Set-Cookie", cookie));
  }

  public String getUser() {
    return user;
  }

  public void setUser(String text) {
    user = text == null ? "" : text;
  }

  /** Never rendered. */
  public String getPassword() {
    return "";
  }

  public void setPassword(String text) {
    password = text == null ? "" : text;
  }
}
