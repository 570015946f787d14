package org.linotpee.delivery;

/**
 * A gateway with its settings, as {@link ProviderClass#open} makes it. One instance serves many
 * threads; it is kept as long as its definition does not change, and closed then. All calls are
 * made outside of database transactions.
 */
public interface Provider extends AutoCloseable {
  /** Tries once to hand the message over. Never throws for what the gateway does. */
  Outcome send(Message message);

  /** Tells whether the gateway would take messages, without sending one. */
  ProviderTest test();

  /** Lets go of what it keeps open. */
  @Override
  default void close() {}
}
