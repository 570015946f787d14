package org.linotpee.web.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.PhaseId;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.linotpee.administration.Administrator;
import org.linotpee.administration.AdministratorFactor;
import org.linotpee.administration.AdministratorLogin;
import org.linotpee.administration.AdministratorLogin.Result;
import org.linotpee.api.PageRequest;
import org.linotpee.api.Sessions;
import org.linotpee.audit.AuditRecord;
import org.linotpee.authentication.Outcome;
import org.linotpee.enrollment.QrCode;
import org.linotpee.web.Messages;
import org.linotpee.web.Texts;

/** Login and logout of the console. */
@Named
@RequestScoped
public class LoginView {
  private static final String QR = "://chal/";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject private PageRequest pageRequest;
  @Inject private AdministratorLogin administrators;
  @Inject private Sessions sessions;
  @Inject private Messages messages;
  @Inject private Texts texts;

  private String user = "";
  private String password = "";
  private String otp = "";
  private Optional<Result.Unfinished> unfinished = Optional.empty();

  /**
   * Begins a session and goes to the page that was asked for, or asks for a second factor; one
   * message for every refusal.
   */
  public void login() throws IOException {
    AuditRecord audit = pageRequest.record("admin/login");
    Result result;
    try {
      result =
          getTicket().isEmpty()
              ? administrators.login(user, password, AdministratorLogin.Step.NONE, audit)
              : administrators.proceed(getTicket(), step(), audit);
    } catch (RuntimeException e) {
      messages.failed(pageRequest.failed(audit, e));
      return;
    } finally {
      password = "";
      otp = "";
    }
    if (result instanceof Result.LoggedIn in) {
      begin(in.administrator());
    } else if (result instanceof Result.Unfinished wanted) {
      unfinished = Optional.of(wanted);
      if (wanted.notice() != AdministratorLogin.Notice.NONE) {
        messages.error("login.notice." + wanted.notice());
      }
    } else if (result instanceof Result.Refused refused) {
      unfinished = refused.wanted();
      messages.error(unfinished.isPresent() ? "login.otp.wrong" : "login.wrong");
    }
  }

  private AdministratorLogin.Step step() {
    String asked = parameter("ask");
    boolean anew = !parameter("anew").isEmpty();
    return new AdministratorLogin.Step(
        asked.isEmpty() && !anew ? otp : "", Optional.of(asked), anew);
  }

  private void begin(Administrator administrator) throws IOException {
    ExternalContext external = FacesContext.getCurrentInstance().getExternalContext();
    hand(sessions.begin(administrator, (HttpServletRequest) external.getRequest()), external);
    String from = parameter("from");
    external.redirect(local(from) ? from : "/manage/");
  }

  private static String parameter(String name) {
    return FacesContext.getCurrentInstance()
        .getExternalContext()
        .getRequestParameterMap()
        .getOrDefault(name, "");
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

  /** What stands for the password in the second step; empty in the first. */
  public String getTicket() {
    return unfinished.map(Result.Unfinished::ticket).orElseGet(this::ticketOfRequest);
  }

  /** A refused login begins anew. */
  private String ticketOfRequest() {
    boolean rendering =
        FacesContext.getCurrentInstance().getCurrentPhaseId() == PhaseId.RENDER_RESPONSE;
    return rendering ? "" : parameter("ticket");
  }

  /** True if a challenge was started that can be answered. */
  public boolean isPending() {
    return unfinished.map(Result.Unfinished::pending).orElse(false);
  }

  /** True if the administrator has a token with values that can be typed. */
  public boolean isTyped() {
    return unfinished.stream()
        .flatMap(u -> u.choices().stream())
        .anyMatch(AdministratorFactor.Choice::typed);
  }

  /** The tokens that have to be asked. */
  public List<AdministratorFactor.Choice> getAsked() {
    return unfinished.stream()
        .flatMap(u -> u.choices().stream())
        .filter(choice -> !choice.typed())
        .toList();
  }

  /** What the challenge says; a picture speaks for itself. */
  public String getChallenge() {
    return challenge()
        .map(c -> c.message().contains(QR) ? texts.of("login.scan") : c.message())
        .orElse("");
  }

  /** The picture of a challenge that an app reads; empty if there is none. */
  public String getPicture() {
    return challenge()
        .map(Outcome.Challenged::message)
        .filter(message -> message.contains(QR))
        .map(
            message ->
                "data:image/png;base64," + Base64.getEncoder().encodeToString(QrCode.png(message)))
        .orElse("");
  }

  /** What a FIDO2 device is asked, as JSON; empty if none is. */
  public String getDeviceRequest() throws JsonProcessingException {
    Object request = challenge().map(c -> c.detail().get("signrequest")).orElse(null);
    boolean webAuthn =
        challenge().stream()
            .flatMap(c -> c.challenges().stream())
            .anyMatch(c -> c.tokenType().equalsIgnoreCase("fido2"));
    return request == null || !webAuthn ? "" : JSON.writeValueAsString(request);
  }

  private Optional<Outcome.Challenged> challenge() {
    return unfinished.flatMap(Result.Unfinished::challenge);
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

  /** Never rendered. */
  public String getOtp() {
    return "";
  }

  public void setOtp(String text) {
    otp = text == null ? "" : text.strip();
  }
}
