package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Policies: the list, the editor, import and export, the test. */
@SuppressWarnings("try") // rights are given back at the end of a block
class PoliciesIT extends BrowserTest {
  private void add(String action) {
    page.fill("#policy\\:wanted", action);
    page.click("[aria-label='Add " + action + "']");
    page.locator("[aria-label='Remove " + action + "']").waitFor();
  }

  private void choose(String name) {
    page.locator("#list\\:table tr", new Page.LocatorOptions().setHasText(name))
        .locator(".ui-chkbox-box")
        .click();
  }

  @Test
  void aPolicyIsMadeSwitchedOffAndDeleted() {
    login();
    visit("policies/edit.xhtml");
    page.fill("#policy\\:name", "it_made");
    page.locator("#policy\\:scope").selectOption("enrollment");
    page.locator("[aria-label='Add maxtoken']").waitFor();
    add("maxtoken");
    page.locator("[aria-label='maxtoken']").pressSequentially("many");
    page.locator("#policy\\:problem", new Page.LocatorOptions().setHasText("maxtoken")).waitFor();
    page.fill("[aria-label='maxtoken']", "");
    page.locator("[aria-label='maxtoken']").pressSequentially("3");
    page.locator("#policy\\:problem .notice")
        .waitFor(
            new com.microsoft.playwright.Locator.WaitForOptions()
                .setState(com.microsoft.playwright.options.WaitForSelectorState.DETACHED));
    page.click("#policy\\:save");
    awaitMessage("Policy it_made is saved.");
    assertThat(api().get("/system/getPolicy", "name", "it_made").text()).contains("maxtoken=3");

    visit("policies/index.xhtml?scope=enrollment");
    inspect("policies");
    choose("it_made");
    page.click("#list\\:disable");
    page.locator("#disableDialog:visible").waitFor();
    page.click("#disableForm\\:yes");
    awaitMessage("1 of 1 policies disabled.");
    choose("it_made");
    page.click("#list\\:delete");
    page.locator("#deleteDialog:visible").waitFor();
    assertThat(page.locator("#deleteDialog").innerText()).contains("it_made", "maxtoken=3");
    page.click("#deleteForm\\:yes");
    awaitMessage("One policy was deleted.");
    assertThat(api().get("/audit/search", "qtype", "action", "query", "system/delPolicy").text())
        .contains("it_made");
  }

  @Test
  void aPolicyIsDuplicated() {
    api()
        .post(
            "/system/setPolicy",
            "name",
            "it_first",
            "scope",
            "enrollment",
            "action",
            "maxtoken=7",
            "user",
            "*",
            "realm",
            "nowhere",
            "client",
            "*",
            "active",
            "True")
        .value();
    login();
    visit("policies/edit.xhtml?name=it_first");
    inspect("policy");
    page.locator("a", new Page.LocatorOptions().setHasText("Duplicate")).click();
    page.waitForURL("**copy=it_first*");
    assertThat(page.inputValue("#policy\\:name")).isEqualTo("it_first_copy");
    page.click("#policy\\:save");
    awaitMessage("Policy it_first_copy is saved.");
    assertThat(api().get("/system/getPolicy", "name", "it_first_copy").text())
        .contains("maxtoken=7", "nowhere");
    api().post("/system/delPolicy", "name", "it_first,it_first_copy").value();
  }

  @Test
  void aTemplateIsPreviewedAndApplied() {
    login();
    visit("policies/templates.xhtml");
    inspect("templates");
    page.locator("a.tile", new Page.LocatorOptions().setHasText("Self-service for staff"))
        .first()
        .click();
    page.waitForURL("**template=*");
    page.locator("#fill input[type=text]")
        .all()
        .forEach(
            field -> {
              if (field.inputValue().isEmpty()) {
                field.fill("people");
              }
            });
    page.fill("#fill\\:prefix", "it_tpl_");
    page.click("#fill\\:preview");
    page.locator("#apply").waitFor();
    assertThat(page.locator("#apply").innerText()).contains("it_tpl_");
    inspect("template");
    page.click("#apply\\:store");
    awaitMessage("The policies of the template are stored.");
    visit("policies/index.xhtml?q=it_tpl_");
    assertThat(page.locator("#list\\:table tbody").innerText()).contains("it_tpl_");
    page.locator("#list\\:table thead .ui-chkbox-box").click();
    page.click("#list\\:delete");
    page.locator("#deleteDialog:visible").waitFor();
    page.click("#deleteForm\\:yes");
    awaitMessage("deleted.");
  }

  @Test
  void whatWouldLockEverybodyOutIsRefusedUnlessInsistedOn() {
    login();
    visit("policies/edit.xhtml");
    page.fill("#policy\\:name", "it_lockout");
    page.locator("#policy\\:scope").selectOption("system");
    page.locator("[aria-label='Add read']").waitFor();
    add("read");
    page.click("#policy\\:save");
    awaitMessage("potential lockout");
    page.uncheck("#policy\\:active");
    page.check("#policy\\:enforce");
    page.click("#policy\\:save");
    awaitMessage("Policy it_lockout is saved.");
    api().post("/system/delPolicy", "name", "it_lockout", "enforce", "true").value();
  }

  @Test
  void policiesTravelAsFile() {
    login();
    visit("policies/import.xhtml");
    page.locator("#import\\:file")
        .setInputFiles(
            new FilePayload(
                "policy.cfg",
                "text/plain",
                "[it_file]\nscope = enrollment\naction = otp_pin_random=5\nrealm = nowhere\n"
                    .getBytes(StandardCharsets.UTF_8)));
    page.click("#import\\:submit");
    awaitMessage("One policy was imported.");
    visit("policies/index.xhtml?q=it_file");
    var file = page.waitForDownload(() -> page.click("#list\\:save"));
    assertThat(file.path()).content().contains("[it_file]").contains("otp_pin_random=5");
    api().post("/system/delPolicy", "name", "it_file").value();
  }

  @Test
  void aDecisionIsExplained() {
    login();
    try (var ignored = Rights.only("admin", "enable", "it_helpdesk")) {
      visit("policies/test.xhtml?scope=admin&action=remove&user=hans&realm=people");
      assertThat(page.locator("#decision").innerText()).contains("Not allowed.");
      page.fill("#action", "enable");
      page.press("#action", "Enter");
      page.waitForURL("**action=enable*");
      assertThat(page.locator("#decision").innerText()).contains("Allowed.", "it_helpdesk");
      inspect("policy-test");
    }
  }

  @Test
  void whoMayOnlyReadChangesNothing() {
    People.present();
    try (var ignored = Rights.only("system", "read", "it_reader")) {
      login(Rights.HELPER, Rights.PASSWORD);
      visit("policies/index.xhtml");
      assertThat(page.locator("#content").innerText())
          .contains("it_reader")
          .doesNotContain("New policy");
      assertThat(page.locator("#list\\:delete").count()).isZero();
      visit("policies/import.xhtml");
      page.locator("#import\\:file")
          .setInputFiles(
              new FilePayload(
                  "p.cfg",
                  "text/plain",
                  "[it_stolen]\nscope = system\naction = write\n"
                      .getBytes(StandardCharsets.UTF_8)));
      page.click("#import\\:submit");
      awaitMessage("You are not allowed to write system config.");
    }
  }
}
