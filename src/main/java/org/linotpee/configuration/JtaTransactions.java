package org.linotpee.configuration;

import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.function.Function;
import org.eclipse.persistence.internal.sessions.UnitOfWorkImpl;

/** {@link Transactions} of the application server. */
@Stateless
public class JtaTransactions implements Transactions {
  @PersistenceContext(unitName = "linotp-ee")
  private EntityManager entityManager;

  @Override
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public <T> T required(Function<EntityManager, T> work) {
    return applied(work);
  }

  @Override
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public <T> T separate(Function<EntityManager, T> work) {
    return applied(work);
  }

  /**
   * Work that fails gives its connection back before the transaction is rolled back: EclipseLink
   * would do so afterwards only, and WildFly's pool destroys connections that are still held then.
   */
  private <T> T applied(Function<EntityManager, T> work) {
    try {
      return work.apply(entityManager);
    } catch (RuntimeException e) {
      entityManager.unwrap(UnitOfWorkImpl.class).getParent().releaseJTSConnection();
      throw e;
    }
  }
}
