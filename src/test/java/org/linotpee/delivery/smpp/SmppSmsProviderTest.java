package org.linotpee.delivery.smpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jsmpp.PDUStringException;
import org.jsmpp.bean.BroadcastSm;
import org.jsmpp.bean.CancelBroadcastSm;
import org.jsmpp.bean.CancelSm;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.InterfaceVersion;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.QueryBroadcastSm;
import org.jsmpp.bean.QuerySm;
import org.jsmpp.bean.ReplaceSm;
import org.jsmpp.bean.SubmitMulti;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.BindRequest;
import org.jsmpp.session.BroadcastSmResult;
import org.jsmpp.session.DataSmResult;
import org.jsmpp.session.QueryBroadcastSmResult;
import org.jsmpp.session.QuerySmResult;
import org.jsmpp.session.SMPPServerSession;
import org.jsmpp.session.SMPPServerSessionListener;
import org.jsmpp.session.ServerMessageReceiverListener;
import org.jsmpp.session.Session;
import org.jsmpp.session.SubmitMultiResult;
import org.jsmpp.session.SubmitSmResult;
import org.jsmpp.util.MessageId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Neighbours;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderSettings;

class SmppSmsProviderTest {
  private final Tls tls = new Tls(Settings.load(Path.of("target", "no-home"), Map.of()));
  private MessageCentre centre;

  /** A message centre made of the library's server side. */
  private static final class MessageCentre implements ServerMessageReceiverListener, AutoCloseable {
    final List<SubmitSm> submitted = new CopyOnWriteArrayList<>();
    final List<SMPPServerSession> sessions = new CopyOnWriteArrayList<>();
    volatile int bindStatus;
    volatile int submitStatus;
    private final SMPPServerSessionListener listener;

    MessageCentre(int port) throws IOException {
      listener = new SMPPServerSessionListener(port);
      var thread = new Thread(this::accept, "message centre");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      try {
        while (true) {
          SMPPServerSession session = listener.accept();
          sessions.add(session);
          session.setMessageReceiverListener(this);
          BindRequest bind = session.waitForBind(5000);
          if (bindStatus == 0) {
            bind.accept("centre", InterfaceVersion.IF_34);
          } else {
            bind.reject(bindStatus);
          }
        }
      } catch (Exception e) {
        // closed
      }
    }

    @Override
    public SubmitSmResult onAcceptSubmitSm(SubmitSm submit, SMPPServerSession session)
        throws ProcessRequestException {
      if (submitStatus != 0) {
        throw new ProcessRequestException("no", submitStatus);
      }
      submitted.add(submit);
      try {
        return new SubmitSmResult(new MessageId("m" + submitted.size()), new OptionalParameter[0]);
      } catch (PDUStringException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public SubmitMultiResult onAcceptSubmitMulti(SubmitMulti multi, SMPPServerSession session) {
      throw new UnsupportedOperationException();
    }

    @Override
    public QuerySmResult onAcceptQuerySm(QuerySm query, SMPPServerSession session) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BroadcastSmResult onAcceptBroadcastSm(BroadcastSm message, SMPPServerSession session) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onAcceptCancelBroadcastSm(CancelBroadcastSm cancel, SMPPServerSession session) {}

    @Override
    public QueryBroadcastSmResult onAcceptQueryBroadcastSm(
        QueryBroadcastSm query, SMPPServerSession session) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onAcceptReplaceSm(ReplaceSm replace, SMPPServerSession session) {}

    @Override
    public void onAcceptCancelSm(CancelSm cancel, SMPPServerSession session) {}

    @Override
    public DataSmResult onAcceptDataSm(DataSm data, Session session) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws IOException {
      listener.close();
      sessions.forEach(SMPPServerSession::close);
    }
  }

  @BeforeEach
  void start() throws IOException {
    centre = new MessageCentre(Neighbours.closedPort());
  }

  @AfterEach
  void stop() throws IOException {
    centre.close();
  }

  private Provider provider(String more) {
    String config =
        """
        {"server": "127.0.0.1", "port": "%d", "system_id": "acme", "password": "s3cret",
         "source_addr": "12345", "TIMEOUT": "2,2" %s}
        """
            .formatted(centre.listener.getPort(), more);
    return new SmppSmsProvider(tls).open(ProviderSettings.parse("one", "5", config));
  }

  private Outcome send(String more, String text) {
    try (Provider provider = provider(more)) {
      return provider.send(Message.sms("+49171123456", text));
    }
  }

  @Test
  void aShortTextIsOneMessage() {
    assertThat(send("", "Code 755224")).isEqualTo(new Outcome.Accepted("SMS sent"));
    SubmitSm submit = centre.submitted.get(0);
    assertThat(submit.getSourceAddr()).isEqualTo("12345");
    assertThat(submit.getDestAddress()).isEqualTo("+49171123456");
    assertThat(submit.getDataCoding()).isZero();
    assertThat(submit.getShortMessage())
        .isEqualTo("Code 755224".getBytes(StandardCharsets.US_ASCII));
    assertThat(centre.sessions.get(0).getSessionState().isBound()).isFalse();
  }

  @Test
  void theCodingFollowsTheText() {
    assertThat(SmppText.of("Grüße {€}", Optional.empty(), Optional.empty()).coding())
        .isEqualTo(SmppText.GSM);
    assertThat(SmppText.of("€", Optional.empty(), Optional.empty()).pieces().get(0))
        .containsExactly(0x1B, 0x65);
    assertThat(SmppText.of("ê", Optional.empty(), Optional.empty()))
        .satisfies(
            text -> {
              assertThat(text.coding()).isEqualTo(SmppText.LATIN_1);
              assertThat(text.pieces().get(0)).containsExactly(0xEA);
            });
    assertThat(SmppText.of("Код", Optional.empty(), Optional.empty()).coding())
        .isEqualTo(SmppText.UCS_2);
    assertThat(
            SmppText.of("aКb", Optional.of(StandardCharsets.ISO_8859_1), Optional.empty())
                .pieces()
                .get(0))
        .as("what the character set lacks is dropped")
        .isEqualTo("ab".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void noCharacterIsSplit() {
    assertThat(
            SmppText.of("x".repeat(152) + "€" + "y".repeat(20), Optional.empty(), Optional.empty())
                .pieces()
                .stream()
                .map(piece -> piece.length)
                .toList())
        .containsExactly(152, 22);
    assertThat(
            SmppText.of("я".repeat(66) + "😀".repeat(5), Optional.empty(), Optional.empty())
                .pieces()
                .stream()
                .map(piece -> piece.length)
                .toList())
        .containsExactly(132, 20);
  }

  @Test
  void longTextsAreLinkedByHeadersOnRequest() {
    assertThat(send(", \"CONCAT\": \"udh\"", "x".repeat(200))).isInstanceOf(Outcome.Accepted.class);
    assertThat(centre.submitted).hasSize(2);
    for (int i = 0; i < 2; i++) {
      SubmitSm submit = centre.submitted.get(i);
      assertThat(submit.getEsmClass()).isEqualTo((byte) 0x40);
      byte[] octets = submit.getShortMessage();
      assertThat(new byte[] {octets[0], octets[1], octets[2], octets[4], octets[5]})
          .containsExactly(5, 0, 3, 2, i + 1);
    }
    assertThat(centre.submitted.get(0).getShortMessage()[3])
        .isEqualTo(centre.submitted.get(1).getShortMessage()[3]);
  }

  @Test
  void refusalsAndBusyCentresAreToldApart() {
    centre.submitStatus = 69;
    assertThat(send("", "x"))
        .isInstanceOf(Outcome.Refused.class)
        .extracting(Outcome::reason)
        .asString()
        .contains("69");
    centre.submitStatus = 0x58;
    assertThat(send("", "x")).isInstanceOf(Outcome.Unavailable.class);
    centre.bindStatus = 13;
    assertThat(send("", "x")).isInstanceOf(Outcome.Refused.class);
    try (Provider provider = provider("")) {
      assertThat(provider.test().message()).contains("13").doesNotContain("s3cret");
    }
  }

  @Test
  void aKeptSessionIsUsedAgainAndReplacedWhenItHasDied() throws Exception {
    try (Provider provider = provider(", \"KEEP_SESSION\": true, \"ENQUIRE_LINK\": 1")) {
      var message = Message.sms("1", "x");
      assertThat(provider.send(message)).isInstanceOf(Outcome.Accepted.class);
      Thread.sleep(2500);
      assertThat(provider.send(message)).isInstanceOf(Outcome.Accepted.class);
      assertThat(centre.sessions).hasSize(1);
      centre.sessions.get(0).close();
      var outcomes = new ArrayList<Outcome>();
      for (int i = 0; i < 2; i++) {
        outcomes.add(provider.send(message));
      }
      assertThat(outcomes.get(1)).isInstanceOf(Outcome.Accepted.class);
      assertThat(centre.sessions).hasSize(2);
    }
  }

  @Test
  void aCentreThatIsDownIsUnavailable() {
    try (Provider provider = provider(", \"port\": " + Neighbours.closedPort())) {
      assertThat(provider.send(Message.sms("1", "x"))).isInstanceOf(Outcome.Unavailable.class);
      assertThat(provider.test().passed()).isFalse();
    }
  }

  @Test
  void settingsThatCannotBeUsedAreRefused() {
    for (String more :
        List.of(
            ", \"source_addr_ton\": 9",
            ", \"CONCAT\": \"no\"",
            ", \"target_encoding\": \"no\"",
            ", \"DATA_CODING\": 256")) {
      assertThatThrownBy(() -> provider(more)).as(more).isInstanceOf(LinotpException.class);
    }
  }
}
