package org.linotpee.configuration;

import jakarta.persistence.EntityManager;
import java.util.HashMap;
import java.util.Map;

/**
 * Draws primary keys from the database's sequences, a block at a time where the sequence has one.
 */
@Service
public class Sequences {
  private record Block(long next, long end) {}

  private final Map<String, Block> blocks = new HashMap<>();
  private volatile Dialect dialect;

  /**
   * The next value of a sequence.
   *
   * @param increment the INCREMENT BY of the sequence: values drawn at once
   */
  public synchronized long next(EntityManager em, String sequence, int increment) {
    Block block = blocks.get(sequence);
    if (block == null || block.next() == block.end()) {
      long first = draw(em, sequence);
      block = new Block(first, first + increment);
    }
    blocks.put(sequence, new Block(block.next() + 1, block.end()));
    return block.next();
  }

  private long draw(EntityManager em, String sequence) {
    return ((Number) em.createNativeQuery(dialect(em).nextValue(sequence)).getSingleResult())
        .longValue();
  }

  private Dialect dialect(EntityManager em) {
    if (dialect == null) {
      String platform =
          em.unwrap(org.eclipse.persistence.sessions.Session.class)
              .getPlatform()
              .getClass()
              .getSimpleName();
      dialect =
          platform.contains("PostgreSQL")
              ? Dialect.POSTGRESQL
              : platform.contains("H2") ? Dialect.H2 : Dialect.MARIADB;
    }
    return dialect;
  }
}
