package org.linotpee.testing;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.linotpee.configuration.ConfiguredDataSource;
import org.linotpee.configuration.LocalTransactions;
import org.linotpee.configuration.Schema;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Transactions;

/** An empty database of the current schema, which records the statements it prepares. */
public final class TestDatabase implements AutoCloseable {
  private final DataSource pool;
  private final EntityManagerFactory factory;
  private final LocalTransactions transactions;
  private final List<String> statements = new CopyOnWriteArrayList<>();

  /** In memory. */
  public TestDatabase() {
    this(inMemory());
  }

  /** On a database server; the setting {@code DATABASE_URI} says where. */
  public TestDatabase(String databaseUri) {
    this(
        new ConfiguredDataSource(
            Settings.load(Path.of("target", "no-home"), Map.of("DATABASE_URI", databaseUri))));
  }

  private static DataSource inMemory() {
    var pool =
        JdbcConnectionPool.create(
            "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=5000", "sa", "");
    pool.setMaxConnections(80);
    return pool;
  }

  private TestDatabase(DataSource empty) {
    pool = empty;
    Schema.migrate(pool);
    factory =
        Persistence.createEntityManagerFactory(
            "linotp-ee-local", Map.of("jakarta.persistence.nonJtaDataSource", recording()));
    transactions = new LocalTransactions(factory);
  }

  public Transactions transactions() {
    return transactions;
  }

  public DataSource dataSource() {
    return pool;
  }

  /** What was prepared since the last call. */
  public List<String> takeStatements() {
    List<String> taken = List.copyOf(statements);
    statements.clear();
    return taken;
  }

  private DataSource recording() {
    return proxy(
        DataSource.class,
        (self, method, arguments) -> {
          Object result = method.invoke(pool, arguments);
          return result instanceof Connection connection ? recording(connection) : result;
        });
  }

  private Connection recording(Connection connection) {
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          if (method.getName().startsWith("prepare")) {
            statements.add((String) arguments[0]);
          }
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public void close() {
    factory.close();
    if (pool instanceof JdbcConnectionPool inMemory) {
      inMemory.dispose();
    }
  }
}
