package org.linotpee.web.manage;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import java.io.FilterReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.linotpee.administration.Administrator;
import org.linotpee.api.PageRequest;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.LinotpException;
import org.linotpee.enrollment.TokenImport;
import org.linotpee.tokenfile.TokenFile;

/**
 * Imports of token files that no request waits for: one for each administrator at a time. What they
 * have come to is known to this node until the next import of the same administrator, whichever
 * page or session asks.
 */
@ApplicationScoped
public class ImportJobs {
  /** What an import has come to. */
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }

  /** An import; read by pages while it runs. */
  public static final class Job {
    private final String fileName;
    private final long length;
    private final AtomicLong read = new AtomicLong();
    private volatile int tokens;
    private volatile State state = State.RUNNING;
    private volatile String failure = "";

    Job(String fileName, long length) {
      this.fileName = fileName;
      this.length = Math.max(1, length);
    }

    public String fileName() {
      return fileName;
    }

    public State state() {
      return state;
    }

    /** How many tokens were read so far; of a finished import, how many there are. */
    public int tokens() {
      return tokens;
    }

    /** How much of the file was read, from 0 to 100. */
    public int percent() {
      return state == State.DONE ? 100 : (int) Math.min(99, read.get() * 100 / length);
    }

    /** Why it failed. */
    public String failure() {
      return failure;
    }
  }

  private final ConcurrentMap<Administrator, Job> jobs = new ConcurrentHashMap<>();

  @Resource private ManagedExecutorService executor;
  @Inject private TokenImport tokenImport;
  @Inject private PageRequest request;

  /** The last import of an administrator. */
  public Optional<Job> of(Administrator who) {
    return Optional.ofNullable(jobs.get(who));
  }

  /**
   * Begins an import.
   *
   * @param client the address of the request that asks for it
   * @throws LinotpException -311 if another import of the administrator runs
   */
  public void begin(
      Administrator who,
      String client,
      TokenFile format,
      String content,
      TokenImport.Target target,
      String fileName) {
    var job = new Job(fileName, content.length());
    Job kept = jobs.merge(who, job, (old, fresh) -> old.state() == State.RUNNING ? old : fresh);
    if (kept != job) {
      throw LinotpException.unclassified("an import of yours is running: " + kept.fileName());
    }
    try {
      // the bean itself, so that the request context is begun for the thread
      ImportJobs self = CDI.current().select(ImportJobs.class).get();
      executor.execute(() -> self.run(who, client, format, content, target, job));
    } catch (RejectedExecutionException e) {
      job.failure = "the server is busy";
      job.state = State.FAILED;
    }
  }

  /** Runs an import in its thread, on behalf of the administrator. */
  @ActivateRequestContext
  public void run(
      Administrator who,
      String client,
      TokenFile format,
      String content,
      TokenImport.Target target,
      Job job) {
    request.resume("admin/loadtokens", client, who);
    AuditRecord audit = request.record("admin/loadtokens");
    try {
      job.tokens =
          tokenImport.load(counted(format, job), new Counting(content, job), target, audit);
      request.finish(audit);
      job.state = State.DONE;
    } catch (RuntimeException e) {
      job.failure = request.failed(audit, e).getMessage();
      job.state = State.FAILED;
    }
  }

  private static TokenFile counted(TokenFile format, Job job) {
    return (file, tokens) -> {
      var number = new int[1];
      format.read(
          file,
          token -> {
            tokens.accept(token);
            job.tokens = ++number[0];
          });
    };
  }

  /** Tells how far the file was read. */
  private static final class Counting extends FilterReader {
    private final Job job;

    Counting(String content, Job job) {
      super(new StringReader(content));
      this.job = job;
    }

    @Override
    public int read() throws IOException {
      int c = super.read();
      if (c >= 0) {
        job.read.incrementAndGet();
      }
      return c;
    }

    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
      int number = super.read(buffer, from, length);
      if (number > 0) {
        job.read.addAndGet(number);
      }
      return number;
    }
  }
}
