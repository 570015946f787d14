package org.linotpee.identity.sql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.identity.Resolver;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;
import org.linotpee.identity.ResolverType;

/** Users in tables of other databases (spec 05 section 10). */
@Service
public class SqlResolverType implements ResolverType {
  private static final Pattern ID_COLUMN = Pattern.compile("\"userid\"\\s*:\\s*\"([^\"]*)\"");

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_CONNECTIONS = 8;

  private record Opened(SqlResolver resolver, HikariDataSource pool) {}

  private final ResolverSecrets secrets;
  private final SqlDrivers drivers;
  private final Cache<ResolverDefinition, Opened> opened =
      Caffeine.newBuilder()
          .maximumSize(200)
          .expireAfterAccess(Duration.ofHours(1))
          .removalListener(
              (ResolverDefinition definition, Opened old, RemovalCause cause) -> {
                if (old != null) {
                  old.pool().close();
                }
              })
          .build();

  @Inject
  public SqlResolverType(ResolverSecrets secrets, SqlDrivers drivers) {
    this.secrets = secrets;
    this.drivers = drivers;
  }

  @Override
  public String name() {
    return "sqlresolver";
  }

  @Override
  public boolean serves(ResolverDefinition definition) {
    return definition.type().equals(name()) && !definition.managed();
  }

  @Override
  public String shownParameter() {
    return "Table";
  }

  @Override
  public Optional<String> secretParameter() {
    return Optional.of("Password");
  }

  @Override
  public List<String> criticalParameters() {
    return List.of("Driver", "Server", "Port", "Database", "User", "Table", "Connect", "conParams");
  }

  @Override
  public Resolver open(ResolverDefinition definition) {
    return opened.get(definition, this::connect).resolver();
  }

  private Opened connect(ResolverDefinition definition) {
    try {
      SqlSettings settings = SqlSettings.of(definition.parameters());
      HikariDataSource pool = pool(settings, secrets.open(definition, "Password"));
      return new Opened(new SqlResolver(definition.name(), settings, pool), pool);
    } catch (SqlSettings.Unusable | SQLException e) {
      throw new Resolver.Unavailable("the definition cannot be used: " + e.getMessage(), e);
    }
  }

  /** User and password go to the driver as properties, never through the URL. */
  private HikariDataSource pool(SqlSettings settings, String password) throws SQLException {
    JdbcTarget target = settings.target();
    Driver driver = drivers.of(target.url());
    var config = new HikariConfig();
    config.setDataSource(new OneDriver(driver, target.url(), target.properties(password)));
    config.setMaximumPoolSize(MAX_CONNECTIONS);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setReadOnly(!target.product().equals("sqlite"));
    config.setPoolName("users-" + target.product());
    return new HikariDataSource(config);
  }

  /** Saving a definition connects to its database: a mapping of missing columns is refused. */
  @Override
  public Map<String, ResolverDefinition.Parameter> configure(
      String name, Map<String, String> sent) {
    try {
      Map<String, ResolverDefinition.Parameter> parameters = SqlSettings.parameters(sent);
      SqlSettings settings = SqlSettings.of(parameters);
      try (HikariDataSource pool = pool(settings, parameters.get("Password").content())) {
        var users = new SqlResolver(name, settings, pool);
        Set<String> missing = users.missingColumns();
        if (!missing.isEmpty()) {
          throw unusable(
              name,
              "the table has no column "
                  + String.join(", ", missing)
                  + "; it has "
                  + String.join(", ", users.columns()));
        }
      }
      return parameters;
    } catch (SqlSettings.Unusable | SQLException | Resolver.Unavailable e) {
      throw unusable(name, e.getMessage());
    }
  }

  private static LinotpException unusable(String name, String reason) {
    return LinotpException.unclassified("cannot instantiate resolver '" + name + "': " + reason);
  }

  @PreDestroy
  void close() {
    opened.invalidateAll();
    opened.cleanUp();
  }

  @Override
  public boolean sameUserIds(
      Map<String, ResolverDefinition.Parameter> before,
      Map<String, ResolverDefinition.Parameter> after) {
    return idColumn(before).equals(idColumn(after));
  }

  private static String idColumn(Map<String, ResolverDefinition.Parameter> parameters) {
    Matcher column =
        ID_COLUMN.matcher(
            Optional.ofNullable(parameters.get("Map"))
                .map(ResolverDefinition.Parameter::content)
                .orElse(""));
    return column.find() ? column.group(1) : "";
  }

  @Override
  public List<Field> fields() {
    return List.of(
        new Field("Driver", Kind.TEXT, false, "postgresql"),
        new Field("Server", Kind.TEXT, false, ""),
        new Field("Port", Kind.TEXT, false, ""),
        new Field("Database", Kind.TEXT, false, ""),
        new Field("User", Kind.TEXT, false, ""),
        new Field("Password", Kind.SECRET, false, ""),
        new Field("Table", Kind.TEXT, true, ""),
        new Field(
            "Map",
            Kind.LONG,
            true,
            "{\"userid\": \"id\", \"username\": \"login\", \"email\": \"email\"}"),
        new Field("Where", Kind.TEXT, false, ""),
        new Field("Limit", Kind.NUMBER, false, "1000"),
        new Field("Encoding", Kind.TEXT, false, ""),
        new Field("conParams", Kind.TEXT, false, ""),
        new Field("Connect", Kind.TEXT, false, ""));
  }
}
