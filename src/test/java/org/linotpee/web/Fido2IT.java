package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.server.Client;

/** FIDO2 tokens with the devices that the browser itself plays. */
class Fido2IT extends BrowserTest {
  private static final String PIN = "1234";

  private String device;
  private CDPSession control;

  @BeforeAll
  static void prepare() {
    People.present();
    api().policy("fidoSelf", "selfservice", "enrollFIDO2, setOTPPIN, delete");
    api().policy("fidoParty", "enrollment", "fido2_rp_id=localhost, fido2_rp_name=Bank");
  }

  @BeforeEach
  void plugIn() {
    control = page.context().newCDPSession(page);
    control.send("WebAuthn.enable");
    var options = new JsonObject();
    options.addProperty("protocol", "ctap2");
    options.addProperty("transport", "usb");
    options.addProperty("hasResidentKey", true);
    options.addProperty("hasUserVerification", true);
    options.addProperty("isUserVerified", true);
    options.addProperty("automaticPresenceSimulation", true);
    var parameters = new JsonObject();
    parameters.add("options", options);
    device =
        control
            .send("WebAuthn.addVirtualAuthenticator", parameters)
            .get("authenticatorId")
            .getAsString();
  }

  private static Client.Answer act(Client client, String action, String... parameters) {
    String[] all = new String[parameters.length + 2];
    all[0] = "session";
    all[1] = client.cookie("user_selfservice").orElse("");
    System.arraycopy(parameters, 0, all, 2, parameters.length);
    return client.post("/userservice/" + action, all);
  }

  /** A token of this user, registered by the browser's device. */
  private void register(String user, String serial) {
    Client owner = anybody();
    assertThat(owner.post("/userservice/login", "username", user, "password", "secret").accepted())
        .isTrue();
    JsonNode request =
        act(owner, "enroll", "type", "fido2", "serial", serial, "pin", PIN)
            .json()
            .path("detail")
            .path("registerrequest");
    String response =
        page.evaluate(
                "async o => JSON.stringify(await webauthn.create(JSON.parse(o)))",
                request.toString())
            .toString();
    Client.Answer finished =
        act(owner, "fido2_activate_finish", "serial", serial, "attestationResponse", response);
    assertThat(finished.accepted()).as(finished.text()).isTrue();
  }

  private void submit(String user) {
    page.fill("#user", user);
    page.fill("#pin", PIN);
    page.locator("form[data-check]").first().locator("button").click();
  }

  private void awaitResult(String text) {
    page.locator("#result", new Page.LocatorOptions().setHasText(text)).waitFor();
  }

  @Test
  void theBrowsersDeviceLogsIn() {
    page.navigate(local("/auth/fido2"));
    register("hans", "FIDOHANS");
    submit("hans");
    awaitResult("The user was authenticated.");
    JsonNode token =
        api()
            .get("/admin/show", "tokenrealm", "people", "filter", "FIDOHANS")
            .value()
            .path("data")
            .get(0);
    assertThat(token.path("LinOtp.TokenInfo").asText()).contains("last_auth_uv");
    inspect("auth-fido2");

    page.navigate(local("/auth/challenge-response"));
    submit("hans");
    awaitResult("The user was authenticated.");
  }

  @Test
  void anAdministratorLogsInWithADevice() {
    page.navigate(local("/auth/fido2"));
    register("otto", "FIDOOTTO");
    Rights.admitPeople();
    api().post("/admin/tokenrealm", "serial", "FIDOOTTO", "realms", "people,linotp_admins").value();
    api().policy("fidoAdmin", "authentication", "admin_mfa_login");
    page.navigate(local("/manage/login"));
    page.fill("#username", "otto");
    page.fill("#password", "secret");
    page.click("#submit");
    page.waitForURL("**/manage/");
    api().post("/system/delPolicy", "name", "fidoAdmin").value();
  }

  @Test
  void aDeviceThatCannotVerifyItsUserDoesNotAnswerWhereThatIsRequired() {
    page.navigate(local("/auth/fido2"));
    register("anna", "FIDOANNA");
    api().policy("fidoVerified", "authentication", "fido2_user_verification_requirement=required");
    var state = new JsonObject();
    state.addProperty("authenticatorId", device);
    state.addProperty("isUserVerified", false);
    control.send("WebAuthn.setUserVerified", state);
    submit("anna");
    awaitResult("The device has not answered:");
    state.addProperty("isUserVerified", true);
    control.send("WebAuthn.setUserVerified", state);
    page.click("#result button");
    awaitResult("The user was authenticated.");
    api().post("/system/delPolicy", "name", "fidoVerified").value();
  }
}
