package org.linotpee.web.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.linotpee.administration.AdministratorLogin;
import org.linotpee.administration.TokenList;
import org.linotpee.audit.AuthenticationHistory;
import org.linotpee.configuration.Snapshots;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Providers;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserName;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.PolicySearch;
import org.linotpee.web.Actions;
import org.linotpee.web.Texts;

/**
 * The overview: figures that lead to the lists behind them, and on an empty server the steps that
 * are missing. An administrator sees only what he may see in the lists.
 */
@Named
@RequestScoped
public class DashboardView {
  /** A step of the set-up. */
  public record Step(String name, boolean done, String address) {}

  /** A type of tokens in figures. */
  public record TypeFigures(String type, long active, long disabled, long locked) {}

  /**
   * A provider of messages.
   *
   * @param health {@code good}, {@code bad}, or {@code unknown} if this node has not asked it yet
   * @param at when it was asked last, ISO 8601
   * @param reason why it is bad, in short
   */
  public record ProviderLine(
      String kind, String name, boolean standard, String health, String at, String reason) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DAYS = 14;
  private static final Duration SOON = Duration.ofDays(30);
  private static final String GOOD = "#2f9e6e";
  private static final String BAD = "#d1544b";
  private static final String OFF = "#8a94a0";
  private static final String TEXT = "#7b8794";

  @Inject private TokenList tokens;
  @Inject private AuthenticationHistory history;
  @Inject private AdminRights rights;
  @Inject private AdministratorLogin administrators;
  @Inject private Snapshots snapshots;
  @Inject private Providers providers;
  @Inject private Delivery delivery;
  @Inject private PolicySearch policies;
  @Inject private Actions actions;
  @Inject private Texts texts;
  @Inject private Navigation navigation;
  @Inject private Clock clock;

  private List<TypeFigures> types;
  private List<AuthenticationHistory.Day> days;
  private String orphaned;

  // tokens ----------------------------------------------------------------------------------------

  public boolean isMaySeeTokens() {
    return !rights.ofAny().nowhere();
  }

  /** The figures of each type. */
  public List<TypeFigures> getTypes() {
    if (types == null) {
      var byType =
          new TreeMap<String, EnumMap<TokenList.State, Long>>(String.CASE_INSENSITIVE_ORDER);
      actions
          .look(tokens::figures)
          .orElse(List.of())
          .forEach(
              figure ->
                  byType
                      .computeIfAbsent(figure.type(), t -> new EnumMap<>(TokenList.State.class))
                      .merge(figure.state(), figure.number(), Long::sum));
      types =
          byType.entrySet().stream()
              .map(
                  e ->
                      new TypeFigures(
                          e.getKey(),
                          e.getValue().getOrDefault(TokenList.State.ACTIVE, 0L),
                          e.getValue().getOrDefault(TokenList.State.DISABLED, 0L),
                          e.getValue().getOrDefault(TokenList.State.LOCKED, 0L)))
              .toList();
    }
    return types;
  }

  public long getTotal() {
    return getTypes().stream().mapToLong(t -> t.active() + t.disabled() + t.locked()).sum();
  }

  public long getActive() {
    return getTypes().stream().mapToLong(TypeFigures::active).sum();
  }

  public long getLocked() {
    return getTypes().stream().mapToLong(TypeFigures::locked).sum();
  }

  private long count(Optional<String> user, Optional<TokenList.State> state) {
    Instant now = clock.instant();
    return actions
        .look(
            () ->
                tokens.count(
                    new TokenList.Query(
                        Optional.empty(),
                        user,
                        UserName.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "TokenSerialnumber",
                        false,
                        Optional.empty(),
                        new TokenList.Traits(Optional.empty(), state, now, now.plus(SOON)))))
        .orElse(0L);
  }

  public long getExpiring() {
    return count(Optional.empty(), Optional.of(TokenList.State.EXPIRING));
  }

  public long getUnassigned() {
    return count(Optional.of("/:no user:/"), Optional.empty());
  }

  /**
   * How many tokens belong to nobody who can be found; empty if that is not known, and only a
   * search tells.
   */
  public String getOrphaned() {
    if (orphaned == null) {
      OptionalLong number = actions.look(tokens::orphaned).orElse(OptionalLong.empty());
      orphaned = number.isPresent() ? texts.of("number", number.getAsLong()) : "";
    }
    return orphaned;
  }

  // authentications -------------------------------------------------------------------------------

  public boolean isMaySeeAudit() {
    return rights.may("audit", "view");
  }

  /** The last two weeks. */
  public List<AuthenticationHistory.Day> getDays() {
    if (days == null) {
      LocalDate today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
      days = history.days(today.minusDays(DAYS - 1L), today);
    }
    return days;
  }

  public long getFailuresToday() {
    return getDays().get(getDays().size() - 1).failures();
  }

  // charts ----------------------------------------------------------------------------------------

  /** Chart.js: tokens by type and state. */
  public String getTypeChart() {
    List<TypeFigures> shown = getTypes();
    return chart(
        shown.stream().map(TypeFigures::type).toList(),
        List.of(
            series("token.state.active", GOOD, shown.stream().map(TypeFigures::active).toList()),
            series("token.state.locked", BAD, shown.stream().map(TypeFigures::locked).toList()),
            series(
                "token.state.disabled", OFF, shown.stream().map(TypeFigures::disabled).toList())));
  }

  /** Chart.js: authentications by day. */
  public String getDayChart() {
    List<AuthenticationHistory.Day> shown = getDays();
    return chart(
        shown.stream().map(day -> day.date().toString().substring(5)).toList(),
        List.of(
            series(
                "dashboard.successes",
                GOOD,
                shown.stream().map(AuthenticationHistory.Day::successes).toList()),
            series(
                "dashboard.failures",
                BAD,
                shown.stream().map(AuthenticationHistory.Day::failures).toList())));
  }

  private Map<String, Object> series(String key, String colour, List<Long> data) {
    return Map.of(
        "label",
        texts.of(key),
        "data",
        data,
        "backgroundColor",
        colour,
        "borderRadius",
        3,
        "maxBarThickness",
        64);
  }

  private static String chart(List<String> labels, List<Map<String, Object>> series) {
    Map<String, Object> axis =
        Map.of(
            "stacked", true,
            "ticks", Map.of("color", TEXT, "precision", 0),
            "grid", Map.of("color", "rgba(128,128,128,0.18)"));
    var chart = new LinkedHashMap<String, Object>();
    chart.put("type", "bar");
    chart.put("data", Map.of("labels", labels, "datasets", series));
    chart.put(
        "options",
        Map.of(
            "maintainAspectRatio",
            false,
            "animation",
            false,
            "scales",
            Map.of("x", axis, "y", axis),
            "plugins",
            Map.of("legend", Map.of("labels", Map.of("color", TEXT)))));
    try {
      // it becomes part of a script: nothing in it may end that
      return JSON.writeValueAsString(chart).replace("<", "\\u003c").replace("&", "\\u0026");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a chart is plain values", e);
    }
  }

  // providers -------------------------------------------------------------------------------------

  /** The providers of messages that are defined, and how they have done last. */
  public List<ProviderLine> getProviders() {
    var lines = new ArrayList<ProviderLine>();
    if (rights.may("system", "read")) {
      for (ProviderType type : ProviderType.values()) {
        String standard = providers.standard(type).map(Providers.Definition::name).orElse("");
        providers.all(type).values().forEach(p -> lines.add(line(type, p, standard)));
      }
    }
    return lines;
  }

  private ProviderLine line(ProviderType type, Providers.Definition provider, String standard) {
    Optional<Delivery.Health> health = delivery.health(provider);
    return new ProviderLine(
        type.name().toLowerCase(Locale.ROOT),
        provider.name(),
        provider.name().equals(standard),
        health.map(h -> h.answered() ? "good" : "bad").orElse("unknown"),
        health.map(h -> h.at().toString()).orElse(""),
        health.map(Delivery.Health::reason).orElse(""));
  }

  // policies --------------------------------------------------------------------------------------

  private boolean active(String scope) {
    return policies.find(PolicySearch.Filter.ALL).values().stream()
        .map(PolicyRow::of)
        .anyMatch(row -> row.active() && row.scope().equals(scope));
  }

  /** True if nothing limits what administrators may do, and that is this one's business. */
  public boolean isUnlimited() {
    return rights.may("system", "write") && !(active("admin") && active("system"));
  }

  /** How many policies are switched off. */
  public long getInactivePolicies() {
    return rights.may("system", "read")
        ? policies.find(PolicySearch.Filter.ALL).values().stream()
            .filter(fields -> !PolicyRow.of(fields).active())
            .count()
        : 0;
  }

  /** True if there is nothing yet of which figures could tell. */
  public boolean isEmptyServer() {
    return !getSteps().isEmpty() && count(Optional.empty(), Optional.empty()) == 0;
  }

  // the first start -------------------------------------------------------------------------------

  /** The steps from an empty server to the first token; none once all are done. */
  public List<Step> getSteps() {
    if (!rights.may("system", "write") || !isMaySeeTokens()) {
      return List.of();
    }
    Realms realms = snapshots.current().part(Realms.class);
    List<Realms.Realm> own =
        realms.all().stream().filter(r -> !r.name().equals(administrators.realmName())).toList();
    var ofAdministrators =
        realms.named(administrators.realmName()).map(Realms.Realm::resolvers).orElse(List.of());
    boolean resolver =
        !own.isEmpty() || realms.resolvers().stream().anyMatch(r -> !ofAdministrators.contains(r));
    boolean token = count(Optional.empty(), Optional.empty()) > 0;
    if (resolver && !own.isEmpty() && token) {
      return List.of();
    }
    return List.of(
        new Step("resolver", resolver, address("resolvers", "")),
        new Step("realm", !own.isEmpty(), address("realms", "")),
        new Step("token", token, address("tokens", "enroll.xhtml")));
  }

  private String address(String page, String view) {
    return navigation.has(page)
        ? "/ui/manage/" + page + "/" + (view.isEmpty() ? "index.xhtml" : view)
        : "";
  }
}
