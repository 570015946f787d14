package org.linotpee.gsm.at;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.DeviceStatus;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.GsmException;
import org.linotpee.gsm.SentMessage;
import org.linotpee.gsm.TextMessage;
import org.linotpee.gsm.pdu.DeliverPdu;
import org.linotpee.gsm.pdu.PduException;
import org.linotpee.gsm.pdu.StatusReportPdu;

/**
 * A modem with its thread, which alone uses the port: requests wait in a bounded queue in the order
 * of their coming. A lost modem is looked for with growing intervals; meanwhile requests fail at
 * once, so that callers can take another way.
 */
public final class ModemDevice implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ModemDevice.class.getName());
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final int RUNNING_FACTOR = 2;
  private static final Duration LAST_STEPS = Duration.ofSeconds(3);
  private static final Pattern STORED = Pattern.compile("\\+CMTI: ?\"[^\"]*\", ?([0-9]{1,5})");
  private static final Pattern RESTARTED =
      Pattern.compile("\\+CPIN: ?NOT READY|\\^SYSSTART.*|RDY|\\+CFUN: ?1|\\+PBREADY|PB DONE");

  private final SerialLine.Opener opener;
  private final Timing timing;
  private final Inbox inbox;
  private final Consumer<String> trace;
  private final LinkedBlockingDeque<Job<?>> queue = new LinkedBlockingDeque<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final Map<Integer, Reports> reports = new ConcurrentHashMap<>();
  private final Set<String> refusedPins = new HashSet<>();
  private final PartsBox parts = new PartsBox();
  private final SecureRandom random = new SecureRandom();

  private final CountDownLatch ended = new CountDownLatch(1);

  private volatile GsmDevice settings;
  private volatile Outage outage;
  private volatile Optional<String> lastError = Optional.empty();
  private volatile boolean closed;
  private volatile boolean settingsChanged;

  // of the thread alone
  private Modem modem;
  private int attempts;
  private long aliveUntil;
  private boolean restarted;

  private record Outage(GsmException failure, long until) {
    GsmException again() {
      return new GsmException(failure.category(), failure.getMessage(), failure);
    }
  }

  /**
   * Begins to work; the port is opened at once.
   *
   * @param threads runs the thread, for as long as the device lives
   * @param trace gets the dialogue without secrets
   */
  public ModemDevice(
      GsmDevice settings,
      SerialLine.Opener opener,
      Timing timing,
      Inbox inbox,
      Consumer<String> trace,
      Executor threads) {
    this.settings = settings;
    this.opener = opener;
    this.timing = timing;
    this.inbox = inbox;
    this.trace = trace;
    threads.execute(this::work);
  }

  public GsmDevice settings() {
    return settings;
  }

  /** Works with other settings of the same port from now on. */
  public void reconfigure(GsmDevice changed) {
    if (!changed.equals(settings)) {
      settings = changed;
      settingsChanged = true;
    }
  }

  // requests --------------------------------------------------------------------------------------

  private interface Task<T> {
    T on(Modem modem) throws IOException, ModemTimeout, GsmException;
  }

  /** A request in the queue. */
  private static final class Job<T> {
    private final Task<T> task;
    private final boolean insisting;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final AtomicBoolean taken = new AtomicBoolean();

    Job(Task<T> task, boolean insisting) {
      this.task = task;
      this.insisting = insisting;
    }

    /** True for the first who asks: the thread that works, or the caller who gives up. */
    boolean take() {
      return taken.compareAndSet(false, true);
    }

    void run(Modem on) throws IOException, ModemTimeout {
      try {
        result.complete(task.on(on));
      } catch (GsmException e) {
        result.completeExceptionally(e);
      } catch (ModemTimeout e) {
        result.completeExceptionally(GsmException.unavailable(e.getMessage()));
        throw e;
      } catch (IOException | RuntimeException e) {
        result.completeExceptionally(
            new GsmException(GsmException.Category.UNAVAILABLE, e.getMessage(), e));
        throw e;
      }
    }

    void fail(GsmException reason) {
      if (take()) {
        result.completeExceptionally(reason);
      }
    }
  }

  /**
   * Sends a text.
   *
   * @throws GsmException if that failed, the queue is full, or it took too long
   */
  public SentMessage send(TextMessage message) throws GsmException {
    Reports awaited = new Reports();
    List<Integer> references;
    try {
      references = request(on -> submitted(on, message, awaited), false);
      sent.incrementAndGet();
    } catch (GsmException e) {
      failed.incrementAndGet();
      lastError = Optional.of(e.getMessage());
      throw e;
    }
    boolean wait = message.statusReport() && message.reportTimeout().toMillis() > 0;
    return new SentMessage(
        references, wait ? awaited.within(message.reportTimeout()) : Optional.empty());
  }

  private List<Integer> submitted(Modem on, TextMessage message, Reports awaited)
      throws IOException, ModemTimeout, GsmException {
    List<Integer> references = on.send(message, random.nextInt(256));
    if (message.statusReport()) {
      awaited.expect(references);
      references.forEach(reference -> reports.put(reference, awaited));
    }
    return references;
  }

  /** Asks the modem how it is; a lost one is looked for at once. */
  public DeviceStatus status() throws GsmException {
    Modem.State state = request(Modem::state, true);
    return Modem.status(settings, state, sent.get(), failed.get(), lastError);
  }

  private <T> T request(Task<T> task, boolean insisting) throws GsmException {
    if (closed) {
      throw GsmException.unavailable("the modem at " + settings.port() + " is not used any more");
    }
    Outage now = outage;
    if (now != null && !insisting && System.nanoTime() - now.until() < 0) {
      throw now.again();
    }
    GsmDevice device = settings;
    if (queue.size() >= device.queueLength()) {
      throw GsmException.unavailable(
          "%d messages wait already for the modem at %s"
              .formatted(device.queueLength(), device.port()));
    }
    var job = new Job<T>(task, insisting);
    queue.addLast(job);
    try {
      return job.result.get(device.sendTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      if (job.take()) {
        queue.remove(job);
        throw GsmException.unavailable(
            "the modem at " + device.port() + " was busy for too long with other messages");
      }
      return running(job, device);
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      job.take();
      Thread.currentThread().interrupt();
      throw GsmException.unavailable("interrupted");
    }
  }

  /** The result of a job whose turn has come. */
  private static <T> T running(Job<T> job, GsmDevice device) throws GsmException {
    try {
      return job.result.get(
          device.sendTimeout().toMillis() * RUNNING_FACTOR, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw GsmException.unavailable(
          "the modem at " + device.port() + " has not told in time whether it was sent");
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GsmException.unavailable("interrupted");
    }
  }

  private static GsmException failure(ExecutionException e) {
    return e.getCause() instanceof GsmException known
        ? new GsmException(known.category(), known.getMessage(), known)
        : new GsmException(
            GsmException.Category.UNAVAILABLE, "the modem cannot be used", e.getCause());
  }

  // the thread ------------------------------------------------------------------------------------

  private void work() {
    try {
      while (!closed) {
        if (modem == null && !connect()) {
          waitForNextAttempt();
          continue;
        }
        workWithModem();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the thread of the modem at " + settings.port() + " has failed", e);
    } finally {
      closed = true;
      disconnect();
      failAll(
          GsmException.unavailable("the modem at " + settings.port() + " is not used any more"));
      ended.countDown();
    }
  }

  private boolean connect() {
    GsmDevice device = settings;
    settingsChanged = false;
    restarted = false;
    try {
      modem = new Modem(device, opener.open(device), timing, refusedPins, this::unsolicited, trace);
      try {
        modem.initialise();
      } catch (ModemTimeout e) {
        if (!modem.restart()) {
          throw e;
        }
        modem.initialise();
      }
      if (device.receive()) {
        takeStored();
      }
      outage = null;
      attempts = 0;
      restarted = false;
      alive();
      LOG.log(Level.INFO, "the modem at {0} is ready", device.port());
      return true;
    } catch (IOException | ModemTimeout | GsmException e) {
      lost(e);
      return false;
    }
  }

  /** Closes the port and tells everybody who waits. */
  private void lost(Exception reason) {
    disconnect();
    GsmException failure =
        reason instanceof GsmException known
            ? known
            : new GsmException(
                GsmException.Category.UNAVAILABLE,
                reason instanceof ModemTimeout
                    ? "%s: %s".formatted(settings.port(), reason.getMessage())
                    : String.valueOf(reason.getMessage()),
                reason);
    Duration wait = timing.reopen(attempts++);
    lastError = Optional.of(failure.getMessage());
    outage = new Outage(failure, System.nanoTime() + wait.toNanos());
    LOG.log(
        attempts == 1 ? Level.WARNING : Level.DEBUG,
        "the modem at {0} cannot be used: {1}; next attempt in {2} s",
        settings.port(),
        failure.getMessage(),
        wait.toSeconds());
    failAll(failure);
  }

  private void disconnect() {
    if (modem != null) {
      try {
        modem.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "closing {0}: {1}", settings.port(), e.getMessage());
      }
      modem = null;
    }
    parts.clear();
  }

  private void failAll(GsmException reason) {
    var waiting = new ArrayList<Job<?>>();
    queue.drainTo(waiting);
    waiting.forEach(
        job -> job.fail(new GsmException(reason.category(), reason.getMessage(), reason)));
  }

  private void waitForNextAttempt() throws InterruptedException {
    while (!closed && !settingsChanged) {
      Outage now = outage;
      long left = now.until() - System.nanoTime();
      if (left <= 0) {
        return;
      }
      Job<?> job = queue.pollFirst(Math.min(left, IDLE.toNanos()), TimeUnit.NANOSECONDS);
      if (job != null && job.insisting) {
        queue.addFirst(job);
        return;
      }
      if (job != null) {
        job.fail(now.again());
      }
    }
  }

  private void workWithModem() throws InterruptedException {
    try {
      if (settingsChanged) {
        disconnect();
        return;
      }
      Job<?> job = queue.pollFirst(IDLE.toNanos(), TimeUnit.NANOSECONDS);
      if (job != null) {
        if (job.take()) {
          job.run(modem);
          alive();
        }
      } else {
        idle();
      }
    } catch (ModemTimeout e) {
      restore(e);
    } catch (IOException e) {
      lost(e);
    }
  }

  private void idle() throws IOException, ModemTimeout {
    modem.listen(Duration.ZERO);
    if (restarted) {
      restarted = false;
      LOG.log(Level.INFO, "the modem at {0} has restarted", settings.port());
      try {
        modem.initialise();
      } catch (GsmException e) {
        lost(e);
        return;
      }
      alive();
    }
    if (System.nanoTime() - aliveUntil >= 0) {
      modem.keepAlive();
      alive();
    }
  }

  private void alive() {
    aliveUntil = System.nanoTime() + timing.keepAlive().toNanos();
  }

  private void restore(ModemTimeout reason) {
    LOG.log(Level.WARNING, "{0}: {1}", settings.port(), reason.getMessage());
    lastError = Optional.of(reason.getMessage());
    try {
      modem.restore();
    } catch (IOException | ModemTimeout | GsmException e) {
      lost(e);
    }
  }

  // what the modem says by itself -----------------------------------------------------------------

  private void unsolicited(String text) {
    String[] lines = text.split("\n", 2);
    try {
      Matcher stored = STORED.matcher(lines[0]);
      if (lines[0].startsWith("+CDS:") && lines.length == 2) {
        report(StatusReportPdu.decode(lines[1]));
      } else if (lines[0].startsWith("+CMT:") && lines.length == 2) {
        if (settings.receive()) {
          received(DeliverPdu.decode(lines[1]), -1);
        }
      } else if (stored.matches()) {
        if (settings.receive()) {
          int index = Integer.parseInt(stored.group(1));
          later(() -> takeStored(index));
        }
      } else if (RESTARTED.matcher(lines[0]).matches()) {
        restarted = true;
      }
    } catch (PduException e) {
      LOG.log(Level.DEBUG, "{0}: {1}", settings.port(), e.getMessage());
    }
  }

  private interface Step {
    void run() throws IOException, ModemTimeout;
  }

  /** Does something with the modem when the command that runs now has ended. */
  private void later(Step step) {
    queue.addFirst(
        new Job<Boolean>(
            on -> {
              step.run();
              return true;
            },
            false));
  }

  private void takeStored() throws IOException, ModemTimeout {
    for (var entry : modem.stored().entrySet()) {
      received(entry.getValue(), entry.getKey());
    }
  }

  private void takeStored(int index) throws IOException, ModemTimeout {
    Optional<String> pdu = modem.stored(index);
    if (pdu.isPresent()) {
      received(pdu.get(), index);
    }
  }

  private void received(String pdu, int index) {
    try {
      received(DeliverPdu.decode(pdu), index);
    } catch (PduException e) {
      LOG.log(Level.DEBUG, "{0}: at {1}: {2}", settings.port(), index, e.getMessage());
    }
  }

  private void received(DeliverPdu pdu, int index) {
    parts
        .add(settings.port(), pdu, index)
        .ifPresent(whole -> inbox.message(whole.message(), () -> delete(whole.indices())));
  }

  private void delete(List<Integer> indices) {
    for (int index : indices) {
      later(() -> modem.delete(index));
    }
  }

  private void report(StatusReportPdu pdu) {
    var report =
        new DeliveryReport(
            settings.port(),
            pdu.reference(),
            pdu.recipient(),
            DeliveryReport.Outcome.of(pdu.status()),
            pdu.status(),
            pdu.at());
    Reports awaited = reports.get(pdu.reference());
    if (awaited != null) {
      awaited.came(report);
      if (report.outcome() != DeliveryReport.Outcome.PENDING) {
        reports.remove(pdu.reference(), awaited);
      }
    }
    inbox.report(report);
  }

  /** The reports of the parts of one message. */
  private static final class Reports {
    private final Map<Integer, DeliveryReport.Outcome> outcomes = new HashMap<>();
    private final CompletableFuture<DeliveryReport.Outcome> whole = new CompletableFuture<>();
    private Set<Integer> expected = Set.of();

    synchronized void expect(List<Integer> references) {
      expected = Set.copyOf(new HashSet<>(references));
    }

    synchronized void came(DeliveryReport report) {
      if (report.outcome() == DeliveryReport.Outcome.FAILED) {
        whole.complete(DeliveryReport.Outcome.FAILED);
      }
      outcomes.put(report.reference(), report.outcome());
      boolean delivered =
          expected.stream().allMatch(r -> outcomes.get(r) == DeliveryReport.Outcome.DELIVERED);
      if (delivered) {
        whole.complete(DeliveryReport.Outcome.DELIVERED);
      }
    }

    Optional<DeliveryReport.Outcome> within(Duration time) {
      try {
        return Optional.of(whole.get(time.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException | ExecutionException e) {
        synchronized (this) {
          return outcomes.containsValue(DeliveryReport.Outcome.PENDING)
              ? Optional.of(DeliveryReport.Outcome.PENDING)
              : Optional.empty();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }

  // the end ---------------------------------------------------------------------------------------

  /**
   * Ends the thread and closes the port; what waits fails. Waits for that a little: a server takes
   * the classes away when it has stopped the adapter.
   */
  @Override
  public void close() {
    closed = true;
    try {
      if (!ended.await(LAST_STEPS.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.INFO, "the modem at {0} is still at work", settings.port());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
