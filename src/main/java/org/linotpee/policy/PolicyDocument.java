package org.linotpee.policy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page about policies, written from the catalogue and the templates. */
public final class PolicyDocument {
  private static final String HEAD =
      """
      # Policies

      Generated from the catalogue of actions; `bin/linotp policies documentation` prints this page.

      A policy says what holds for some users, in some realms, for some clients, at some times. It has a name, a scope and a
      list of actions: `action`, `!action`, `action=value`, divided by commas; a value with commas is quoted.

      Per action, the most specific policy that mentions it decides: first the one that names the user most precisely (login,
      then pattern, then `*`), of these the one that names the realm, of these the one that names the client. Of contradicting
      values of equally specific policies that of the first policy by name counts; of rights, a denial.

      | field | form |
      |---|---|
      | `user` | logins, patterns (`h*`), `login@realm`, `*@realm`, `resolver:`, `login.resolver:`, `#attribute == value` (`!=`, `~=`), `*`; `!` before one excludes |
      | `realm` | names, `*`; `!` excludes |
      | `client` | addresses and networks (IPv4, IPv6), host names, `*`; `!` excludes |
      | `time` | minute, hour, day, month, weekday (0 or 7 is Sunday), year; several divided by `;`; `!` excludes |

      While no policy of the scopes `admin`, `system`, `audit`, `monitoring`, `reporting.access` and `tools` is active,
      administrators may do everything in that scope; with the first one, only what policies grant. In `selfservice` and
      `gettoken` nothing is allowed without a policy. `/system/checkPolicy` with `explain=true` tells which policies match a
      request, which decide, and why.
      """;

  private PolicyDocument() {}

  /** The page, in Markdown. */
  public static String markdown() {
    var page = new StringBuilder(HEAD);
    PolicyCatalogue.scopes().forEach((scope, actions) -> scope(scope, actions, page));
    templates(page);
    return page.toString();
  }

  private static void scope(String scope, Map<String, Action> actions, StringBuilder page) {
    page.append("\n## Scope `").append(scope).append("`\n\n");
    page.append("| action | type | without a policy | |\n|---|---|---|---|\n");
    actions.forEach(
        (name, action) ->
            page.append("| `")
                .append(name)
                .append("` | ")
                .append(cell(type(action)))
                .append(" | ")
                .append(cell(action.otherwise()))
                .append(" | ")
                .append(cell(action.description()))
                .append(" |\n"));
  }

  private static String type(Action action) {
    String type = String.join(" or ", action.types());
    if (!action.values().isEmpty()) {
      return type + ": " + Action.shown(action.values());
    }
    return action.range().isEmpty() ? type : type + " of " + Action.shown(action.range());
  }

  /** Nothing in a cell ends it, or is taken for a tag. */
  private static String cell(String text) {
    return text.replace("|", "\\\\|").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void templates(StringBuilder page) {
    page.append("\n## Templates\n\n");
    page.append(
        "`bin/linotp policies templates`, `/system/getPolicyTemplates`: policies for common purposes,"
            + " to be previewed and applied.\n\n");
    page.append("| template | what for | parameters | policies |\n|---|---|---|---|\n");
    for (PolicyTemplate template : PolicyTemplates.templates()) {
      page.append("| `")
          .append(template.name())
          .append("` | **")
          .append(template.title())
          .append("**: ")
          .append(cell(template.description()))
          .append(" | ")
          .append(
              template.parameters().stream()
                  .map(p -> "`" + p.name() + "`")
                  .collect(Collectors.joining(", ")))
          .append(" | ")
          .append(
              template.policies().stream()
                  .map(PolicyDocument::summary)
                  .collect(Collectors.joining("; ")))
          .append(" |\n");
    }
  }

  private static String summary(Map<String, String> policy) {
    return List.of(policy.get("scope"), policy.get("action")).stream()
        .map(text -> "`" + text + "`")
        .collect(Collectors.joining(" "));
  }
}
