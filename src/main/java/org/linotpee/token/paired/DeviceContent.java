package org.linotpee.token.paired;

/** The kinds of content of a challenge (spec 08 sections 17.4 and 18.4). */
final class DeviceContent {
  /** A text that the user shall confirm. */
  static final int TEXT = 0;

  /** The serial number of the token, which is to be activated. */
  static final int PAIRING = 1;

  /** A login at a server. */
  static final int LOGIN = 2;

  /** The longest callback URL in a challenge. */
  static final int MAX_URL = 511;

  /** The longest text in a challenge. */
  static final int MAX_TEXT = 511;

  private DeviceContent() {}
}
