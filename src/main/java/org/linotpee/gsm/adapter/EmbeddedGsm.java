package org.linotpee.gsm.adapter;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.XATerminator;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Timer;
import java.util.concurrent.Executor;
import javax.transaction.xa.XAResource;
import org.linotpee.gsm.GsmConnectionFactory;
import org.linotpee.gsm.GsmListener;

/**
 * The resource adapter without an application server that has it: the non-managed mode of the
 * specification, with an endpoint that is a proxy of a listener. This is what a plain WAR uses.
 */
public final class EmbeddedGsm implements AutoCloseable {
  private final GsmResourceAdapter adapter = new GsmResourceAdapter();
  private final GsmConnectionFactory factory;

  /**
   * Starts it.
   *
   * @param threads runs each work in a thread of its own
   * @param listener gets what modems receive
   */
  public EmbeddedGsm(Executor threads, GsmListener listener) {
    adapter.start(new Bootstrap(new Works(threads)));
    var managed = new GsmManagedConnectionFactory();
    try {
      adapter.endpointActivation(new OneEndpoint(listener), new GsmActivationSpec());
      managed.setResourceAdapter(adapter);
    } catch (ResourceException e) {
      throw new IllegalStateException(e);
    }
    factory = (GsmConnectionFactory) managed.createConnectionFactory();
  }

  public GsmConnectionFactory factory() {
    return factory;
  }

  /** Closes all ports. */
  @Override
  public void close() {
    adapter.stop();
  }

  private record Bootstrap(WorkManager works) implements BootstrapContext {
    @Override
    public WorkManager getWorkManager() {
      return works;
    }

    @Override
    public XATerminator getXATerminator() {
      throw new UnsupportedOperationException("no transactions");
    }

    @Override
    public Timer createTimer() {
      throw new UnsupportedOperationException("no timers");
    }

    @Override
    public boolean isContextSupported(Class<? extends WorkContext> context) {
      return false;
    }

    @Override
    public jakarta.transaction.TransactionSynchronizationRegistry
        getTransactionSynchronizationRegistry() {
      throw new UnsupportedOperationException("no transactions");
    }
  }

  private record Works(Executor threads) implements WorkManager {
    @Override
    public void doWork(Work work) {
      work.run();
    }

    @Override
    public void doWork(Work work, long timeout, ExecutionContext context, WorkListener listener) {
      work.run();
    }

    @Override
    public long startWork(Work work) {
      threads.execute(work);
      return WorkManager.UNKNOWN;
    }

    @Override
    public long startWork(
        Work work, long timeout, ExecutionContext context, WorkListener listener) {
      return startWork(work);
    }

    @Override
    public void scheduleWork(Work work) {
      threads.execute(work);
    }

    @Override
    public void scheduleWork(
        Work work, long timeout, ExecutionContext context, WorkListener listener) {
      threads.execute(work);
    }
  }

  private record OneEndpoint(GsmListener listener) implements MessageEndpointFactory {
    @Override
    public MessageEndpoint createEndpoint(XAResource resource) {
      return (MessageEndpoint)
          Proxy.newProxyInstance(
              GsmListener.class.getClassLoader(),
              new Class<?>[] {GsmListener.class, MessageEndpoint.class},
              (proxy, method, arguments) -> invoke(method, arguments));
    }

    private Object invoke(Method method, Object[] arguments) throws Throwable {
      if (method.getDeclaringClass() == MessageEndpoint.class) {
        return null;
      }
      try {
        return method.invoke(listener, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource, long timeout) {
      return createEndpoint(resource);
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
      return false;
    }

    @Override
    public String getActivationName() {
      return "embedded";
    }

    @Override
    public Class<?> getEndpointClass() {
      return GsmListener.class;
    }
  }
}
