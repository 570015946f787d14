package org.linotpee.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.linotpee.server.Client;
import org.linotpee.server.ServerUnderTest;

/**
 * Tests of pages in a real browser, with one server and one browser for all classes. Whatever the
 * browser reports as an error, a breach of the content security policy for instance, fails the test
 * in which it happens. Pictures go to {@code target/screenshots}. A browser belongs to one thread.
 */
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(BrowserTest.Shared.class)
abstract class BrowserTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final int DESKTOP = 1280;
  private static final int PHONE = 390;
  private static final String AXE = script();

  private static Shared.Started shared;

  private final List<String> errors = new ArrayList<>();
  private BrowserContext context;

  /** The page under test. */
  protected Page page;

  private static String script() {
    try (InputStream in = BrowserTest.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts server and browser with the first class, stops them after the last. */
  static final class Shared implements BeforeAllCallback {
    record Started(ServerUnderTest server, Playwright playwright, Browser browser)
        implements AutoCloseable {
      @Override
      public void close() {
        browser.close();
        playwright.close();
        server.close();
      }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
      assumeTrue(Files.exists(CHROMIUM), "the tests of pages need " + CHROMIUM);
      shared =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(BrowserTest.class))
              .getOrComputeIfAbsent("started", key -> start(), Started.class);
    }

    private static Started start() {
      try {
        Files.createDirectories(SCREENSHOTS);
        var server = ServerUnderTest.start(Files.createTempDirectory("pages"), Map.of());
        var playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(
                            List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking")));
        return new Started(server, playwright, browser);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void open() {
    open("en-US");
  }

  /** A new browser window with no cookies whose person reads this language. */
  protected final void open(String locale) {
    if (context != null) {
      context.close();
    }
    context =
        shared
            .browser()
            .newContext(
                new Browser.NewContextOptions()
                    .setBaseURL(shared.server().url())
                    .setViewportSize(DESKTOP, 900)
                    .setLocale(locale)
                    .setTimezoneId("Europe/Berlin")
                    .setReducedMotion(ReducedMotion.REDUCE));
    context.setDefaultTimeout(15_000);
    page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            errors.add(message.text());
          }
        });
    page.onPageError(errors::add);
  }

  @AfterEach
  void close() {
    context.close();
    context = null;
    assertThat(errors).as("what the browser reports").isEmpty();
  }

  /** The test expects that the browser reports this, the status of a refusal for example. */
  protected final void expectReport(String part) {
    assertThat(errors).anyMatch(error -> error.contains(part));
    errors.removeIf(error -> error.contains(part));
  }

  /** The HTTP interface, as administrator: what a test needs is made there. */
  protected static Client api() {
    return shared.server().administrator();
  }

  /** The same as some user. */
  protected static Client anybody() {
    return shared.server().client();
  }

  /** The address of a page by the name of this machine, which browsers trust without TLS. */
  protected static String local(String path) {
    return shared.server().url().replace("127.0.0.1", "localhost") + path;
  }

  /** Logs the first administrator in. */
  protected final void login() {
    login("admin", ServerUnderTest.PASSWORD);
  }

  protected final void login(String user, String password) {
    page.navigate("/manage/login");
    page.fill("#username", user);
    page.fill("#password", password);
    page.click("#submit");
    page.waitForURL("**/manage/");
  }

  /** Goes to a view of the console. */
  protected final void visit(String view) {
    page.navigate("/ui/manage/" + view);
  }

  /** What the page tells. */
  protected final String told() {
    return page.locator("#messages").innerText();
  }

  /** Waits until the page tells this. */
  protected final void awaitMessage(String text) {
    try {
      page.locator("#messages", new Page.LocatorOptions().setHasText(text)).waitFor();
    } catch (TimeoutError e) {
      throw new AssertionError("'" + text + "' was not told, but: " + told(), e);
    }
  }

  /**
   * Looks at the page as people see it, in light and dark, on a desk and on a phone: takes
   * pictures, and has axe-core look for what keeps people out (WCAG 2.2 AA). On a phone nothing may
   * stick out.
   */
  protected final void inspect(String name) {
    page.evaluate("window.scrollTo(0, 0)");
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      String suffix = scheme == ColorScheme.LIGHT ? "light" : "dark";
      picture(name + "-" + suffix);
      assertThat(findings()).as("axe-core on " + name + " in " + suffix).isEmpty();
    }
    page.setViewportSize(PHONE, 844);
    picture(name + "-phone");
    assertThat(findings()).as("axe-core on " + name + " on a phone").isEmpty();
    assertThat(page.evaluate("document.documentElement.scrollWidth"))
        .as("width of " + name + " on a phone")
        .isEqualTo(PHONE);
    page.setViewportSize(DESKTOP, 900);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }

  private void picture(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")).setFullPage(true));
  }

  /** Serious and critical findings. */
  private List<?> findings() {
    if (!Boolean.TRUE.equals(page.evaluate("'axe' in window"))) {
      page.evaluate(AXE);
    }
    return (List<?>)
        page.evaluate(
            """
            async () => (await axe.run(document, {
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations
              .filter(v => ['serious', 'critical'].includes(v.impact))
              .map(v => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 3).map(n => n.html).join(' | '))
            """);
  }
}
