package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Part;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.linotpee.api.PageRequest;
import org.linotpee.enrollment.TokenImport;
import org.linotpee.policy.AdminRights;
import org.linotpee.tokenfile.Pskc;
import org.linotpee.tokenfile.TokenFile;
import org.linotpee.web.Actions;
import org.linotpee.web.Uploads;

/** Import of token files (spec 10 section 2.16). */
@Named
@ViewScoped
public class TokenImportView implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final List<String> FORMATS =
      List.of("oathcsv", "pskc", "yubikeycsv", "aladdin-xml", "feitian", "dpw", "dat");

  @Inject private transient ImportJobs jobs;
  @Inject private transient PageRequest request;
  @Inject private transient AdminRights rights;
  @Inject private Actions actions;

  private transient Part file;
  private String format = "oathcsv";
  private String realm = "";
  private boolean active = true;
  private String hash = "auto";
  private String protection = "plain";
  private String key = "";
  private boolean serials;
  private String startDate = "";

  /** The last import of the administrator; null if there was none. */
  public ImportJobs.Job getJob() {
    return jobs.of(actions.administrator()).orElse(null);
  }

  public boolean isRunning() {
    return jobs.of(actions.administrator())
        .map(job -> job.state() == ImportJobs.State.RUNNING)
        .orElse(false);
  }

  /** Begins the import; its progress is shown until it is done, here and on later visits. */
  public void load() {
    String secret = key;
    key = "";
    actions.look(
        () -> {
          String content = Uploads.text(file);
          String name = Uploads.name(file);
          var options =
              new TokenFile.Options(
                  hash,
                  switch (protection) {
                    case "key" -> new Pskc.Preshared(secret);
                    case "password" -> new Pskc.Password(secret);
                    default -> new Pskc.Plain();
                  },
                  serials,
                  startDate);
          jobs.begin(
              actions.administrator(),
              request.client(),
              TokenFile.named(format, options),
              content,
              new TokenImport.Target(
                  format + ", " + name, Optional.of(realm).filter(r -> !r.isEmpty()), active),
              name);
          return name;
        });
  }

  public List<String> getFormats() {
    return FORMATS;
  }

  /** The realms that tokens may be imported into. */
  public List<String> getRealms() {
    return List.copyOf(rights.of("import").existing());
  }

  public Part getFile() {
    return file;
  }

  public void setFile(Part part) {
    file = part;
  }

  public String getFormat() {
    return format;
  }

  public void setFormat(String text) {
    format = FORMATS.contains(text) ? text : "oathcsv";
  }

  public String getRealm() {
    return realm;
  }

  public void setRealm(String text) {
    realm = text == null ? "" : text;
  }

  public boolean isActive() {
    return active;
  }

  public void setActive(boolean on) {
    active = on;
  }

  public String getHash() {
    return hash;
  }

  public void setHash(String text) {
    hash = text == null ? "auto" : text;
  }

  public String getProtection() {
    return protection;
  }

  public void setProtection(String text) {
    protection = text == null ? "plain" : text;
  }

  /** Never rendered. */
  public String getKey() {
    return "";
  }

  public void setKey(String text) {
    key = text == null ? "" : text;
  }

  public boolean isSerials() {
    return serials;
  }

  public void setSerials(boolean on) {
    serials = on;
  }

  public String getStartDate() {
    return startDate;
  }

  public void setStartDate(String text) {
    startDate = text == null ? "" : text;
  }
}
