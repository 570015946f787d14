package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Realms, resolvers, providers, settings, audit trail, token files and tools. */
@SuppressWarnings("try") // rights are given back at the end of a block
class ConfigurationIT extends BrowserTest {
  @BeforeAll
  static void prepare() {
    People.present();
  }

  private static FilePayload file(String name, String content) {
    return new FilePayload(name, "text/plain", content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void usersAreImportedAndGetARealm() {
    login();
    visit("resolvers/import.xhtml");
    page.locator("#import\\:file")
        .setInputFiles(file("u.csv", "eve,1,Adams,Eve\njim,2,Beam,Jim\n"));
    page.fill("#import\\:resolver", "it_users");
    page.click("#import\\:try");
    page.locator("#report").waitFor();
    assertThat(page.locator("#report").innerText()).contains("New: 2");
    assertThat(api().get("/system/getResolvers").text()).doesNotContain("it_users");
    page.click("#confirm\\:run");
    awaitMessage("The users of it_users are imported.");

    visit("realms/edit.xhtml");
    page.fill("#realm\\:name", "It Realm");
    page.getByLabel("it_users").check();
    page.click("#realm\\:save");
    awaitMessage("Realm it-realm is saved.");
    visit("realms/index.xhtml");
    inspect("realms");
    page.click("[aria-label='Delete it-realm']");
    page.locator("#deleteDialog:visible").waitFor();
    assertThat(page.locator("#deleteDialog").innerText()).contains("it-realm");
    page.click("#deleteForm\\:yes");
    awaitMessage("Realm it-realm is deleted.");

    visit("resolvers/index.xhtml");
    inspect("resolvers");
    page.click("[aria-label='Test it_users']");
    awaitMessage("it_users");
    page.click("[aria-label='Delete it_users']");
    page.locator("#deleteDialog:visible").waitFor();
    page.click("#deleteForm\\:yes");
    awaitMessage("Resolver it_users is deleted.");
  }

  @Test
  void aProviderKeepsItsSecretAndIsTested() {
    login();
    visit("providers/edit.xhtml?type=sms");
    page.fill("#provider\\:name", "it_sms");
    page.locator("#provider\\:class").selectOption("FileSMSProvider");
    page.waitForTimeout(500);
    page.fill("#provider\\:config", "{\"file\": \"it_sms.txt\", \"password\": \"hidden-one\"}");
    page.click("#provider\\:save");
    awaitMessage("Provider it_sms is saved.");
    assertThat(page.content()).doesNotContain("hidden-one").contains("********");
    page.click("#provider\\:save");
    awaitMessage("Provider it_sms is saved.");
    assertThat(api().get("/system/getProvider", "type", "sms").text()).contains("hidden-one");
    page.click("#test\\:run");
    page.locator("#test\\:result .notice").waitFor();
    visit("providers/index.xhtml");
    inspect("providers");
    page.click("[aria-label='Delete it_sms']");
    page.locator("#deleteDialog:visible").waitFor();
    page.click("#deleteForm\\:yes");
    awaitMessage("Provider it_sms is deleted.");
  }

  @Test
  void onlyWhatWasChangedIsStored() {
    login();
    visit("settings/index.xhtml");
    inspect("settings");
    page.getByLabel("Seconds until the next SMS is sent").fill("soon");
    page.click("#settings\\:save");
    awaitMessage("SMSBlockingTimeout");
    page.getByLabel("Seconds until the next SMS is sent").fill("45");
    page.click("#settings\\:save");
    awaitMessage("One setting is saved.");
    assertThat(api().get("/system/getConfig", "key", "SMSBlockingTimeout").text()).contains("45");
  }

  @Test
  void theAuditTrailIsSearchedAndExported() {
    login();
    visit("audit/index.xhtml?action=admin/login");
    assertThat(page.locator("#list\\:table tbody").innerText()).contains("admin/login", "intact");
    inspect("audit");
    var export = page.waitForDownload(() -> page.click("#tools\\:export"));
    assertThat(export.path()).content().contains("admin/login").contains("OK");
  }

  @Test
  void aTokenFileIsImportedWhileThePageMayBeLeft() {
    login();
    visit("import/index.xhtml");
    inspect("import");
    page.locator("#import\\:file")
        .setInputFiles(
            file("t.csv", "ITIMPORT1,3132333435363738393031323334353637383930,HOTP,6\n"));
    page.click("#import\\:submit");
    visit("import/index.xhtml");
    page.locator("#progress .notice.good").waitFor();
    assertThat(page.locator("#progress").innerText()).contains("One token was imported.");
    assertThat(api().get("/admin/show", "serial", "ITIMPORT1").text()).contains("ITIMPORT1");
    page.locator("#import\\:file").setInputFiles(file("bad.csv", "ITIMPORT2,nothex,HOTP,6\n"));
    page.click("#import\\:submit");
    page.locator("#progress .notice.bad").waitFor();
  }

  @Test
  void toolsAreThere() {
    login();
    visit("tools/index.xhtml");
    inspect("tools");
    page.fill("#find\\:otp", "000000");
    page.click("#find\\:run");
    awaitMessage("No token has this value.");
    page.fill("#password\\:old", "a");
    page.fill("#password\\:new", "b");
    page.fill("#password\\:again", "c");
    page.click("#password\\:run");
    awaitMessage("The new passwords differ.");
  }

  @Test
  void whoMayOnlyReadSeesNoFormsToChange() {
    try (var ignored = Rights.only("system", "read", "it_config_reader")) {
      login(Rights.HELPER, Rights.PASSWORD);
      visit("realms/index.xhtml");
      assertThat(page.locator("#content").innerText()).doesNotContain("New realm");
      visit("settings/index.xhtml");
      assertThat(page.locator("#settings\\:save").count()).isZero();
    }
  }
}
