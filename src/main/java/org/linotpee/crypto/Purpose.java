package org.linotpee.crypto;

/**
 * What a derived key is for. The constant's name is part of the derivation: renaming one makes
 * stored values unreadable.
 */
public enum Purpose {
  /** Seeds and other secrets of tokens. */
  SEED,
  /** OTP PINs, user PINs and SO PINs. */
  PIN,
  /** Encrypted configuration values. */
  CONFIGURATION,
  /** Challenges and transactions. */
  CHALLENGE,
  /** Authentication codes and signatures of the audit trail. */
  AUDIT,
  /** Signatures of the administrators' sessions. */
  JWT,
  /** Administrators' logins that wait for a second factor. */
  LOGIN
}
