package org.linotpee.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.administration.LocalAdmins;
import org.linotpee.identity.ManagedUser;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code linotp local-admins}: the administrators who are kept in the server's own database. */
@Command(name = "local-admins", description = "Manage the local administrators.")
final class LocalAdminsCommand {
  private static final Pattern FIELD = Pattern.compile("\\{(\\w*)}");

  @ParentCommand private Main main;

  /** The attributes of an account. */
  static final class Attributes {
    @Option(names = "--phone", description = "Telephone number.")
    private String phone;

    @Option(names = "--mobile", description = "Mobile number.")
    private String mobile;

    @Option(names = "--email", description = "E-mail address.")
    private String email;

    @Option(names = "--surname", description = "Family name.")
    private String surname;

    @Option(names = "--givenname", description = "Given name.")
    private String givenName;

    Map<String, String> given() {
      var given = new HashMap<String, String>();
      put(given, "phone", phone);
      put(given, "mobile", mobile);
      put(given, "email", email);
      put(given, "surname", surname);
      put(given, "givenname", givenName);
      return given;
    }

    private static void put(Map<String, String> map, String name, String value) {
      if (value != null) {
        map.put(name, value);
      }
    }
  }

  private int withAdmins(Consumer<LocalAdmins> work) {
    try (Installation installation = Installation.open(main.settings())) {
      work.accept(installation.localAdmins());
      return 0;
    }
  }

  @Command(name = "list", description = "List the accounts.")
  int list(
      @Option(
              names = {"-f", "--format"},
              paramLabel = "TEMPLATE",
              description =
                  "A line per account, with {username} {name} {givenname} {surname}"
                      + " {email} {phone} {mobile} {userid} {groupid} {password}.")
          String format,
      @Option(
              names = {"-l", "--long"},
              description = "{username}:{name}:{email}:{phone}:{mobile}")
          boolean longFormat) {
    String template =
        format != null
            ? format
            : longFormat ? "{username}:{name}:{email}:{phone}:{mobile}" : "{username}";
    return withAdmins(
        admins -> {
          String group = admins.resolver().name();
          admins.list().forEach(user -> System.out.println(filled(template, user, group)));
        });
  }

  private static String filled(String template, ManagedUser user, String group) {
    ManagedUser.Profile profile = user.profile();
    var fields =
        Map.of(
            "username", profile.username(),
            "name", (profile.givenName() + " " + profile.surname()).trim(),
            "givenname", profile.givenName(),
            "surname", profile.surname(),
            "email", profile.email(),
            "phone", profile.phone(),
            "mobile", profile.mobile(),
            "userid", user.userId(),
            "groupid", group,
            "password", profile.passwordHash().equals(ManagedUser.NO_PASSWORD) ? "*" : "(set)");
    Matcher matcher = FIELD.matcher(template);
    var out = new StringBuilder();
    while (matcher.find()) {
      String value = fields.get(matcher.group(1));
      if (value == null) {
        throw new Failure("unknown field '" + matcher.group(1) + "' in the format");
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(out).toString();
  }

  @Command(name = "add", description = "Add an account that has no password yet.")
  int add(
      @Parameters(paramLabel = "NAME", description = "Login name.") String name,
      @ArgGroup(exclusive = false) Attributes attributes) {
    return withAdmins(admins -> admins.add(name, given(attributes)));
  }

  @Command(name = "modify", description = "Change the given attributes of an account.")
  int modify(
      @Parameters(paramLabel = "NAME", description = "Login name.") String name,
      @ArgGroup(exclusive = false) Attributes attributes) {
    return withAdmins(admins -> admins.modify(name, given(attributes)));
  }

  private static Map<String, String> given(Attributes attributes) {
    return attributes == null ? Map.of() : attributes.given();
  }

  @Command(name = "password", description = "Set the password of an account.")
  int password(
      @Parameters(paramLabel = "NAME", description = "Login name.") String name,
      @Option(
              names = "--password",
              paramLabel = "PW",
              description = "The password; '-' reads a line from standard input.")
          String password) {
    return withAdmins(
        admins -> {
          admins.require(name);
          String wanted =
              password == null
                  ? Console.newPassword()
                  : password.equals("-") ? Console.line() : password;
          admins.password(name, wanted);
        });
  }

  @Command(name = "remove", description = "Remove an account.")
  int remove(
      @Parameters(paramLabel = "NAME", description = "Login name.") String name,
      @Option(names = "--yes", description = "Do not ask.") boolean yes) {
    return withAdmins(
        admins -> {
          admins.require(name);
          if (!yes && !Console.confirmed("Remove the account '" + name + "'?")) {
            throw new Failure("nothing was removed");
          }
          admins.remove(name);
        });
  }

  @Command(
      name = "enable",
      description =
          "Put the local accounts in front of the administrators' realm if they are missing there.")
  int enable() {
    return withAdmins(LocalAdmins::enable);
  }
}
