package org.linotpee.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code linotp config}: the settings of this installation. */
@Command(name = "config", description = "Show and explain the settings.")
final class ConfigCommand {
  @ParentCommand private Main main;

  @Command(name = "show", description = "Show the settings as NAME=value.")
  int show(
      @Parameters(paramLabel = "ITEM", arity = "0..*", description = "Names; default: all.")
          List<String> items,
      @Option(
              names = {"-m", "--modified"},
              description = "Only those that differ from their default.")
          boolean modified,
      @Option(
              names = {"-V", "--values"},
              description = "Only the values.")
          boolean values) {
    Settings settings = main.settings();
    for (Setting setting : chosen(items)) {
      if (!modified || !settings.text(setting).equals(setting.defaultValue())) {
        System.out.println((values ? "" : setting + "=") + shown(settings, setting));
      }
    }
    return 0;
  }

  /** A secret is never shown, only whether there is one. */
  private static String shown(Settings settings, Setting setting) {
    String text = settings.text(setting);
    boolean hidden = setting.secret() && !text.equals(setting.defaultValue());
    return hidden ? "***" : text;
  }

  @Command(name = "explain", description = "Explain settings, or print a sample of linotp.cfg.")
  int explain(
      @Parameters(paramLabel = "ITEM", arity = "0..*", description = "Names; default: all.")
          List<String> items,
      @Option(names = "--sample-file", description = "Print a commented linotp.cfg.")
          boolean sampleFile,
      @Option(
              names = "--no-banner",
              negatable = true,
              defaultValue = "true",
              fallbackValue = "true",
              description = "Without the heading of the sample file.")
          boolean banner) {
    if (sampleFile) {
      sample(banner);
      return 0;
    }
    Settings settings = main.settings();
    for (Setting setting : chosen(items)) {
      System.out.println(setting + ":");
      System.out.println("  Type: " + typeName(setting.type()));
      constraints(setting).ifPresent(c -> System.out.println("  Constraints: " + c));
      System.out.println("  Default value: " + setting.defaultValue());
      System.out.println(
          "  Current value: " + shown(settings, setting) + " (" + settings.sourceOf(setting) + ")");
      System.out.println("  Description: " + setting.description());
    }
    return 0;
  }

  private static void sample(boolean banner) {
    if (banner) {
      System.out.println("# Settings of linotp-ee. Put this file into the home directory as");
      System.out.println("# linotp.cfg and take the '## ' away where you want another value.");
      System.out.println();
    }
    for (Setting setting : chosen(null)) {
      System.out.println("# " + setting.description());
      System.out.println("## " + setting + " = " + sampleValue(setting));
      System.out.println();
    }
  }

  private static String sampleValue(Setting setting) {
    return switch (setting.type()) {
      case NUMBER, FLAG -> setting.defaultValue();
      default -> "\"" + setting.defaultValue() + "\"";
    };
  }

  private static String typeName(Setting.Type type) {
    return switch (type) {
      case NUMBER -> "int";
      case FLAG -> "bool";
      default -> "str";
    };
  }

  private static java.util.Optional<String> constraints(Setting setting) {
    return setting.objection("?");
  }

  private static List<Setting> chosen(List<String> items) {
    if (items == null || items.isEmpty()) {
      return Arrays.stream(Setting.values()).sorted(Comparator.comparing(Setting::name)).toList();
    }
    return items.stream()
        .map(
            item -> Setting.named(item).orElseThrow(() -> new Failure("No information on " + item)))
        .toList();
  }
}
