package org.linotpee.gsm.adapter;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.io.Serializable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.transaction.xa.XAResource;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.GsmListener;
import org.linotpee.gsm.ReceivedMessage;
import org.linotpee.gsm.at.Inbox;

/**
 * Owns the modems of a node: their threads, which the server's work manager runs, and the endpoints
 * that get what they receive.
 */
public class GsmResourceAdapter implements ResourceAdapter, Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(GsmResourceAdapter.class.getName());
  private static final long UNTIL_STARTED = WorkManager.INDEFINITE;

  private record Activation(MessageEndpointFactory factory, GsmActivationSpec spec) {}

  private transient Map<Activation, Boolean> activations = new ConcurrentHashMap<>();
  private transient WorkManager workManager;
  private transient Devices devices;

  @Override
  public void start(BootstrapContext context) {
    activations = new ConcurrentHashMap<>();
    workManager = context.getWorkManager();
    devices = new Devices(new Endpoints(), threads());
  }

  private Executor threads() {
    return task -> {
      try {
        workManager.startWork(work(task), UNTIL_STARTED, null, null);
      } catch (WorkException e) {
        throw new IllegalStateException("the server starts no thread for the modem", e);
      }
    };
  }

  private static Work work(Runnable task) {
    return new Work() {
      @Override
      public void run() {
        task.run();
      }

      @Override
      public void release() {
        // the devices are closed when the adapter stops
      }
    };
  }

  Devices devices() {
    return devices;
  }

  @Override
  public void stop() {
    if (devices != null) {
      devices.close();
    }
    activations.clear();
  }

  @Override
  public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec)
      throws ResourceException {
    if (!(spec instanceof GsmActivationSpec ours)) {
      throw new ResourceException("not an activation of this adapter");
    }
    activations.put(new Activation(factory, ours), true);
  }

  @Override
  public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {
    activations.keySet().removeIf(a -> a.factory().equals(factory) && a.spec() == spec);
  }

  @Override
  public XAResource[] getXAResources(ActivationSpec[] specs) {
    return new XAResource[0];
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** Hands over what comes, in threads of the server. */
  private final class Endpoints implements Inbox {
    @Override
    public void message(ReceivedMessage message, Runnable taken) {
      deliver(message.device(), listener -> listener.onMessage(message), taken);
    }

    @Override
    public void report(DeliveryReport report) {
      deliver(report.device(), listener -> listener.onReport(report), () -> {});
    }

    private void deliver(String device, Consumer<GsmListener> call, Runnable taken) {
      var interested = activations.keySet().stream().filter(a -> a.spec().wants(device)).toList();
      if (interested.isEmpty()) {
        return;
      }
      try {
        workManager.scheduleWork(
            work(
                () -> {
                  boolean all = true;
                  for (Activation activation : interested) {
                    all &= delivered(activation, call);
                  }
                  if (all) {
                    taken.run();
                  }
                }));
      } catch (WorkException e) {
        LOG.log(Level.WARNING, "what the modem at " + device + " has received waits", e);
      }
    }

    private boolean delivered(Activation activation, Consumer<GsmListener> call) {
      MessageEndpoint endpoint = null;
      try {
        endpoint = activation.factory().createEndpoint(null);
        call.accept((GsmListener) endpoint);
        return true;
      } catch (ResourceException | RuntimeException e) {
        LOG.log(Level.WARNING, "an endpoint has not taken what a modem has received", e);
        return false;
      } finally {
        if (endpoint != null) {
          endpoint.release();
        }
      }
    }
  }
}
