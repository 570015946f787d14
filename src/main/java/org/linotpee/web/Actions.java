package org.linotpee.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.linotpee.administration.Administrator;
import org.linotpee.api.PageRequest;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.LinotpException;

/**
 * How a page calls a use case: with an audit row of its own, and with a message for people if it is
 * refused.
 *
 * <pre>{@code
 * if (actions.perform("admin/enable", audit -> tokens.enable(selection, audit))) {
 *   messages.done("tokens.enabled", serial);
 * }
 * }</pre>
 */
@RequestScoped
public class Actions {
  @Inject private PageRequest request;
  @Inject private Messages messages;
  @Inject private Texts texts;

  /** The administrator who acts. */
  public Administrator administrator() {
    return request.administrator();
  }

  /**
   * Does something.
   *
   * @param action its name in the audit trail, which is that of the HTTP interface
   * @return false if it was refused, and said so
   */
  public boolean perform(String action, Consumer<AuditRecord> work) {
    return call(
            action,
            audit -> {
              work.accept(audit);
              return true;
            })
        .isPresent();
  }

  /** As {@link #perform}, for what has a result. */
  public <T> Optional<T> call(String action, Function<AuditRecord, T> work) {
    AuditRecord audit = request.record(action);
    try {
      request.require(action);
      T result = work.apply(audit);
      request.finish(audit);
      return Optional.of(result);
    } catch (RuntimeException e) {
      messages.failed(request.failed(audit, e));
      return Optional.empty();
    }
  }

  /**
   * Does something to several things one by one, and tells how many of them it was done to and why
   * not to the others.
   *
   * @param doneKey a text with two variables, the number of those done and of all
   * @return the ones it was done to
   */
  public List<String> each(
      String action,
      String doneKey,
      Collection<String> names,
      BiConsumer<String, AuditRecord> work) {
    var done = new ArrayList<String>();
    for (String name : names) {
      AuditRecord audit = request.record(action);
      try {
        request.require(action);
        work.accept(name, audit);
        request.finish(audit);
        done.add(name);
      } catch (RuntimeException e) {
        LinotpException failure = request.failed(audit, e);
        messages.error("bulk.failed", name, failure.getMessage(), String.valueOf(failure.code()));
      }
    }
    if (!done.isEmpty()) {
      messages.done(doneKey, done.size(), names.size());
    }
    return done;
  }

  /** Looks something up; a refusal is told and the answer empty. No audit row. */
  public <T> Optional<T> look(java.util.function.Supplier<T> work) {
    try {
      return Optional.ofNullable(work.get());
    } catch (LinotpException e) {
      messages.failed(e);
      return Optional.empty();
    }
  }

  /** What the page tells. */
  public Messages messages() {
    return messages;
  }

  /** The texts of the request's language. */
  public Texts texts() {
    return texts;
  }
}
