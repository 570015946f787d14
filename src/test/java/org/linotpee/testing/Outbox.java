package org.linotpee.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderClass;
import org.linotpee.delivery.ProviderClasses;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.ProviderType;

/** A gateway of each type that keeps what it is given, and may be told to refuse. */
public final class Outbox {
  private final List<Message> messages = Collections.synchronizedList(new ArrayList<>());
  private volatile Outcome outcome = new Outcome.Accepted("e-mail sent successfully");
  private volatile Runnable whileSending = () -> {};

  /** What was sent, the oldest first. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  /** The text of the last message. */
  public String lastText() {
    return messages.get(messages.size() - 1).text();
  }

  public void refuse() {
    outcome = new Outcome.Refused("no");
  }

  public void accept() {
    outcome = new Outcome.Accepted("e-mail sent successfully");
  }

  /** Runs for each message before the gateway answers. */
  public void whileSending(Runnable work) {
    whileSending = work;
  }

  ProviderClasses classes() {
    return new ProviderClasses(
        List.of(
            new Recording(ProviderType.SMS, "HttpSMSProvider"),
            new Recording(ProviderType.EMAIL, "SMTPEmailProvider"),
            new Recording(ProviderType.VOICE, "CustomVoiceProvider"),
            new Recording(ProviderType.PUSH, "DefaultPushProvider")));
  }

  private final class Recording implements ProviderClass {
    private final ProviderType type;
    private final String name;

    Recording(ProviderType type, String name) {
      this.type = type;
      this.name = name;
    }

    @Override
    public ProviderType type() {
      return type;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<Option> options() {
      return List.of();
    }

    @Override
    public Provider open(ProviderSettings settings) {
      return new Provider() {
        @Override
        public Outcome send(Message message) {
          whileSending.run();
          messages.add(message);
          return outcome;
        }

        @Override
        public ProviderTest test() {
          return new ProviderTest(true, "", List.of());
        }
      };
    }
  }
}
