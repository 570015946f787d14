package org.linotpee.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import org.linotpee.configuration.LinotpException;

/** What a page tells: in one place, announced to screen readers. */
@RequestScoped
public class Messages {
  @Inject private Texts texts;

  public void done(String key, Object... values) {
    add(FacesMessage.SEVERITY_INFO, texts.of(key, values), "");
  }

  public void warn(String key, Object... values) {
    add(FacesMessage.SEVERITY_WARN, texts.of(key, values), "");
  }

  public void error(String key, Object... values) {
    add(FacesMessage.SEVERITY_ERROR, texts.of(key, values), "");
  }

  /** A refusal of the server: its own words, with the code in small print. */
  public void failed(LinotpException failure) {
    String text =
        texts.or("error.code." + failure.code(), "").isEmpty()
            ? failure.getMessage()
            : texts.or("error.code." + failure.code(), "") + " " + failure.getMessage();
    add(FacesMessage.SEVERITY_ERROR, text, texts.of("error.code", String.valueOf(failure.code())));
  }

  /** What was said stays until the next page has shown it. */
  public void keep() {
    FacesContext.getCurrentInstance().getExternalContext().getFlash().setKeepMessages(true);
  }

  private static void add(FacesMessage.Severity severity, String summary, String detail) {
    FacesContext.getCurrentInstance().addMessage(null, new FacesMessage(severity, summary, detail));
  }
}
