package org.linotpee.audit;

import jakarta.persistence.EntityManager;

/** Where audit rows go (design.md section 5). */
public interface AuditTrail {
  /**
   * Inserts the row in the caller's transaction, so that the change and its row are stored together
   * or not at all, and marks the record stored.
   */
  void store(EntityManager entityManager, AuditRecord row);

  /** Stores the row of a request that changed nothing, or whose change was rolled back. */
  void store(AuditRecord row);
}
