package org.linotpee.configuration;

import jakarta.persistence.EntityManager;

/** Makes one part of each snapshot; CDI finds the implementations. */
public interface SnapshotPart<T> {
  /** The immutable type under which the part is asked for. */
  Class<T> type();

  /** Reads and compiles the part; runs in the transaction that reads the whole snapshot. */
  T load(EntityManager entityManager, Configuration configuration);
}
