package org.linotpee.configuration;

import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.h2.jdbc.JdbcConnection;

/**
 * Opens connections to the database that the settings name. The server pools it (web.xml); the
 * command line uses it as it is.
 */
public class ConfiguredDataSource implements DataSource {
  private Settings settings;
  private DatabaseUrl target;
  private Driver driver;
  private boolean audit;
  private boolean syncCommits;
  private PrintWriter logWriter;
  private int loginTimeout;

  /** For the server: reads the settings at the first connection. */
  public ConfiguredDataSource() {}

  public ConfiguredDataSource(Settings settings) {
    this.settings = settings;
  }

  /** The database of AUDIT_DATABASE_URI. */
  public static ConfiguredDataSource forAudit(Settings settings) {
    var dataSource = new ConfiguredDataSource(settings);
    dataSource.audit = true;
    return dataSource;
  }

  @Override
  public Connection getConnection() throws SQLException {
    prepare();
    Connection connection = driver.connect(target.url(), target.properties());
    if (connection == null) {
      throw new SQLException("the driver does not accept " + target.url());
    }
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return syncCommits ? syncing(connection) : connection;
  }

  /**
   * Closes an embedded database that this process has opened. It would stay open for as long as
   * anybody has a connection, and what is deployed next in the same server could not open it.
   */
  public void closeEmbedded() {
    try {
      prepare();
      if (target.url().startsWith("jdbc:h2:file:")) {
        try (Connection connection = driver.connect(target.url(), target.properties());
            Statement statement = connection.createStatement()) {
          if (!connection.unwrap(JdbcConnection.class).getSession().isRemote()) {
            statement.execute("SHUTDOWN");
          }
        }
      }
    } catch (SQLException e) {
      System.getLogger(ConfiguredDataSource.class.getName())
          .log(Level.WARNING, "the embedded database was not closed: {0}", e.getMessage());
    }
  }

  /** Against power loss: H2 forces the file to the disk before a commit is acknowledged. */
  private static Connection syncing(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            ConfiguredDataSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(connection, arguments);
                if (method.getName().equals("commit")) {
                  try (Statement statement = connection.createStatement()) {
                    statement.execute("CHECKPOINT SYNC");
                  }
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  private synchronized void prepare() throws SQLException {
    if (driver != null) {
      return;
    }
    if (settings == null) {
      settings = ofServer();
    }
    target = audit ? DatabaseUrl.ofAudit(settings) : DatabaseUrl.of(settings);
    syncCommits =
        settings.flag(Setting.DATABASE_SYNC_COMMITS) && target.url().startsWith("jdbc:h2:");
    try {
      driver =
          Class.forName(target.driver(), true, ConfiguredDataSource.class.getClassLoader())
              .asSubclass(Driver.class)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new SQLException("the driver " + target.driver() + " is missing", e);
    }
  }

  /** Servers open connections before anything else of the application runs. */
  private static Settings ofServer() throws SQLException {
    try {
      return Settings.fromEnvironment();
    } catch (SettingsException e) {
      System.getLogger(ConfiguredDataSource.class.getName())
          .log(Level.ERROR, "linotp-ee cannot start: {0}", e.getMessage());
      throw new SQLException(e.getMessage(), e);
    }
  }

  @Override
  public PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    logWriter = out;
  }

  @Override
  public void setLoginTimeout(int seconds) {
    loginTimeout = seconds;
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeout;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("no parent logger");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("not a wrapper for " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
