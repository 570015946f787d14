package org.linotpee.delivery;

/** What became of a message. */
public sealed interface Receipt {
  /**
   * A gateway has accepted it.
   *
   * @param provider the name of the provider that was used
   * @param detail what the caller may tell the client: {@code e-mail sent successfully}
   */
  record Sent(String provider, String detail) implements Receipt {}

  /**
   * No provider has taken it.
   *
   * @param reason for the audit trail and administrators; it holds neither text nor secrets
   */
  record NotSent(String reason) implements Receipt {}
}
