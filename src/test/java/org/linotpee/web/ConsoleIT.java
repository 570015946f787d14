package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.linotpee.server.Client;
import org.linotpee.server.ServerUnderTest;
import org.linotpee.token.paired.Phone;

/** Overview, tokens, enrollment: what administrators do with them, and what they may not. */
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT extends BrowserTest {
  private Client http;

  private void people() {
    http = api();
    People.present();
  }

  private void token(String serial, String... more) {
    var parameters = new java.util.ArrayList<String>();
    parameters.addAll(
        java.util.List.of("type", "hmac", "otpkey", Client.SEED, "serial", serial, "pin", "1234"));
    parameters.addAll(java.util.List.of(more));
    http.post("/admin/init", parameters.toArray(String[]::new)).value();
  }

  private String shown(String serial, String member) {
    return http.get("/admin/show", "serial", serial)
        .value()
        .path("data")
        .path(0)
        .path(member.equals("Username") ? "User.username" : "LinOtp." + member)
        .asText();
  }

  @AfterEach
  void removePolicies() {
    if (http != null) {
      http.post("/system/delPolicy", "name", "super");
      http.post("/system/delPolicy", "name", "limited");
      http.post("/system/delPolicy", "name", "pairing");
    }
  }

  // overview --------------------------------------------------------------------------------------

  @Test
  @Order(1)
  void anEmptyServerLeadsThroughThreeSteps() {
    login();
    assertThat(page.locator("h1").innerText()).isEqualTo("Welcome");
    assertThat(page.locator(".steps-list li.open").count()).isEqualTo(3);
    inspect("welcome");
  }

  @Test
  @Order(2)
  void theOverviewLeadsToTheListsBehindItsFigures() {
    people();
    token("D1", "user", "alice");
    token("D2");
    http.post("/admin/disable", "serial", "D2").value();
    http.get("/validate/check", "user", "alice", "pass", "1234" + Client.hotp(0));
    http.get("/validate/check", "user", "alice", "pass", "1234000000");
    login();
    page.locator("canvas").first().waitFor();
    page.locator("a.figure", new Page.LocatorOptions().setHasText("whose user is gone"))
        .filter(new Locator.FilterOptions().setHasText("0"))
        .waitFor();
    inspect("overview");
    page.locator("a.figure", new Page.LocatorOptions().setHasText("without a user")).click();
    page.waitForURL("**/tokens/index.xhtml?owners=unassigned");
    assertThat(rows()).anyMatch(row -> row.contains("D2")).noneMatch(row -> row.contains("D1"));
  }

  // the list --------------------------------------------------------------------------------------

  private java.util.List<String> rows() {
    return page.locator("#list\\:table_data tr").allInnerTexts();
  }

  private void select(String serial) {
    Locator row =
        page.locator("#list\\:table_data tr", new Page.LocatorOptions().setHasText(serial)).first();
    row.locator(".ui-chkbox-box").click();
    page.locator(".bulk .count", new Page.LocatorOptions().setHasText("selected"))
        .filter(new Locator.FilterOptions().setHasNotText("nothing"))
        .waitFor();
  }

  @Test
  void aListCanBeFilteredAndBookmarked() {
    people();
    token("L1", "user", "bob", "description", "<script>alert(1)</script>");
    token("L2");
    login();
    visit("tokens/index.xhtml?user=bob");
    assertThat(rows()).hasSize(1);
    assertThat(rows().get(0)).contains("L1").contains("<script>alert(1)</script>");
    visit("tokens/index.xhtml?q=L2&state=active");
    assertThat(rows()).hasSize(1);
    assertThat(page.locator("#state").inputValue()).isEqualTo("active");
    visit("tokens/index.xhtml");
    page.locator("th", new Page.LocatorOptions().setHasText("Description")).click();
    page.waitForURL("**/index.xhtml?*sort=description*");
    page.reload();
    assertThat(page.locator("th[aria-sort=ascending]").innerText()).contains("Description");
    inspect("tokens");
    visit("tokens/index.xhtml?sort=-created");
    assertThat(page.locator("th[aria-sort=descending]").innerText()).contains("Created");
  }

  @Test
  void selectedTokensAreDisabledTogether() {
    people();
    token("B1");
    token("B2");
    login();
    visit("tokens/index.xhtml?q=B");
    select("B1");
    select("B2");
    page.locator(".bulk .count", new Page.LocatorOptions().setHasText("2 selected")).waitFor();
    page.click("#list\\:disable");
    awaitMessage("Disabled: 2 of 2.");
    assertThat(shown("B1", "Isactive")).isEqualTo("false");
    assertThat(http.get("/audit/search", "qtype", "action", "query", "admin/disable").text())
        .contains("B1", "B2");
  }

  @Test
  void deletingNamesWhatWillBeLostAndCanBeCancelled() {
    people();
    token("X1");
    login();
    visit("tokens/index.xhtml?q=X1");
    select("X1");
    page.click("#list\\:delete");
    page.locator("#deleteDialog", new Page.LocatorOptions().setHasText("X1")).waitFor();
    inspect("delete");
    page.keyboard().press("Escape");
    page.locator("#deleteDialog")
        .waitFor(
            new Locator.WaitForOptions()
                .setState(com.microsoft.playwright.options.WaitForSelectorState.HIDDEN));
    assertThat(shown("X1", "TokenSerialnumber")).isEqualTo("X1");
    page.click("#list\\:delete");
    page.locator("#deleteForm\\:save").click();
    awaitMessage("Deleted: 1 of 1.");
    assertThat(http.get("/admin/show", "serial", "X1").value().path("data")).isEmpty();
  }

  @Test
  void theListIsExportedWithoutFormulas() throws Exception {
    people();
    token("E1", "description", "=1+1");
    login();
    visit("tokens/index.xhtml?q=E1");
    Download file = page.waitForDownload(() -> page.click("#list\\:export"));
    String csv = new String(file.createReadStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(csv).startsWith("\"Serial number\"").contains("\"E1\"").contains("\"'=1+1\"");
  }

  // one token -------------------------------------------------------------------------------------

  @Test
  void aTokenIsAssignedByTypingAName() {
    people();
    token("A1");
    login();
    visit("tokens/token.xhtml?serial=A1");
    page.click("#actions\\:assign");
    page.locator("#assignForm\\:owner_input").pressSequentially("ali");
    page.locator(".ui-autocomplete-panel .ui-autocomplete-item").first().click();
    page.click("#assignForm\\:save");
    awaitMessage("One token assigned to alice@people.");
    assertThat(shown("A1", "Username")).isEqualTo("alice");
    inspect("token");
  }

  @Test
  void pinsThatDifferChangeNothing() {
    people();
    token("P1", "user", "bob");
    login();
    visit("tokens/token.xhtml?serial=P1");
    page.click("#actions\\:pin");
    page.fill("#pinForm\\:pin", "4711");
    page.fill("#pinForm\\:again", "4712");
    page.click("#pinForm\\:save");
    awaitMessage("The PINs differ.");
    assertThat(
            http.get("/validate/check_s", "serial", "P1", "pass", "1234" + Client.hotp(0))
                .accepted())
        .isTrue();
    page.click("#actions\\:pin");
    page.fill("#pinForm\\:pin", "4711");
    page.fill("#pinForm\\:again", "4711");
    page.click("#pinForm\\:save");
    awaitMessage("PIN set: 1 of 1.");
    assertThat(
            http.get("/validate/check_s", "serial", "P1", "pass", "4711" + Client.hotp(1))
                .accepted())
        .isTrue();
  }

  @Test
  void twoValuesBringATokenBackIntoStep() {
    people();
    token("R1");
    login();
    visit("tokens/token.xhtml?serial=R1");
    page.click("#actions\\:resync");
    page.fill("#resyncForm\\:otp1", "000000");
    page.fill("#resyncForm\\:otp2", "111111");
    page.click("#resyncForm\\:save");
    awaitMessage("these are not two values in a row");
    page.click("#actions\\:resync");
    page.fill("#resyncForm\\:otp1", Client.hotp(40));
    page.fill("#resyncForm\\:otp2", Client.hotp(41));
    page.click("#resyncForm\\:save");
    awaitMessage("R1 is in step again.");
  }

  @Test
  void settingsAreCheckedByTheServer() {
    people();
    token("S1");
    login();
    visit("tokens/token.xhtml?serial=S1");
    Locator fields = page.locator("[id^='settings:each']").locator("visible=true");
    Locator most = page.getByLabel("Most failures");
    most.fill("many");
    page.click("#settings\\:save");
    awaitMessage("invalid literal");
    most = page.getByLabel("Most failures");
    most.fill("5");
    page.click("#settings\\:save");
    awaitMessage("S1 was saved.");
    assertThat(shown("S1", "MaxFail")).isEqualTo("5");
    assertThat(fields.count()).isPositive();
  }

  @Test
  void aLostTokenIsReplacedAndThePasswordShownOnce() {
    people();
    token("V1", "user", "bob");
    login();
    visit("tokens/token.xhtml?serial=V1");
    page.click("#actions\\:lost");
    page.click("#lostForm\\:save");
    page.locator("#lost-password").waitFor();
    String password = page.locator("#lost-password").innerText();
    assertThat(
            http.get("/validate/check_s", "serial", "lostV1", "pass", "1234" + password).accepted())
        .isTrue();
    page.reload();
    assertThat(page.locator("#lost-password").count()).isZero();
  }

  @Test
  void valuesAreReadOnlyWhereThatIsSwitchedOn() {
    people();
    token("G1", "user", "bob");
    login();
    visit("tokens/token.xhtml?serial=G1");
    assertThat(page.locator("#actions\\:values").count()).isZero();
    http.post("/system/setConfig", "linotpGetotp.active", "True").value();
    http.policy("values", "gettoken", "max_count_hotp=3", "people");
    try {
      page.reload();
      page.click("#actions\\:values");
      page.click("#valuesForm\\:save");
      page.locator("#values tbody tr").first().waitFor();
      assertThat(page.locator("#values tbody tr").allInnerTexts())
          .hasSize(3)
          .anyMatch(row -> row.contains(Client.hotp(0)));
      page.reload();
      assertThat(page.locator("#values tbody tr").count()).isZero();
    } finally {
      http.post("/system/delConfig", "key", "linotpGetotp.active");
      http.post("/system/delPolicy", "name", "values");
    }
  }

  @Test
  void theValidityIsTypedInTheZoneOfTheBrowser() {
    people();
    token("W1");
    login();
    visit("tokens/token.xhtml?serial=W1");
    page.click("#actions\\:validity");
    page.check("#validityForm\\:changeTo");
    page.fill("#validityForm\\:to", "2031-07-01T12:00");
    page.click("#validityForm\\:save");
    awaitMessage("Validity set: 1 of 1.");
    assertThat(http.get("/admin/show", "serial", "W1").text()).contains("01/07/31 10:00");
    page.click("#actions\\:validity");
    page.check("#validityForm\\:changeFrom");
    page.fill("#validityForm\\:from", "2032-01-01T00:00");
    page.check("#validityForm\\:changeTo");
    assertThat(page.inputValue("#validityForm\\:to")).isEqualTo("2031-07-01T12:00");
    page.click("#validityForm\\:save");
    awaitMessage("The end is before the beginning.");
  }

  @Test
  void keysLeadWhereTheyShould() {
    people();
    login();
    page.keyboard().press("?");
    page.locator("#keys-dialog[open]").waitFor();
    inspect("keys");
    page.keyboard().press("Escape");
    page.keyboard().press("g");
    page.keyboard().press("t");
    page.waitForURL("**/tokens/index.xhtml");
    page.keyboard().press("/");
    assertThat(page.evaluate("document.activeElement.id")).isEqualTo("q");
    page.keyboard().press("Tab");
    page.locator("h1").click();
    page.keyboard().press("n");
    page.waitForURL("**/tokens/enroll.xhtml");
  }

  // enrollment ------------------------------------------------------------------------------------

  @Test
  void aTokenIsMadeAndItsKeyShownOnce() {
    people();
    login();
    visit("tokens/enroll.xhtml");
    inspect("enroll-types");
    page.locator("a.tile", new Page.LocatorOptions().setHasText("TOTP")).click();
    page.locator("#enroll\\:user_input").fill("bob");
    inspect("enroll-form");
    page.click("#enroll\\:submit");
    page.locator("img.qr").first().waitFor();
    inspect("enrolled");
    String serial = page.locator("h1").innerText();
    assertThat(shown(serial, "Username")).isEqualTo("bob");
    assertThat(page.locator("#enrolled-url").textContent()).startsWith("otpauth://totp/");
    assertThat(page.locator("#enrolled-url").isVisible()).isFalse();
  }

  @Test
  void aQrTokenIsPairedByItsPictureAndUnpairedAgain() {
    people();
    http.policy(
        "pairing",
        "authentication",
        "qrtoken_pairing_callback_url=http://127.0.0.1/p, qrtoken_challenge_callback_url=http://127.0.0.1/c",
        "*");
    login();
    visit("tokens/enroll.xhtml?type=qr");
    page.click("#enroll\\:submit");
    page.locator("img.qr").first().waitFor();
    String serial = page.locator("h1").innerText();
    String url = page.locator("#enrolled-url").textContent();
    visit("tokens/token.xhtml?serial=" + serial);
    assertThat(page.locator("#actions\\:unpair").count()).isZero();
    http.post("/validate/pair", "pairing_response", new Phone(url, 1).qrResponse());
    page.reload();
    page.click("#actions\\:unpair");
    page.locator(".ui-confirmdialog-yes").click();
    awaitMessage(serial + " can be paired with another device.");
    assertThat(page.locator("#actions\\:unpair").count()).isZero();
    assertThat(shown(serial, "TokenInfo"))
        .contains("pairing_url_sent")
        .doesNotContain("public_key");
  }

  @Test
  void anUnknownUserGetsNoToken() {
    people();
    login();
    long before = http.get("/admin/show").value().path("resultset").path("tokens").asLong();
    visit("tokens/enroll.xhtml?type=hmac");
    page.locator("#enroll\\:user_input").fill("nobody");
    page.click("#enroll\\:submit");
    awaitMessage("nobody");
    assertThat(page.locator("img.qr").count()).isZero();
    assertThat(http.get("/admin/show").value().path("resultset").path("tokens").asLong())
        .isEqualTo(before);
  }

  // rights ----------------------------------------------------------------------------------------

  @Test
  void whatAnAdministratorMayNotDoIsNotOffered() {
    people();
    token("Q1", "user", "alice");
    http.policy("super", "admin", "*", "*");
    http.policy("limited", "admin", "enable, disable", "people");
    http.post(
            "/system/setPolicy",
            "name",
            "super",
            "scope",
            "system",
            "action",
            "*",
            "realm",
            "*",
            "user",
            "*",
            "client",
            "*",
            "time",
            "",
            "active",
            "True")
        .value();
    login();
    visit("tokens/token.xhtml?serial=Q1");
    assertThat(page.locator("#actions\\:disable").count()).isEqualTo(1);
    assertThat(page.locator("#actions\\:delete").count()).isZero();
    assertThat(page.locator("#actions\\:lost").count()).isZero();
    assertThat(page.locator("#settings").count()).isZero();
    visit("tokens/enroll.xhtml?type=totp");
    assertThat(page.locator("#enroll\\:submit").count()).isZero();
  }

  @Test
  void theServiceRefusesWhatThePageHasOfferedBefore() {
    people();
    token("Q2", "user", "alice");
    login();
    visit("tokens/token.xhtml?serial=Q2");
    page.click("#actions\\:delete");
    page.locator("#deleteForm\\:save").waitFor();
    http.policy("limited", "admin", "enable, disable", "people");
    page.click("#deleteForm\\:save");
    awaitMessage("You do not have the administrative right");
    removePolicies();
    assertThat(shown("Q2", "TokenSerialnumber")).isEqualTo("Q2");
  }

  // test pages ------------------------------------------------------------------------------------

  @Test
  void aLoginIsTriedOnTheTestPage() {
    people();
    http.post("/admin/init", "type", "spass", "serial", "T1", "user", "bob", "pin", "a+b %c")
        .value();
    page.navigate("/auth/index3");
    page.fill("#user", "bob");
    page.fill("#pass", "a+b ");
    page.fill("#otp", "%c");
    page.click("button[type=submit]");
    page.locator("#result.good").waitFor();
    inspect("test-page");
    page.fill("#otp", "wrong");
    page.click("button[type=submit]");
    page.locator("#result.bad").waitFor();
    assertThat(page.locator("#result").innerText()).contains("not authenticated");
    page.navigate("/auth/qrtoken");
    inspect("test-page-qr");
  }

  /** Used by the tests to log in as somebody else. */
  static String password() {
    return ServerUnderTest.PASSWORD;
  }
}
