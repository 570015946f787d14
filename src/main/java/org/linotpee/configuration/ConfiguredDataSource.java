package org.linotpee.configuration;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Opens connections to the database that the settings name. The server pools it (web.xml); the
 * command line uses it as it is.
 */
public class ConfiguredDataSource implements DataSource {
  private Settings settings;
  private DatabaseUrl target;
  private Driver driver;
  private PrintWriter logWriter;
  private int loginTimeout;

  /** For the server: reads the settings at the first connection. */
  public ConfiguredDataSource() {}

  public ConfiguredDataSource(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Connection getConnection() throws SQLException {
    prepare();
    Connection connection = driver.connect(target.url(), target.properties());
    if (connection == null) {
      throw new SQLException("the driver does not accept " + target.url());
    }
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return connection;
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
      settings = Settings.fromEnvironment();
    }
    target = DatabaseUrl.of(settings);
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
