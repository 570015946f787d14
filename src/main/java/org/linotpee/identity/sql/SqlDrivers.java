package org.linotpee.identity.sql;

import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Settings;

/**
 * JDBC drivers: those of the application, and the jars in the folder {@code drivers} of the home.
 */
@Service
public class SqlDrivers {
  private final Path folder;
  private List<Driver> drivers;

  @Inject
  public SqlDrivers(Settings settings) {
    this.folder = settings.home().resolve("drivers");
  }

  /**
   * The driver that takes a URL.
   *
   * @throws SQLException if there is none
   */
  public Driver of(String url) throws SQLException {
    for (Driver driver : all()) {
      if (driver.acceptsURL(url)) {
        return driver;
      }
    }
    String product = url.split(":", 3)[1];
    throw new SQLException(
        "there is no JDBC driver for " + product + "; put its jar into " + folder);
  }

  private synchronized List<Driver> all() {
    if (drivers == null) {
      drivers = new ArrayList<>();
      ServiceLoader.load(Driver.class, SqlDrivers.class.getClassLoader()).forEach(drivers::add);
      if (Files.isDirectory(folder)) {
        ServiceLoader.load(
                Driver.class, new URLClassLoader(jars(), SqlDrivers.class.getClassLoader()))
            .forEach(drivers::add);
      }
    }
    return drivers;
  }

  private URL[] jars() {
    try (Stream<Path> files = Files.list(folder)) {
      var urls = new ArrayList<URL>();
      for (Path file : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
        urls.add(file.toUri().toURL());
      }
      return urls.toArray(new URL[0]);
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
