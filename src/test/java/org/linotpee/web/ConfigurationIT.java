package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    page.getByLabel("file *", new Page.GetByLabelOptions().setExact(true)).fill("it_sms.txt");
    inspect("provider");
    page.click("#provider\\:turn");
    page.locator("#provider\\:config").waitFor();
    assertThat(page.inputValue("#provider\\:config")).contains("it_sms.txt");
    page.fill("#provider\\:config", "{\"file\": \"it_sms.txt\", \"password\": \"hidden-one\"}");
    page.click("#provider\\:save");
    awaitMessage("Provider it_sms is saved.");
    page.click("#provider\\:turn");
    page.locator("#provider\\:config").waitFor();
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
  void aDirectoryIsConnected() throws Exception {
    var settings = new InMemoryDirectoryServerConfig("dc=example,dc=com");
    settings.setSchema(null);
    settings.addAdditionalBindCredentials("cn=reader,dc=example,dc=com", "reader-pw");
    var directory = new InMemoryDirectoryServer(settings);
    directory.startListening();
    try {
      directory.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
      for (String login : List.of("ada", "bea")) {
        directory.add(
            "dn: uid=" + login + ",dc=example,dc=com",
            "objectClass: inetOrgPerson",
            "uid: " + login,
            "cn: " + login,
            "sn: " + login);
      }
      login();
      visit("resolvers/edit.xhtml?type=ldapresolver");
      page.locator("#resolver\\:name").pressSequentially("x");
      page.locator("#resolver\\:problem .notice").waitFor();
      page.fill("#resolver\\:name", "it_directory");
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("LDAP").setExact(true))
          .click();
      PlaywrightAssertions.assertThat(page.getByLabel("Login attribute")).hasValue("uid");
      page.getByLabel("Servers", new Page.GetByLabelOptions().setExact(true))
          .fill("ldap://127.0.0.1:" + directory.getListenPort());
      page.getByLabel("Encrypt ldap://").uncheck();
      page.getByLabel("Only servers with a trusted certificate").uncheck();
      page.getByLabel("Base DN").fill("dc=example,dc=com");
      page.getByLabel("Bind DN").fill("cn=reader,dc=example,dc=com");
      page.getByLabel("Bind password").fill("reader-pw");
      page.getByLabel("What identifies users").fill("DN");
      inspect("resolver-ldap");
      page.click("#resolver\\:save");
      awaitMessage("Resolver it_directory is saved.");
      assertThat(page.content()).doesNotContain("reader-pw");
      page.click("#test\\:run");
      awaitMessage("it_directory answers: 2 users found.");
      directory.shutDown(true);
      page.click("#test\\:run");
      awaitMessage("it_directory does not answer as it should");
    } finally {
      directory.shutDown(true);
      api().post("/system/delResolver", "resolver", "it_directory");
    }
  }

  @Test
  void aTableIsConnected(@TempDir Path folder) throws Exception {
    String database = folder.resolve("people") + ";AUTO_SERVER=TRUE";
    try (Connection connection = DriverManager.getConnection("jdbc:h2:" + database, "sa", "pw")) {
      connection
          .createStatement()
          .execute(
              "CREATE TABLE person (id INTEGER, login VARCHAR(20), email VARCHAR(40), password"
                  + " VARCHAR(200))");
      connection.createStatement().execute("INSERT INTO person VALUES (1, 'carl', 'c@x.org', '')");
    }
    login();
    visit("resolvers/edit.xhtml?type=sqlresolver");
    page.fill("#resolver\\:name", "it_table");
    page.getByLabel("Driver").fill("h2");
    page.getByLabel("Database").fill(database);
    page.getByLabel("User", new Page.GetByLabelOptions().setExact(true)).fill("sa");
    page.getByLabel("Password").fill("pw");
    page.getByLabel("Table").fill("person");
    inspect("resolver-sql");
    page.click("#resolver\\:save");
    awaitMessage("Resolver it_table is saved.");
    page.click("#test\\:run");
    awaitMessage("it_table answers: 1 users found.");
    api().post("/system/delResolver", "resolver", "it_table").value();
  }

  @Test
  void whatWasTypedIsNotLostByMistake() {
    login();
    visit("realms/edit.xhtml");
    var asked = new ArrayList<String>();
    page.onDialog(
        dialog -> {
          asked.add(dialog.type());
          dialog.accept();
        });
    page.fill("#realm\\:name", "half");
    visit("realms/index.xhtml");
    assertThat(asked).containsExactly("beforeunload");
    visit("realms/edit.xhtml");
    visit("realms/index.xhtml");
    assertThat(asked).hasSize(1);
  }

  @Test
  void aLicenceIsTakenOnlyFromAVendorWhomTheOperatorTrusts() {
    login();
    visit("support/index.xhtml");
    assertThat(page.locator("#no-subscription").innerText()).contains("none is needed");
    inspect("support");
    page.locator("#subscription\\:file").setInputFiles(file("l.pem", "no licence"));
    page.click("#subscription\\:submit");
    awaitMessage("this is no licence");
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
      visit("realms/edit.xhtml?name=people");
      assertThat(page.locator("#realm\\:save").count()).isZero();
      inspect("refused-realm");
      visit("resolvers/index.xhtml");
      assertThat(page.locator("#content").innerText())
          .contains("people")
          .doesNotContain("New:", "Delete");
      inspect("refused-resolvers");
      visit("providers/index.xhtml");
      assertThat(page.locator("#content").innerText()).doesNotContain("New provider");
      visit("providers/edit.xhtml?type=sms");
      assertThat(page.locator("#provider\\:save").count()).isZero();
      visit("support/index.xhtml");
      assertThat(page.locator("#subscription").count()).isZero();
    }
  }
}
