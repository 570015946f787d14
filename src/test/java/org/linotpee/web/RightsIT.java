package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an administrator of a help desk sees, and what he does not. */
class RightsIT extends BrowserTest {
  private static Rights rights;

  @BeforeAll
  static void prepare() {
    People.present();
    api().post("/admin/init", "type", "hmac", "serial", "HELP1", "genkey", "1", "user", "anna");
    rights = Rights.helpDesk("it_desk", "enable, disable, reset, userlist");
  }

  @AfterAll
  static void giveBack() {
    if (rights != null) {
      rights.close();
    }
  }

  @Test
  void pagesThatAreNotForHimAreNotInTheNavigationAndRefused() {
    login(Rights.HELPER, Rights.PASSWORD);
    assertThat(page.locator("#navigation").innerText())
        .contains("Overview", "Tokens", "Users")
        .doesNotContain("Policies", "Audit trail", "Realms", "Resolvers", "Providers", "Settings");
    inspect("refused-overview");
    for (String name :
        List.of("policies", "audit", "realms", "resolvers", "providers", "settings", "import")) {
      var response = page.navigate("/ui/manage/" + name + "/index.xhtml");
      assertThat(response.status()).as(name).isEqualTo(403);
      assertThat(page.locator("h1").innerText()).isEqualTo("Not allowed");
      expectReport("403");
    }
    inspect("refused");
  }

  @Test
  void onlyWhatHeMayDoWithTokensIsOffered() {
    login(Rights.HELPER, Rights.PASSWORD);
    visit("tokens/index.xhtml");
    assertThat(page.locator("#list\\:bulk").innerText())
        .contains("Enable", "Disable", "Reset failures")
        .doesNotContain("Assign", "Unassign", "Set PIN", "Set realms", "Set validity", "Delete");
    assertThat(page.locator("#content").innerText()).doesNotContain("New token");
    inspect("refused-tokens");
    visit("tokens/token.xhtml?serial=HELP1");
    assertThat(page.locator("#actions").innerText())
        .contains("Disable", "Reset failures")
        .doesNotContain("Assign", "PIN", "Resynchronise", "Lost", "Delete", "Read values");
    assertThat(page.locator("#settings").count()).isZero();
    inspect("refused-token");
    visit("tokens/enroll.xhtml");
    assertThat(page.locator("#content").innerText()).contains("You have no right to make tokens.");
    assertThat(page.locator("a.tile").count()).isZero();
    inspect("refused-enroll");
  }

  @Test
  void theUserPageHasNoFormsForWhatHeMayNot() {
    login(Rights.HELPER, Rights.PASSWORD);
    visit("users/user.xhtml?realm=people&login=anna");
    assertThat(page.locator("#tokens").innerText()).contains("HELP1", "Disable");
    assertThat(page.locator("#tokens").innerText()).doesNotContain("Unassign");
    assertThat(page.locator("#assign").count()).isZero();
    assertThat(page.locator("#content").innerText()).doesNotContain("Enroll a token");
    inspect("refused-user");
  }

  @Test
  void toolsShowOnlyWhatHeMayUse() {
    login(Rights.HELPER, Rights.PASSWORD);
    visit("tools/index.xhtml");
    assertThat(page.locator("#find, #copy, #migrate, #password").count()).isZero();
    inspect("refused-tools");
  }
}
