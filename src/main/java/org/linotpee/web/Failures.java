package org.linotpee.web;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.faces.FacesException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.context.ExceptionHandler;
import jakarta.faces.context.ExceptionHandlerFactory;
import jakarta.faces.context.ExceptionHandlerWrapper;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.ExceptionQueuedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import org.linotpee.configuration.LinotpException;

/**
 * What happens when a view fails: a view whose state is gone is loaded anew, a refusal of a service
 * is told in the page, everything else is logged and told without its cause.
 */
public class Failures extends ExceptionHandlerFactory {
  public Failures(ExceptionHandlerFactory wrapped) {
    super(wrapped);
  }

  @Override
  public ExceptionHandler getExceptionHandler() {
    return new Handler(getWrapped().getExceptionHandler());
  }

  private static final class Handler extends ExceptionHandlerWrapper {
    private static final Logger LOG = System.getLogger(Failures.class.getName());

    Handler(ExceptionHandler wrapped) {
      super(wrapped);
    }

    @Override
    public void handle() {
      FacesContext faces = FacesContext.getCurrentInstance();
      Iterator<ExceptionQueuedEvent> events = getUnhandledExceptionQueuedEvents().iterator();
      while (events.hasNext()) {
        Throwable failure = events.next().getContext().getException();
        if (handled(faces, failure)) {
          events.remove();
        }
      }
      getWrapped().handle();
    }

    private static boolean handled(FacesContext faces, Throwable failure) {
      ExternalContext external = faces.getExternalContext();
      if (find(failure, ViewExpiredException.class) != null) {
        redirect(
            faces,
            external.getRequestContextPath()
                + external.getRequestServletPath()
                + external.getRequestPathInfo());
        return true;
      }
      boolean rendering =
          faces.getCurrentPhaseId() == jakarta.faces.event.PhaseId.RENDER_RESPONSE
              || external.isResponseCommitted();
      if (rendering) {
        return false;
      }
      Messages messages = CDI.current().select(Messages.class).get();
      LinotpException refusal = find(failure, LinotpException.class);
      if (refusal != null) {
        messages.failed(refusal);
      } else {
        LOG.log(Level.ERROR, "a view failed", failure);
        messages.error("error.unforeseen");
      }
      faces.renderResponse();
      return true;
    }

    private static void redirect(FacesContext faces, String url) {
      try {
        faces.getExternalContext().redirect(url);
        faces.responseComplete();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
      for (Throwable t = failure; t != null; t = t.getCause()) {
        if (type.isInstance(t)) {
          return type.cast(t);
        }
        if (t instanceof FacesException && t.getCause() == t) {
          return null;
        }
      }
      return null;
    }
  }
}
