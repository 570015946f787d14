package org.linotpee.gsm.at;

import org.linotpee.gsm.GsmException;
import org.linotpee.gsm.GsmException.Category;

/**
 * A modem's final result that is not {@code OK}, with its meaning and what helps (spec 11 section
 * 11.7).
 */
final class ModemError extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose numbers they are. */
  enum Kind {
    /** {@code ERROR} without a number. */
    PLAIN,
    /** {@code +CME ERROR}: the equipment. */
    CME,
    /** {@code +CMS ERROR}: the message service. */
    CMS
  }

  /** What may be done before the message is given up. */
  enum Cure {
    NONE,
    /** Once again after some seconds: the network is busy. */
    WAIT,
    /** The SIM card is busy: each second, for a while. */
    SIM_BUSY,
    /** The modem is brought back to its senses, then once again. */
    RECOVER,
    /** The PIN is asked for in the middle of the work. */
    PIN
  }

  static final int CME_SIM_ABSENT = 10;
  static final int CME_PIN = 11;
  static final int CME_PUK = 12;
  static final int CME_SIM_FAILURE = 13;
  static final int CME_SIM_BUSY = 14;
  static final int CME_WRONG_PASSWORD = 16;

  private record Meaning(String text, Category category, Cure cure) {}

  private final Kind kind;
  private final int code;
  private final transient Meaning meaning;

  ModemError(Kind kind, int code) {
    super(describe(kind, code));
    this.kind = kind;
    this.code = code;
    this.meaning = meaning(kind, code);
  }

  private static String describe(Kind kind, int code) {
    String text = meaning(kind, code).text();
    return kind == Kind.PLAIN ? text : "%s (+%s ERROR: %d)".formatted(text, kind, code);
  }

  boolean is(Kind wanted, int number) {
    return kind == wanted && code == number;
  }

  Cure cure() {
    return meaning.cure();
  }

  /** As applications see it. */
  GsmException toGsmException() {
    return new GsmException(meaning.category(), getMessage(), this);
  }

  private static Meaning meaning(Kind kind, int code) {
    return switch (kind) {
      case PLAIN -> unavailable("the modem answered ERROR", Cure.RECOVER);
      case CME -> cme(code);
      case CMS -> cms(code);
    };
  }

  private static Meaning unavailable(String text, Cure cure) {
    return new Meaning(text, Category.UNAVAILABLE, cure);
  }

  private static Meaning refused(String text) {
    return new Meaning(text, Category.REFUSED, Cure.NONE);
  }

  private static Meaning configuration(String text) {
    return new Meaning(text, Category.CONFIGURATION, Cure.NONE);
  }

  private static Meaning pin(String text) {
    return new Meaning(text, Category.CONFIGURATION, Cure.PIN);
  }

  private static Meaning cme(int code) {
    return switch (code) {
      case 3 -> refused("the modem does not allow that");
      case 4 -> refused("the modem does not support that");
      case CME_SIM_ABSENT -> unavailable("there is no SIM card in the modem", Cure.NONE);
      case CME_PIN -> pin("the SIM card wants its PIN");
      case CME_PUK -> configuration("the SIM card is blocked and wants its PUK");
      case CME_SIM_FAILURE -> unavailable("the SIM card has failed", Cure.NONE);
      case CME_SIM_BUSY -> unavailable("the SIM card is busy", Cure.SIM_BUSY);
      case 15 -> unavailable("that is the wrong SIM card for this modem", Cure.NONE);
      case CME_WRONG_PASSWORD -> configuration("the PIN of the SIM card is wrong");
      case 30 -> unavailable("there is no network", Cure.NONE);
      case 31 -> unavailable("the network does not answer", Cure.NONE);
      default -> unavailable("the modem reports an error", Cure.RECOVER);
    };
  }

  private static Meaning cms(int code) {
    return switch (code) {
      case 1 -> refused("nobody has this number");
      case 8 -> refused("the operator has barred messages");
      case 10 -> refused("the subscription is barred");
      case 21 -> refused("the message was rejected");
      case 27 -> refused("the recipient's network is out of service");
      case 28 -> refused("the recipient is not identified");
      case 29 -> refused("the network rejected the message service");
      case 30 -> refused("the recipient is unknown to the network");
      case 38 -> unavailable("the network is out of order", Cure.WAIT);
      case 41 -> unavailable("the network has a temporary failure", Cure.WAIT);
      case 42 -> unavailable("the network is congested", Cure.WAIT);
      case 47 -> unavailable("the network has no resources", Cure.WAIT);
      case 50 -> refused("the message service is not part of the subscription");
      case 69 -> refused("the network does not have this service");
      case 81, 95, 96, 97, 98, 99, 111, 127 ->
          refused("modem and network do not understand each other");
      case 192 -> unavailable("the service centre is busy", Cure.NONE);
      case 193 -> refused("the service centre does not know this subscriber");
      case 194 -> unavailable("the service centre has failed", Cure.NONE);
      case 195 -> refused("the service centre does not accept the number");
      case 196 -> refused("the service centre has barred this subscriber");
      case 208 -> refused("the memory of the SIM card is full: delete old messages");
      case 211 -> refused("the memory is full: delete old messages");
      case 300 -> unavailable("the modem has failed", Cure.RECOVER);
      case 301 -> refused("the message service of the modem is reserved");
      case 302 -> unavailable("the modem does not allow that now", Cure.RECOVER);
      case 303 -> refused("the modem does not support that");
      case 304 -> refused("the modem does not accept the PDU");
      case 305 -> refused("the modem does not accept the text parameters");
      case 310 -> unavailable("there is no SIM card in the modem", Cure.NONE);
      case 311 -> pin("the SIM card wants its PIN");
      case 312 -> pin("the modem wants the PIN that ties it to a SIM card");
      case 313 -> unavailable("the SIM card has failed", Cure.NONE);
      case 314 -> unavailable("the SIM card is busy", Cure.SIM_BUSY);
      case 315 -> unavailable("that is the wrong SIM card for this modem", Cure.NONE);
      case 316 -> pin("the SIM card is blocked and wants its PUK");
      case 317 -> pin("the SIM card wants its PIN2");
      case 318 -> pin("the SIM card wants its PUK2");
      case 320 -> refused("the memory of the modem has failed");
      case 321 -> refused("there is no such place in the memory");
      case 322 -> refused("the memory is full: delete old messages");
      case 330 -> refused("the number of the service centre is not known: set SMSC");
      case 331 -> unavailable("there is no network", Cure.NONE);
      case 332 -> unavailable("the network does not answer", Cure.NONE);
      default ->
          code >= 500 || code < 0
              ? unavailable("the modem reports an unknown error", Cure.RECOVER)
              : refused("the network refuses the message");
    };
  }
}
