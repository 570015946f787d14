package org.linotpee.gsm;

import jakarta.resource.ResourceException;
import java.util.Objects;

/**
 * A modem cannot do what it was asked. The message says why in words for administrators; it never
 * has the text of a short message or a PIN in it.
 */
public class GsmException extends ResourceException {
  private static final long serialVersionUID = 1L;

  /** What a caller can do about it. */
  public enum Category {
    /** Nobody could be reached: another way or a later time may help. */
    UNAVAILABLE,
    /** Somebody answered and said no: the same message will fail again. */
    REFUSED,
    /** The settings of the device are wrong, or the SIM card needs an administrator. */
    CONFIGURATION
  }

  private final Category category;

  public GsmException(Category category, String message) {
    super(message);
    this.category = Objects.requireNonNull(category, "a failure has a category");
  }

  public GsmException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = Objects.requireNonNull(category, "a failure has a category");
  }

  public Category category() {
    return category;
  }

  /** The port, the SIM card or the network cannot be reached. */
  public static GsmException unavailable(String message) {
    return new GsmException(Category.UNAVAILABLE, message);
  }

  /** The modem or the network refuses the message. */
  public static GsmException refused(String message) {
    return new GsmException(Category.REFUSED, message);
  }

  /** Settings or the SIM card have to be changed by an administrator. */
  public static GsmException configuration(String message) {
    return new GsmException(Category.CONFIGURATION, message);
  }
}
