package org.linotpee.configuration;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import java.util.function.Function;

/** {@link Transactions} of the command line and of tests: resource-local, one per thread. */
public final class LocalTransactions implements Transactions {
  private final EntityManagerFactory factory;

  @SuppressWarnings("ThreadLocalUsage") // one per factory, and as short-lived as it
  private final ThreadLocal<EntityManager> running = new ThreadLocal<>();

  public LocalTransactions(EntityManagerFactory factory) {
    this.factory = factory;
  }

  @Override
  public <T> T required(Function<EntityManager, T> work) {
    EntityManager joined = running.get();
    return joined != null ? work.apply(joined) : separate(work);
  }

  @Override
  public <T> T separate(Function<EntityManager, T> work) {
    EntityManager outer = running.get();
    EntityManager em = factory.createEntityManager();
    running.set(em);
    EntityTransaction transaction = em.getTransaction();
    try {
      transaction.begin();
      T result = work.apply(em);
      transaction.commit();
      return result;
    } finally {
      if (transaction.isActive()) {
        transaction.rollback();
      }
      em.close();
      if (outer == null) {
        running.remove();
      } else {
        running.set(outer);
      }
    }
  }
}
