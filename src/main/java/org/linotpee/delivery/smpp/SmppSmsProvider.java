package org.linotpee.delivery.smpp;

import jakarta.inject.Inject;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.TypeOfNumber;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.GatewayTls;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Phones;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderClass;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Secrecy;
import org.linotpee.delivery.Timeouts;

/** SMS by a message centre that speaks SMPP (spec 11 section 9). */
@Service
public class SmppSmsProvider implements ProviderClass {
  private static final int PORT = 5100;
  private static final int MAX_PORT = 65_535;
  private static final int ENQUIRE_SECONDS = 30;
  private static final byte WITH_HEADER = 0x40;
  private static final Pattern NUMBER = Pattern.compile("[\\x20-\\x7e]{1,20}");
  private static final int MAX_PIECES = 255;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Tls tls;

  @Inject
  public SmppSmsProvider(Tls tls) {
    this.tls = tls;
  }

  @Override
  public ProviderType type() {
    return ProviderType.SMS;
  }

  @Override
  public String name() {
    return "SMPPSMSProvider";
  }

  @Override
  public Set<String> spellings() {
    return ProviderType.smsSpellings(name());
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.required("server", "string", "host of the message centre"),
        Option.of("port", "number", "its port; 5100"),
        Option.required("system_id", "string", "login at the message centre"),
        Option.required("password", "string", "its password"),
        Option.of("system_type", "string", "kind of this client"),
        Option.required("source_addr", "string", "sender, a number or a name"),
        Option.of("source_addr_ton", "number", "its type of number; 1, 5 for a name"),
        Option.of("source_addr_npi", "number", "its numbering plan; 1, 0 for a name"),
        Option.of("dest_addr_ton", "number", "type of number of recipients; 1"),
        Option.of("dest_addr_npi", "number", "numbering plan of recipients; 1"),
        Option.of("target_encoding", "string", "character set; chosen by the text if left out"),
        Option.of("DATA_CODING", "number", "data_coding; chosen by the text if left out"),
        Option.of("CONCAT", "string", "how long texts are linked: sar or udh; sar"),
        Option.of("KEEP_SESSION", "boolean", "keep one session bound; false"),
        Option.of("ENQUIRE_LINK", "number", "seconds after which a kept session is checked; 30"),
        Option.of("USE_SSL", "boolean", "connect with TLS; false"),
        Option.of("SERVER_CERTIFICATE", "string", "trusted certificates, PEM; false: any"),
        Option.of("CLIENT_CERTIFICATE_FILE", "string", "certificate and key, PEM"),
        Option.of("TIMEOUT", "string", "seconds, or \"connect,read\"; 5"),
        Option.of("MSISDN", "boolean", "keep only the digits of numbers"),
        Option.of("DROP_TRUNK_ZERO", "boolean", "leave out (0)"),
        Option.of("SUPPRESS_PREFIX", "string", "cut off the beginning of numbers"));
  }

  @Override
  public Provider open(ProviderSettings settings) {
    boolean keep = settings.laxFlag("KEEP_SESSION");
    int seconds = settings.number("ENQUIRE_LINK", ENQUIRE_SECONDS, 1, 3600);
    var access =
        new SmppSession.Access(
            settings.required("server").trim(),
            settings.number("port", PORT, 1, MAX_PORT),
            settings.laxFlag("USE_SSL"),
            GatewayTls.of(tls, settings, "SERVER_CERTIFICATE", "CLIENT_CERTIFICATE_FILE", ""),
            settings.timeouts(Timeouts.ofSeconds(5, 5)),
            settings.required("system_id"),
            settings.required("password"),
            settings.text("system_type").orElse(""),
            address(settings, "source_addr", settings.required("source_addr")),
            address(settings, "dest_addr", ""),
            keep ? seconds * 1000 : 0);
    String concat = settings.text("CONCAT").orElse("sar");
    if (!concat.equals("sar") && !concat.equals("udh")) {
      throw ProviderSettings.unusable("CONCAT", "has to be sar or udh");
    }
    return new Gateway(
        access,
        settings,
        charset(settings),
        settings.text("DATA_CODING").map(x -> settings.number("DATA_CODING", 0, 0, 255)),
        concat.equals("udh"),
        keep);
  }

  private static SmppSession.Address address(ProviderSettings settings, String key, String text) {
    int ton = settings.number(key + "_ton", 1, 0, 255);
    int npi = settings.number(key + "_npi", 1, 0, 255);
    try {
      return new SmppSession.Address(
          TypeOfNumber.valueOf((byte) ton), NumberingPlanIndicator.valueOf((byte) npi), text);
    } catch (IllegalArgumentException e) {
      throw ProviderSettings.unusable(key + "_ton or " + key + "_npi", "is not in SMPP");
    }
  }

  private static Optional<Charset> charset(ProviderSettings settings) {
    try {
      return settings
          .text("target_encoding")
          .map(name -> Charset.forName(name.replaceAll("(?i)^ISO8859-", "ISO-8859-")))
          .map(c -> c.name().equals("UTF-16") ? java.nio.charset.StandardCharsets.UTF_16BE : c);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw ProviderSettings.unusable("target_encoding", "is not known");
    }
  }

  private static final class Gateway implements Provider {
    private final SmppSession.Access access;
    private final ProviderSettings settings;
    private final Optional<Charset> charset;
    private final Optional<Integer> coding;
    private final boolean udh;
    private final boolean keep;
    private SmppSession kept;

    Gateway(
        SmppSession.Access access,
        ProviderSettings settings,
        Optional<Charset> charset,
        Optional<Integer> coding,
        boolean udh,
        boolean keep) {
      this.access = access;
      this.settings = settings;
      this.charset = charset;
      this.coding = coding;
      this.udh = udh;
      this.keep = keep;
    }

    @Override
    public Outcome send(Message message) {
      String number = Phones.normalised(message.recipient(), settings);
      if (number.isBlank()) {
        return new Outcome.Refused("the telephone number is empty");
      }
      // the protocol takes 20 characters; a number beyond is no fault of the message centre
      if (!NUMBER.matcher(number).matches()) {
        return new Outcome.Refused("the telephone number cannot be used");
      }
      SmppText text = SmppText.of(message.text(), charset, coding);
      if (text.pieces().size() > MAX_PIECES) {
        return new Outcome.Refused("the text is too long");
      }
      try {
        if (keep) {
          submitKept(number, text);
        } else {
          try (var session = new SmppSession(access)) {
            submit(session, number, text);
          }
        }
        return new Outcome.Accepted("SMS sent");
      } catch (SmppSession.RefusedException e) {
        return e.busy()
            ? new Outcome.Unavailable("the message centre is busy: " + e.getMessage())
            : new Outcome.Refused(e.getMessage());
      } catch (IOException e) {
        return new Outcome.Unavailable(reason(e));
      }
    }

    /** A session that has died in the meantime is replaced once. */
    private void submitKept(String number, SmppText text)
        throws IOException, SmppSession.RefusedException {
      SmppSession session = session();
      try {
        submit(session, number, text);
      } catch (IOException e) {
        boolean alive = session.bound();
        drop(session);
        if (alive) {
          // it is not known whether the message was taken: nothing is sent twice
          throw e;
        }
        submit(session(), number, text);
      }
    }

    private synchronized SmppSession session() throws IOException, SmppSession.RefusedException {
      if (kept != null && !kept.bound()) {
        kept.close();
        kept = null;
      }
      if (kept == null) {
        kept = new SmppSession(access);
      }
      return kept;
    }

    private synchronized void drop(SmppSession session) {
      if (kept == session) {
        kept = null;
      }
      session.close();
    }

    private void submit(SmppSession session, String number, SmppText text)
        throws IOException, SmppSession.RefusedException {
      List<byte[]> pieces = text.pieces();
      byte coding = (byte) text.coding();
      if (pieces.size() == 1) {
        session.submit(number, (byte) 0, coding, pieces.get(0));
        return;
      }
      int reference = RANDOM.nextInt(1 << 16);
      for (int i = 0; i < pieces.size(); i++) {
        if (udh) {
          session.submit(
              number, WITH_HEADER, coding, headed(pieces.get(i), reference, pieces.size(), i + 1));
        } else {
          session.submit(
              number,
              (byte) 0,
              coding,
              pieces.get(i),
              new OptionalParameter.Sar_msg_ref_num((short) reference),
              new OptionalParameter.Sar_total_segments((byte) pieces.size()),
              new OptionalParameter.Sar_segment_seqnum((byte) (i + 1)));
        }
      }
    }

    /** With the user data header of concatenated messages (3GPP TS 23.040). */
    private static byte[] headed(byte[] piece, int reference, int total, int number) {
      byte[] header = {5, 0, 3, (byte) reference, (byte) total, (byte) number};
      var result = new byte[header.length + piece.length];
      System.arraycopy(header, 0, result, 0, header.length);
      System.arraycopy(piece, 0, result, header.length, piece.length);
      return result;
    }

    private static String reason(IOException e) {
      return e instanceof UnknownHostException
          ? "the host name is not known"
          : Secrecy.line(e.getMessage() == null ? e.toString() : e.getMessage());
    }

    @Override
    public ProviderTest test() {
      String step = "bind_transceiver at " + access + ": ";
      try (var session = new SmppSession(access)) {
        return new ProviderTest(
            true,
            "the message centre '%s' takes messages".formatted(Secrecy.line(session.centre())),
            List.of(step + "ok", "unbind"));
      } catch (SmppSession.RefusedException e) {
        return new ProviderTest(
            false, "refused: " + e.getMessage(), List.of(step + e.getMessage()));
      } catch (IOException e) {
        return new ProviderTest(false, "unavailable: " + reason(e), List.of(step + reason(e)));
      }
    }

    @Override
    public synchronized void close() {
      if (kept != null) {
        kept.close();
        kept = null;
      }
    }
  }
}
