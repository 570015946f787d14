package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.WaitForSelectorState;
import org.junit.jupiter.api.Test;
import org.linotpee.server.Client;

/** Login, logout, languages, and the way to pages. */
class SessionIT extends BrowserTest {
  @Test
  void aWrongPasswordIsRefusedWithoutSayingWhatIsWrong() {
    page.navigate("/manage/login");
    page.fill("#username", "nobody");
    page.fill("#password", "wrong");
    page.click("#submit");
    assertThat(page.locator("#login-message").innerText())
        .contains("User name or password is wrong.");
    assertThat(page.locator("#password").inputValue()).isEmpty();
    inspect("login");
  }

  @Test
  void whoIsNotLoggedInComesBackAfterTheLogin() {
    page.navigate("/ui/manage/tokens/index.xhtml?q=abc");
    assertThat(page.url()).contains("/manage/login?from=");
    page.fill("#username", "admin");
    page.fill("#password", org.linotpee.server.ServerUnderTest.PASSWORD);
    page.click("#submit");
    page.waitForURL("**/ui/manage/tokens/index.xhtml?q=abc");
    assertThat(page.locator("#q").inputValue()).isEqualTo("abc");
  }

  @Test
  void theLoginNeverLeadsToAnotherHost() {
    page.navigate("/manage/login?from=https%3A%2F%2Fexample.org%2Fui%2Fmanage%2F");
    page.fill("#username", "admin");
    page.fill("#password", org.linotpee.server.ServerUnderTest.PASSWORD);
    page.click("#submit");
    page.waitForURL("**/manage/");
    assertThat(page.locator("h1").innerText()).isIn("Overview", "Welcome");
  }

  @Test
  @SuppressWarnings("try")
  void anAdministratorNeedsHisTokenIfAPolicySaysSo() {
    People.present();
    var api = api();
    try (var ignored = Rights.only("admin", "*", "second_factor")) {
      api.post(
              "/system/setPolicy",
              "name",
              "mfa",
              "scope",
              "authentication",
              "action",
              "admin_mfa_login",
              "realm",
              "linotp_admins",
              "user",
              Rights.HELPER,
              "client",
              "*",
              "active",
              "True")
          .value();
      api.post(
              "/admin/init",
              "type",
              "hmac",
              "otpkey",
              Client.SEED,
              "serial",
              "MFA1",
              "user",
              Rights.HELPER,
              "realm",
              "linotp_admins")
          .value();
      page.navigate("/manage/login?from=%2Fui%2Fmanage%2Ftokens%2Findex.xhtml");
      page.fill("#username", Rights.HELPER);
      page.fill("#password", Rights.PASSWORD);
      page.click("#submit");
      page.locator("#otp").waitFor();
      assertThat(page.locator("#password").count()).isZero();
      inspect("login-second-factor");
      page.fill("#otp", "000000");
      page.keyboard().press("Enter");
      page.waitForFunction("document.getElementById('login-message').innerText !== ''");
      assertThat(page.locator("#login-message").innerText())
          .contains("The one-time password is wrong.");
      visit("tokens/index.xhtml");
      assertThat(page.url()).contains("/manage/login");
      page.navigate("/manage/login?from=%2Fui%2Fmanage%2Ftokens%2Findex.xhtml");
      page.fill("#username", Rights.HELPER);
      page.fill("#password", Rights.PASSWORD);
      page.click("#submit");
      page.fill("#otp", Client.hotp(0));
      page.click("#submit");
      page.waitForURL("**/ui/manage/tokens/index.xhtml");
    } finally {
      api.post("/system/delPolicy", "name", "mfa").value();
      api.post("/admin/remove", "serial", "MFA1").value();
    }
  }

  @Test
  void logoutEndsTheSession() {
    login();
    page.click("details.account summary");
    page.click("#logoutForm\\:logout");
    page.waitForURL("**/manage/login");
    visit("tokens/index.xhtml");
    assertThat(page.url()).contains("/manage/login");
  }

  @Test
  void theLanguageIsTheBrowsersUntilAnotherIsChosen() {
    open("de-DE");
    page.navigate("/manage/login");
    assertThat(page.locator("h1").innerText()).isEqualTo("Anmelden");
    page.locator("select[data-preference]").selectOption("en");
    page.waitForFunction("document.documentElement.lang === 'en'");
    assertThat(page.locator("h1").innerText()).isEqualTo("Log in");
  }

  @Test
  void darkAndLightAreRemembered() {
    page.navigate("/manage/login");
    page.click("[data-theme-switch]");
    page.click("[data-theme-switch]");
    page.reload();
    assertThat(page.getAttribute("html", "data-theme")).isEqualTo("dark");
  }

  @Test
  void anUnknownPageIsNotFound() {
    login();
    assertThat(page.navigate("/ui/manage/nothing/index.xhtml").status()).isEqualTo(404);
    assertThat(page.locator("h1").innerText()).isEqualTo("Page not found");
    expectReport("404");
  }

  @Test
  void scriptsOfOthersDoNotRun() {
    var response = page.navigate("/manage/login");
    assertThat(response.headerValues("Content-Security-Policy").toString())
        .contains("script-src 'self' 'nonce-")
        .doesNotContain("unsafe-eval")
        .doesNotContain("script-src 'self' 'unsafe-inline'");
    page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.ran = 1';"
            + " document.body.append(s); }");
    assertThat(page.evaluate("window.ran")).isNull();
    expectReport("Content Security Policy");
  }

  @Test
  void aRequestFromAnotherSiteIsRefused() {
    login();
    var reply =
        page.request()
            .post(
                "/ui/manage/tokens/index.xhtml",
                com.microsoft.playwright.options.RequestOptions.create()
                    .setHeader("Sec-Fetch-Site", "cross-site"));
    assertThat(reply.status()).isEqualTo(403);
  }

  @Test
  void theEndOfASessionIsToldAndCanBePutOff() {
    page.clock().install();
    login();
    page.route(
        "**/ui/manage/session",
        route ->
            route.fulfill(
                new com.microsoft.playwright.Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody("{\"seconds\": 60}")));
    page.clock().fastForward("29:00");
    page.clock().runFor(3000);
    page.locator("#session-dialog[open]").waitFor();
    page.unroute("**/ui/manage/session");
    page.click("[data-stay]");
    page.locator("#session-dialog[open]")
        .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
  }
}
