package org.linotpee.gsm.at;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands and results on a line (ITU-T V.250; spec 11 section 11.2). Tells results, information,
 * echo, prompt and what the modem says by itself apart.
 */
final class AtChannel {
  private static final char ESCAPE = 0x1B;
  private static final char END_OF_TEXT = 0x1A;
  private static final int MAX_LINE = 2000;
  private static final int MAX_LINES = 2000;
  private static final Pattern ERROR_LINE =
      Pattern.compile("\\+(CM[ES]) ERROR: ?([0-9]{1,5}|.{0,100})");
  private static final Pattern TWO_LINES =
      Pattern.compile("\\+(CMT: ?[^,]*,[0-9]+|CDS: ?[0-9]+|CBM: ?[0-9]+)");

  /** What a command's answer looks like. */
  enum Answer {
    /** Lines that begin with the prefix. */
    PREFIXED,
    /** The same, each followed by a line that belongs to it. */
    WITH_BODY,
    /** Any lines. */
    FREE
  }

  private final SerialLine line;
  private final Timing timing;
  private final Consumer<String> unsolicited;
  private final Consumer<String> trace;
  private final byte[] buffer = new byte[512];
  private final Deque<Character> pending = new ArrayDeque<>();
  private StringBuilder current = new StringBuilder();
  private long mayWriteAt;

  /**
   * @param unsolicited gets what the modem says by itself; where two lines belong together, joined
   *     by a line feed
   * @param trace gets the dialogue, without PINs and texts
   */
  AtChannel(SerialLine line, Timing timing, Consumer<String> unsolicited, Consumer<String> trace) {
    this.line = line;
    this.timing = timing;
    this.unsolicited = unsolicited;
    this.trace = trace;
    this.mayWriteAt = System.nanoTime();
  }

  /** A command without information in its answer. */
  void command(String command, Duration timeout) throws IOException, ModemTimeout, ModemError {
    query(command, "", Answer.PREFIXED, timeout);
  }

  /**
   * A command and its answer.
   *
   * @param prefix how information lines begin; empty: there are none
   */
  List<String> query(String command, String prefix, Answer answer, Duration timeout)
      throws IOException, ModemTimeout, ModemError {
    write(command + "\r", shown(command));
    return result(command, prefix, answer, timeout, shown(command));
  }

  /**
   * Sends what a prompt asks for.
   *
   * @param text what is sent when the prompt has come
   * @throws NotPrompted if nothing of the text was sent
   */
  List<String> send(String command, String text, String prefix, Duration timeout)
      throws IOException, ModemTimeout, ModemError, NotPrompted {
    write(command + "\r", shown(command));
    awaitPrompt(command);
    line.write((text + END_OF_TEXT).getBytes(StandardCharsets.ISO_8859_1));
    trace.accept("-> (the message)");
    return result(text, prefix, Answer.PREFIXED, timeout, "the message");
  }

  /** The prompt has not come: the message was certainly not sent. */
  static final class NotPrompted extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** PINs and numbers stay out of traces. */
  private static String shown(String command) {
    return command
        .replaceFirst("(?i)(\\+CPIN=|\\+CLCK=).*", "$1...")
        .replaceFirst("(?i)(\\+CMGS=)\".*", "$1...");
  }

  private void write(String text, String shown) throws IOException {
    long wait = mayWriteAt - System.nanoTime();
    if (wait > 0) {
      listen(Duration.ofNanos(wait));
    }
    trace.accept("-> " + shown);
    line.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void awaitPrompt(String command) throws IOException, ModemError, NotPrompted {
    long deadline = System.nanoTime() + timing.prompt().toNanos();
    boolean echo = true;
    while (true) {
      String text = nextLine(deadline, true);
      if (text == null) {
        throw new NotPrompted();
      }
      if (text.equals(">")) {
        trace.accept("<- >");
        return;
      }
      if (echo && text.equals(command)) {
        echo = false;
        continue;
      }
      throwIfFailed(text);
      if (!text.equals("OK")) {
        unsolicited(text, deadline);
      }
    }
  }

  private List<String> result(
      String sent, String prefix, Answer answer, Duration timeout, String shown)
      throws IOException, ModemTimeout, ModemError {
    long deadline = System.nanoTime() + timeout.toNanos();
    var information = new ArrayList<String>();
    boolean body = false;
    while (information.size() < MAX_LINES) {
      String text = nextLine(deadline, false);
      if (text == null) {
        throw new ModemTimeout(shown);
      }
      if (text.equals(sent)) {
        continue; // the echo
      }
      if (body) {
        information.add(text);
        body = false;
        continue;
      }
      if (text.equals("OK")) {
        done();
        trace.accept("<- OK");
        return information;
      }
      if (isFailure(text)) {
        done();
        throwIfFailed(text);
      }
      if (!prefix.isEmpty() && text.startsWith(prefix)) {
        trace.accept("<- " + text);
        information.add(text.substring(prefix.length()).strip());
        body = answer == Answer.WITH_BODY;
      } else if (answer == Answer.FREE && !text.startsWith("+") && !text.startsWith("^")) {
        trace.accept("<- " + text);
        information.add(text);
      } else {
        unsolicited(text, deadline);
      }
    }
    throw new ModemTimeout(shown + " with an end");
  }

  private void done() {
    mayWriteAt = System.nanoTime() + timing.pause().toNanos();
  }

  private static boolean isFailure(String text) {
    return text.equals("ERROR")
        || text.equals("NO CARRIER")
        || text.equals("BUSY")
        || ERROR_LINE.matcher(text).matches();
  }

  private void throwIfFailed(String text) throws ModemError {
    if (!isFailure(text)) {
      return;
    }
    trace.accept("<- " + text);
    Matcher numbered = ERROR_LINE.matcher(text);
    if (!numbered.matches() || !numbered.group(2).matches("[0-9]+")) {
      throw new ModemError(ModemError.Kind.PLAIN, 0);
    }
    throw new ModemError(
        ModemError.Kind.valueOf(numbered.group(1)), Integer.parseInt(numbered.group(2)));
  }

  private void unsolicited(String text, long deadline) throws IOException {
    if (TWO_LINES.matcher(text).matches()) {
      String second = nextLine(deadline, false);
      trace.accept("<- " + text + " (by itself)");
      unsolicited.accept(second == null ? text : text + "\n" + second);
    } else {
      trace.accept("<- " + text + " (by itself)");
      unsolicited.accept(text);
    }
  }

  /** Listens to what the modem says by itself. */
  void listen(Duration duration) throws IOException {
    long deadline = System.nanoTime() + duration.toNanos();
    for (String text = nextLine(deadline, false); text != null; text = nextLine(deadline, false)) {
      unsolicited(text, System.nanoTime() + timing.silence().toNanos());
    }
  }

  /**
   * Leaves a hanging prompt or command and forgets what was said.
   *
   * @return true if the modem answers {@code AT} then
   */
  boolean synchronise(int attempts) throws IOException {
    line.write(new byte[] {ESCAPE, '\r'});
    quiet(timing.escape(), 5);
    for (int attempt = 0; attempt < attempts; attempt++) {
      try {
        command("AT", timing.synchronise());
        quiet(Duration.ofMillis(1), 1);
        return true;
      } catch (ModemTimeout | ModemError notYet) {
        trace.accept("   (" + notYet.getMessage() + ")");
      }
    }
    return false;
  }

  /** Discards input until nothing comes for a while. */
  void quiet(Duration silence, int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      int read = line.read(buffer, silence);
      if (read == 0) {
        break;
      }
    }
    pending.clear();
    current = new StringBuilder();
  }

  /** The next line without its end, or {@code ">"} for a prompt; null if none comes in time. */
  private String nextLine(long deadline, boolean prompt) throws IOException {
    while (true) {
      while (!pending.isEmpty()) {
        char c = pending.poll();
        if (c == '\n' || c == '\r') {
          String text = current.toString().strip();
          current = new StringBuilder();
          if (!text.isEmpty()) {
            return text;
          }
        } else if (current.length() < MAX_LINE) {
          current.append(c);
        }
        if (prompt && isPrompt()) {
          current = new StringBuilder();
          return ">";
        }
      }
      long left = deadline - System.nanoTime();
      int read = line.read(buffer, Duration.ofNanos(Math.max(0, left)));
      if (read == 0 && left <= 0) {
        return null;
      }
      for (int i = 0; i < read; i++) {
        char c = (char) (buffer[i] & 0xFF);
        if (c != 0 && c < 0x80 && c != END_OF_TEXT && c != ESCAPE) {
          pending.add(c);
        }
      }
    }
  }

  /** The prompt has no line end; noise may be in front of it, but not on the same line. */
  private boolean isPrompt() {
    return current.length() == 2 && current.charAt(0) == '>' && current.charAt(1) == ' ';
  }
}
