package org.linotpee.delivery;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.linotpee.configuration.Service;

/**
 * Keeps slow gateways from taking the server's threads. A provider has a bounded number of messages
 * under way, whoever comes then waits shortly or is turned away, and nobody waits longer than the
 * deadline, whatever the gateway does.
 */
@Service
public class Bulkhead {
  private static final int UNDER_WAY = 16;
  private static final int WAITING = 32;
  private static final int THREADS = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Resource private ManagedThreadFactory serverThreads;

  private final ConcurrentHashMap<String, Gate> gates = new ConcurrentHashMap<>();
  private ExecutorService pool;

  @Inject
  public Bulkhead() {}

  private static final class Gate {
    private final Semaphore underWay = new Semaphore(UNDER_WAY);
    private final Semaphore waiting = new Semaphore(WAITING);
  }

  private synchronized ExecutorService pool() {
    if (pool == null) {
      ThreadFactory factory = serverThreads == null ? Bulkhead::thread : serverThreads;
      pool =
          new ThreadPoolExecutor(
              0, THREADS, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }
    return pool;
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "message");
    thread.setDaemon(true);
    return thread;
  }

  @PreDestroy
  synchronized void close() {
    if (pool != null) {
      pool.shutdownNow();
    }
  }

  /** Too many messages for the same provider are under way. */
  static final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    BusyException(String message) {
      super(message);
    }
  }

  /**
   * Runs a try and waits for its end.
   *
   * @param key the provider
   * @param finished runs when the try has really ended, or was not begun
   * @throws TimeoutException if it does not end in time; it is interrupted then
   * @throws BusyException if it was not begun
   */
  <T> T run(String key, Duration deadline, Callable<T> work, Runnable finished)
      throws TimeoutException, BusyException, ExecutionException {
    Gate gate = gates.computeIfAbsent(key, k -> new Gate());
    long end = System.nanoTime() + deadline.toNanos();
    var task = new FutureTask<>(work);
    boolean begun = false;
    try {
      enter(gate, deadline);
      begin(gate, task, finished);
      begun = true;
      return task.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new TimeoutException("no result within " + deadline.toSeconds() + " s");
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new BusyException("the server is stopping");
    } finally {
      if (!begun) {
        finished.run();
      }
    }
  }

  private void begin(Gate gate, Runnable task, Runnable finished) throws BusyException {
    try {
      pool()
          .execute(
              () -> {
                try {
                  task.run();
                } finally {
                  gate.underWay.release();
                  finished.run();
                }
              });
    } catch (RejectedExecutionException e) {
      gate.underWay.release();
      throw new BusyException("too many messages are under way");
    }
  }

  private static void enter(Gate gate, Duration deadline)
      throws InterruptedException, BusyException {
    if (gate.underWay.tryAcquire()) {
      return;
    }
    if (!gate.waiting.tryAcquire()) {
      throw new BusyException("too many messages wait for the gateway");
    }
    try {
      long patience = Math.min(PATIENCE.toMillis(), deadline.toMillis());
      if (!gate.underWay.tryAcquire(patience, TimeUnit.MILLISECONDS)) {
        throw new BusyException("too many messages are under way");
      }
    } finally {
      gate.waiting.release();
    }
  }
}
