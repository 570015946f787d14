package org.linotpee.identity.sql;

import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Settings;

/**
 * JDBC drivers: those of the application, and the jars in the folder {@code drivers} of the home.
 */
@Service
public class SqlDrivers {
  private static final Logger LOG = System.getLogger(SqlDrivers.class.getName());

  private static final int MAX_FAILURES = 50;

  private final Path folder;
  private List<Driver> drivers;
  private List<URI> loaded = List.of();

  @Inject
  public SqlDrivers(Settings settings) {
    this.folder = settings.home().resolve("drivers");
  }

  /**
   * The driver that takes a URL. A jar that was put into the folder meanwhile is found.
   *
   * @throws SQLException if there is none
   */
  public Driver of(String url) throws SQLException {
    Driver driver = find(url);
    if (driver == null && reload()) {
      driver = find(url);
    }
    if (driver == null) {
      String product = url.split(":", 3)[1];
      throw new SQLException(
          "there is no JDBC driver for " + product + "; put its jar into " + folder);
    }
    return driver;
  }

  private Driver find(String url) throws SQLException {
    for (Driver driver : all()) {
      if (driver.acceptsURL(url)) {
        return driver;
      }
    }
    return null;
  }

  private synchronized List<Driver> all() throws SQLException {
    if (drivers == null) {
      var found = new ArrayList<Driver>();
      ClassLoader application = SqlDrivers.class.getClassLoader();
      load(ServiceLoader.load(Driver.class, application), found);
      loaded = jars();
      if (!loaded.isEmpty()) {
        load(ServiceLoader.load(Driver.class, new URLClassLoader(urls(), application)), found);
      }
      drivers = List.copyOf(found);
    }
    return drivers;
  }

  private URL[] urls() throws SQLException {
    try {
      var urls = new URL[loaded.size()];
      for (int i = 0; i < urls.length; i++) {
        urls[i] = loaded.get(i).toURL();
      }
      return urls;
    } catch (MalformedURLException e) {
      throw new SQLException("the folder of JDBC drivers cannot be read: " + e.getMessage(), e);
    }
  }

  /** Looks into the folder again; false if nothing is new there. */
  private synchronized boolean reload() throws SQLException {
    if (loaded.equals(jars())) {
      return false;
    }
    drivers = null;
    return true;
  }

  /** A jar that is damaged, or made for another Java, keeps nobody from using the others. */
  private static void load(ServiceLoader<Driver> services, List<Driver> found) {
    Iterator<Driver> all = services.iterator();
    boolean more = true;
    for (int failures = 0; more && failures < MAX_FAILURES; ) {
      try {
        more = all.hasNext();
        if (more) {
          found.add(all.next());
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        LOG.log(Level.WARNING, "a JDBC driver cannot be used: {0}", e.toString());
      }
    }
  }

  private List<URI> jars() throws SQLException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().map(Path::toUri).toList();
    } catch (IOException e) {
      throw new SQLException("the folder of JDBC drivers cannot be read: " + e.getMessage(), e);
    }
  }
}
