package org.linotpee.configuration;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A setting of the installation, fixed at start (spec 06 section 14 and ours). Its name is also
 * that of the environment variable, behind {@code LINOTP_}.
 */
public enum Setting {
  ROOT_DIR(Type.PATH, "", "Base of relative paths; the home directory unless told otherwise"),
  BACKUP_DIR(Type.PATH, "backup", "Where backups and audit exports are written"),
  BACKUP_FILE_TIME_FORMAT(
      Type.TEXT, "%Y-%m-%d_%H-%M", "Time in the names of backup files, a strftime pattern"),
  CACHE_DIR(Type.PATH, "cache", "Directory for files that can be made again"),
  ENABLE_CONTROLLERS(Type.TEXT, "ALL", "Interfaces that are served: names, blank-separated"),
  DISABLE_CONTROLLERS(Type.TEXT, "", "Interfaces that are not served; wins"),
  MOBILE_APP_PROTOCOL_ID(
      Type.TEXT, "lseqr", "Scheme of the URLs that apps of QR, push and OCRA2 tokens read"),
  TOKEN_MODULES(Type.TEXT, "", "Token types that are offered; empty means all"),
  ADMIN_USERNAME(Type.TEXT, "", "Legacy administrator account"),
  ADMIN_PASSWORD(Type.SECRET, "", "Crypt hash of the legacy administrator's password"),
  ADMIN_REALM_NAME(Type.TEXT, "linotp_admins", "The realm whose members are administrators"),
  ADMIN_RESOLVER_NAME(Type.TEXT, "LinOTP_local_admins", "The resolver of the local administrators"),
  SESSION_COOKIE_SECURE(
      Type.FLAG,
      "True",
      "Secure attribute of cookies; unless set, it follows whether the request came over TLS"),
  LOG_LEVEL(Type.LEVEL, "WARNING", "Least level of messages that are logged"),
  LOGGING_LEVEL(Type.LEVEL, "WARNING", "Old name of LOG_LEVEL; wins when it is not WARNING"),
  LOG_CONSOLE_LEVEL(Type.LEVEL, "DEBUG", "Least level of messages on the console"),
  LOG_FILE_LEVEL(Type.LEVEL, "DEBUG", "Least level of messages in the log file"),
  LOG_CONSOLE_LINE_FORMAT(Type.TEXT, "%(levelname)s: %(message)s", "Line on the console"),
  LOG_FILE_LINE_FORMAT(Type.TEXT, "%(asctime)s %(levelname)s: %(message)s", "Line in the log file"),
  LOG_FILE_DIR(Type.PATH, "logs", "Directory of the log file"),
  LOG_FILE_NAME(Type.TEXT, "linotp.log", "Name of the log file"),
  LOG_FILE_MAX_LENGTH(Type.NUMBER, "10485760", "Bytes after which the log file is rotated"),
  LOG_FILE_MAX_VERSIONS(Type.NUMBER, "10", "Old log files that are kept"),
  LOG_LEVEL_DB_CLIENT(Type.LEVEL, "WARNING", "Least level of messages about SQL"),
  SECRET_FILE(Type.PATH, "encKey", "Key file of an installation to import from"),
  KEY_FILE(Type.PATH, "keys", "The master keys"),
  DATABASE_URI(
      Type.SECRET,
      "",
      "Database: a jdbc: URL, postgresql://... or mysql://...; empty means the embedded one"),
  DATABASE_USER(Type.TEXT, "", "Login of the database, if the URL has none"),
  DATABASE_PASSWORD(Type.SECRET, "", "Password of the database, if the URL has none"),
  DATABASE_SYNC_COMMITS(
      Type.FLAG, "False", "Embedded database: sync the disk at each commit, against power loss"),
  AUDIT_DATABASE_URI(Type.SECRET, "SHARED", "SHARED, OFF, or the URL of an own audit database"),
  AUDIT_ERROR_ON_TRUNCATION(Type.FLAG, "False", "Fail requests whose audit row is too long"),
  AUDIT_PUBLIC_KEY_FILE(Type.PATH, "audit-public.pem", "Audit key of an imported installation"),
  AUDIT_PRIVATE_KEY_FILE(Type.PATH, "audit-private.pem", "Audit key of an imported installation"),
  CUSTOM_TEMPLATES_DIR(Type.PATH, "templates", "The operator's own templates"),
  CUSTOM_DIR(Type.PATH, "custom", "Logo and style of the console, served below /static/custom/"),
  HELP_URL(Type.TEXT, "", "Documentation that the console links to; {0} is the version"),
  SITE_ROOT_REDIRECT(
      Type.TEXT, "", "Where the site root leads; empty means the self-service, else /manage/"),
  TRUSTED_PROXIES(Type.LIST, "", "Addresses, networks or host names of reverse proxies"),
  GET_CLIENT_ADDRESS_FROM_POST_DATA(
      Type.FLAG, "True", "Let the hosts in mayOverwriteClient name the client's address"),
  METRICS_CLIENTS(Type.LIST, "127.0.0.1,::1", "Who may read /healthcheck/metrics"),
  MAINTENANCE_VERIFY_CLIENT_ENV_VAR(
      Type.TEXT, "", "Request attribute that /maintenance needs (client certificate)"),
  RADIUS_NAS_IDENTIFIER(Type.TEXT, "LinOTP", "NAS-Identifier of outgoing RADIUS requests"),
  TLS_CA_CERTIFICATES_FILE(
      Type.PATH, "/etc/ssl/certs/ca-certificates.crt", "Trusted certificates, PEM"),
  JWT_TOKEN_LOCATION(Type.TEXT, "cookies", "Where access tokens are looked for"),
  JWT_SESSION_COOKIE(Type.FLAG, "False", "Cookies that end with the browser's session"),
  JWT_ACCESS_TOKEN_EXPIRES(Type.NUMBER, "1800", "Seconds that an access token is valid; 0: ever"),
  JWT_ACCESS_TOKEN_REFRESH(
      Type.NUMBER, "300", "Seconds before its end at which an access token is renewed; 0: never"),
  JWT_SECRET_ITERATIONS(Type.NUMBER, "500000", "Accepted for compatibility; no effect"),
  JWT_CSRF_CHECK_FORM(Type.FLAG, "True", "Accept the CSRF value as form field csrf_token"),
  JWT_BLACKLIST_ENABLED(Type.FLAG, "True", "Accepted for compatibility; logout always revokes"),
  SELFSERVICE_CLIENT_DIR(
      Type.PATH, "selfservice", "Web client of the self-service, a folder for each language"),
  SELFSERVICE_CUSTOM_DIR(
      Type.PATH, "custom/selfservice", "Logo, style and texts that replace those of the client"),
  SELFSERVICE_COOKIE_SAMESITE(
      Type.TEXT, "Strict", "SameSite attribute of users' session cookies; empty for none"),
  PASSWORD_HASH_MEMORY(
      Type.NUMBER, "19456", "KiB of memory that hashing a password takes (Argon2id)"),
  PASSWORD_HASH_PASSES(
      Type.NUMBER, "2", "Passes over that memory; cheaper hashes are renewed at the next login"),
  LOGIN_DELAY_AFTER_FAILURES(
      Type.NUMBER, "6", "Failed logins in a row after which an account has to wait"),
  LOGIN_DELAY_FIRST_SECONDS(Type.NUMBER, "1", "The first such wait; it doubles each time"),
  LOGIN_DELAY_LONGEST_SECONDS(Type.NUMBER, "900", "The longest such wait"),
  CONFIGURATION_POLL_SECONDS(
      Type.NUMBER, "1", "How often a node looks for other nodes' changes of the configuration"),
  AUTHENTICATION_LOCK_TIMEOUT_SECONDS(
      Type.NUMBER, "5", "How long an authentication waits for its user's tokens"),
  PROVIDER_MAX_TOTAL_TIME_SECONDS(
      Type.NUMBER, "30", "The longest that a request waits for all gateways together"),
  PROVIDER_VALIDATE_ON_SAVE(
      Type.FLAG, "True", "Refuse providers whose configuration cannot be used"),
  RESOLVER_FILE_DIRS(
      Type.LIST,
      "",
      "Directories below which passwd files of resolvers may be; empty means anywhere"),
  LICENSE_KEY_FILES(
      Type.LIST, "", "Public keys, PEM, of those who may have signed a support licence"),
  PROVIDER_FILE_DIRS(
      Type.LIST, "/tmp", "Directories below which FileSMSProvider may write; empty means none"),
  EMAIL_PROVIDER_TEMPLATE_ROOT(
      Type.TEXT,
      "",
      "Directory of e-mail templates; empty means custom-templates/mailtemplates below"
          + " /etc/linotp, /etc/linotp2 or /, or mailtemplates in CUSTOM_TEMPLATES_DIR"),
  BIND_ADDRESS(Type.TEXT, "127.0.0.1", "Address that bin/linotp serve listens on"),
  PORT(Type.NUMBER, "8080", "Port that bin/linotp serve listens on");

  /** How a setting's text is read. */
  public enum Type {
    TEXT,
    SECRET,
    PATH,
    NUMBER,
    FLAG,
    LIST,
    LEVEL
  }

  private static final List<String> LEVELS =
      List.of("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG");

  private final Type type;
  private final String defaultValue;
  private final String description;

  Setting(Type type, String defaultValue, String description) {
    this.type = type;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  public Type type() {
    return type;
  }

  public String defaultValue() {
    return defaultValue;
  }

  public String description() {
    return description;
  }

  /** True if the value must not be shown. */
  public boolean secret() {
    return type == Type.SECRET;
  }

  /** What is wrong with a text as the value of this setting; empty if nothing is. */
  public Optional<String> objection(String text) {
    return switch (type) {
      case NUMBER ->
          text.trim().matches("[0-9]{1,9}")
              ? Optional.empty()
              : Optional.of("must be a number >= 0");
      case FLAG ->
          text.trim().toLowerCase(Locale.ROOT).matches("1|0|true|false|yes|no")
              ? Optional.empty()
              : Optional.of("must be True or False");
      case LEVEL ->
          LEVELS.contains(text.trim())
              ? Optional.empty()
              : Optional.of("must be one of " + String.join(", ", LEVELS));
      case TEXT, SECRET, PATH, LIST -> Optional.empty();
    };
  }

  /** The setting of a name, without or with the prefix {@code LINOTP_}. */
  public static Optional<Setting> named(String name) {
    String bare = name.startsWith("LINOTP_") ? name.substring("LINOTP_".length()) : name;
    if (bare.equals("DATABASE_URL")) {
      return Optional.of(DATABASE_URI);
    }
    for (Setting setting : values()) {
      if (setting.name().equals(bare)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
