package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.linotpee.server.Client;

/** Users: the list, and the page of one. */
class UsersIT extends BrowserTest {
  @BeforeAll
  static void prepare() {
    People.present();
    Client api = api();
    api.post("/admin/init", "type", "hmac", "serial", "USERS1", "genkey", "1", "user", "hans")
        .value();
    api.post("/admin/init", "type", "hmac", "serial", "USERSFREE", "genkey", "1").value();
    api.post("/admin/unassign", "serial", "USERSFREE").value();
  }

  @Test
  void usersAreFoundSortedAndOpened() {
    login();
    visit("users/index.xhtml?realm=people");
    page.fill("#q", "an");
    page.press("#q", "Enter");
    page.waitForURL("**q=an*");
    assertThat(page.locator("#list\\:table tbody").innerText()).contains("hans").contains("anna");
    visit("users/index.xhtml?realm=people&q=an&sort=surname");
    assertThat(page.locator("#list\\:table tbody tr").first().innerText()).contains("Albers");
    inspect("users");
    page.locator("a", new Page.LocatorOptions().setHasText("hans")).click();
    page.waitForURL("**/users/user.xhtml*");
    assertThat(page.locator("#content").innerText())
        .contains("hans@example.com")
        .contains("USERS1");
  }

  @Test
  void whatTheUserStoreSaysIsText() {
    login();
    visit("users/index.xhtml?realm=people&q=script");
    assertThat(page.locator("#list\\:table tbody").innerText()).contains("<script>");
    assertThat(page.evaluate("window.hit")).isNull();
  }

  @Test
  void aTokenIsAssignedAndTakenAway() {
    login();
    visit("users/user.xhtml?realm=people&login=anna");
    page.locator("#assign\\:serial_input").pressSequentially("USERSFR");
    page.locator(".ui-autocomplete-item").first().click();
    page.fill("#assign\\:pin", "1234");
    page.click("#assign\\:submit");
    awaitMessage("Token USERSFREE belongs to anna now.");
    assertThat(page.locator("#tokens").innerText()).contains("USERSFREE");
    page.reload();
    inspect("user");
    page.click("[aria-label='Unassign USERSFREE']");
    page.locator(".ui-confirm-dialog:visible").waitFor();
    page.click(".ui-confirmdialog-yes");
    awaitMessage("Token USERSFREE does not belong to anna any more.");
    assertThat(api().get("/audit/search", "qtype", "action", "query", "admin/unassign").text())
        .contains("USERSFREE");
  }

  @Test
  void anUnknownUserIsTold() {
    login();
    visit("users/user.xhtml?realm=people&login=nobody");
    assertThat(told()).contains("nobody");
    assertThat(page.locator("#tokens").count()).isZero();
  }

  @Test
  @SuppressWarnings("try") // the rights are given back at its end
  void whoMayNotListUsersHasNoSuchPage() {
    try (var ignored = Rights.only("admin", "enable", "users_helpdesk")) {
      login(Rights.HELPER, Rights.PASSWORD);
      assertThat(page.locator("#navigation").innerText()).doesNotContain("Users");
      assertThat(page.navigate("/ui/manage/users/index.xhtml").status()).isEqualTo(403);
      expectReport("403");
    }
  }
}
