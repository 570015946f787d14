package org.linotpee.configuration;

import jakarta.persistence.EntityManager;
import java.util.function.Function;

/**
 * Runs work in one database transaction. In the server it is JTA, on the command line a
 * resource-local unit; what runs inside knows neither.
 */
public interface Transactions {
  /**
   * Runs the work in a transaction that commits when it returns and rolls back when it throws. A
   * call within a running transaction joins it.
   */
  <T> T required(Function<EntityManager, T> work);

  /** Runs the work in a transaction of its own, whatever the caller's does afterwards. */
  <T> T separate(Function<EntityManager, T> work);
}
