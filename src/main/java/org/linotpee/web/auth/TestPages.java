package org.linotpee.web.auth;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.util.List;

/** The test pages, and which of them is shown. */
@Named
@RequestScoped
public class TestPages {
  private static final List<String> NAMES =
      List.of("index", "index3", "challenge-response", "qrtoken", "pushtoken", "ocra2", "fido2");

  /** The last parts of their addresses; the texts are {@code auth.<name>}. */
  public List<String> getNames() {
    return NAMES;
  }

  /** The shown one. */
  public String getCurrent() {
    String view = FacesContext.getCurrentInstance().getViewRoot().getViewId();
    return view.substring(view.lastIndexOf('/') + 1).replace(".xhtml", "");
  }
}
