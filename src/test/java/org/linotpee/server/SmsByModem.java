package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.linotpee.gsm.ModemSimulator;

/** Messages by device on a server, and what the audit trail says about them. */
final class SmsByModem {
  /** In the log of a server whose application has no connection factory to ask. */
  static final String EMBEDDED = "modems are driven by the application itself";

  private SmsByModem() {}

  static List<JsonNode> auditRows(Client admin, String action) {
    return admin
        .get("/audit/search", "rp", "100", "action", action)
        .json()
        .path("rows")
        .findParents("cell")
        .stream()
        .filter(row -> row.toString().contains(action))
        .toList();
  }

  /**
   * A message goes out by SMS, and its delivery is noted in the audit trail.
   *
   * @param reports how many deliveries are noted then
   */
  static void sends(Client admin, String configuration, ModemSimulator modem, int reports) {
    admin
        .post(
            "/system/setProvider",
            "type",
            "sms",
            "name",
            "modem",
            "class",
            "smsprovider.DeviceSMSProvider.DeviceSMSProvider",
            "timeout",
            "300",
            "config",
            configuration,
            "default",
            "true")
        .value();
    Client.Answer test = admin.post("/system/testProvider", "type", "sms", "name", "modem");
    assertThat(test.accepted()).as(test.text()).isTrue();
    int before = modem.sent.size();
    Client.Answer sent =
        admin.post(
            "/system/testProvider",
            "type",
            "sms",
            "name",
            "modem",
            "to",
            "+491711234567",
            "message",
            "755224 ü");
    assertThat(sent.accepted()).as(sent.text()).isTrue();
    assertThat(modem.sent).hasSize(before + 1);
    assertThat(modem.sent.get(before).number()).isEqualTo("+491711234567");
    assertThat(modem.sent.get(before).text()).contains("755224 ü");
    ModemSimulator.await(() -> auditRows(admin, "gsm/report").size() == reports);
  }
}
