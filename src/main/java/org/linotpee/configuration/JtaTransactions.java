package org.linotpee.configuration;

import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.function.Function;

/** {@link Transactions} of the application server. */
@Stateless
public class JtaTransactions implements Transactions {
  @PersistenceContext(unitName = "linotp-ee")
  private EntityManager entityManager;

  @Override
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public <T> T required(Function<EntityManager, T> work) {
    return work.apply(entityManager);
  }

  @Override
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public <T> T separate(Function<EntityManager, T> work) {
    return work.apply(entityManager);
  }
}
