package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.PublicKeys;

/**
 * Keeps and shows a support licence (spec 05 section 15). The server does the same with one as
 * without; only keys that the operator trusts can have signed it.
 */
@Service
public class SupportLicences {
  private static final String STORED = "license";
  private static final String DURATION = "license_duration";
  private static final int GRACE = 2;
  private static final int SHOWN_SIGNATURE = 500;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("ddMMyy", Locale.ROOT);

  private final Snapshots snapshots;
  private final Transactions transactions;
  private final ConfigurationEntries entries;
  private final Settings settings;
  private final Clock clock;

  @Inject
  public SupportLicences(
      Snapshots snapshots,
      Transactions transactions,
      ConfigurationEntries entries,
      Settings settings,
      Clock clock) {
    this.snapshots = snapshots;
    this.transactions = transactions;
    this.entries = entries;
    this.settings = settings;
    this.clock = clock;
  }

  /** The installed licence; empty if there is none that can be read. */
  public Optional<SupportLicence> installed() {
    return configuration()
        .text(STORED)
        .filter(hex -> !hex.isBlank())
        .flatMap(
            hex -> {
              try {
                return Optional.of(
                    SupportLicence.parse(
                        new String(HexFormat.of().parseHex(hex.trim()), StandardCharsets.UTF_8)));
              } catch (IllegalArgumentException | LinotpException e) {
                return Optional.empty();
              }
            });
  }

  /** What it says; the end as a date, also if it tells a number of days. */
  public Map<String, String> shown(SupportLicence licence) {
    var shown = new LinkedHashMap<>(licence.fields());
    if (licence.days().isPresent()) {
      lastDay(licence).ifPresent(day -> shown.put("expire", day.toString()));
    }
    return shown;
  }

  private Configuration configuration() {
    return snapshots.current().configuration();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private Optional<LocalDate> lastDay(SupportLicence licence) {
    return licence.days().isPresent()
        ? duration()
            .filter(text -> text.startsWith(start(licence)))
            .map(text -> text.substring(text.lastIndexOf(':') + 1))
            .flatMap(SupportLicences::day)
        : licence.lastDay();
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text, DAY));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private Optional<String> duration() {
    return configuration().entry(DURATION).map(entries::open);
  }

  private static String start(SupportLicence licence) {
    String signature = licence.signature();
    return signature.substring(0, Math.min(SHOWN_SIGNATURE, signature.length())) + ":";
  }

  /** Why a licence is not valid; empty if it is. */
  public Optional<String> objection(SupportLicence licence) {
    return objection(licence, lastDay(licence));
  }

  private Optional<String> objection(SupportLicence licence, Optional<LocalDate> lastDay) {
    List<PublicKey> keys = keys();
    if (keys.isEmpty()) {
      return Optional.of("the signature cannot be verified: no key of a vendor is configured");
    }
    if (!licence.signedBy(keys)) {
      return Optional.of("the signature of the licence is wrong");
    }
    if (lastDay.isPresent() && lastDay.get().isBefore(today())) {
      return Optional.of("the licence has expired on " + lastDay.get());
    }
    return volume(licence);
  }

  private Optional<String> volume(SupportLicence licence) {
    OptionalInt tokens = licence.number("token-num");
    OptionalInt users = licence.number("user-num");
    if (tokens.isPresent()) {
      long active =
          count(
              "SELECT COUNT(t) FROM Token t WHERE t.active = TRUE AND t.ownerId <> ''"
                  + " AND t.type <> 'forward'");
      if (active > (long) tokens.getAsInt() + GRACE) {
        return Optional.of("more than " + tokens.getAsInt() + " tokens are in use");
      }
    }
    if (users.isPresent()) {
      long active = activeUsers();
      if (active > (long) users.getAsInt() + GRACE) {
        return Optional.of("more than " + users.getAsInt() + " users have tokens");
      }
    }
    return Optional.empty();
  }

  private long count(String query) {
    return transactions.required(em -> em.createQuery(query, Long.class).getSingleResult());
  }

  private long activeUsers() {
    return transactions.required(
        em ->
            ((Number)
                    em.createNativeQuery(
                            "SELECT COUNT(*) FROM (SELECT DISTINCT owner_id, owner_resolver FROM"
                                + " token WHERE active = TRUE AND owner_id <> '' AND type <>"
                                + " 'forward') owners")
                        .getSingleResult())
                .longValue());
  }

  private List<PublicKey> keys() {
    var keys = new ArrayList<PublicKey>();
    for (String file : settings.list(Setting.LICENSE_KEY_FILES)) {
      try {
        keys.add(
            PublicKeys.rsa(
                Files.readString(
                    settings.path(Setting.ROOT_DIR).resolve(Path.of(file)),
                    StandardCharsets.US_ASCII)));
      } catch (IOException | GeneralSecurityException e) {
        throw LinotpException.unclassified("the key file of a licence vendor cannot be read");
      }
    }
    return keys;
  }

  /**
   * Installs a licence.
   *
   * @param within more work for the same transaction
   * @throws LinotpException -311 if it is none, or not valid, or if its days have begun already;
   *     nothing is stored then
   */
  public void install(String text, Consumer<EntityManager> within) {
    SupportLicence licence = SupportLicence.parse(text);
    Optional<LocalDate> lastDay =
        licence.days().isPresent()
            ? Optional.of(today().plusDays(licence.days().getAsInt()))
            : licence.lastDay();
    objection(licence, lastDay)
        .ifPresent(
            reason -> {
              throw LinotpException.unclassified(reason);
            });
    if (licence.days().isPresent()
        && duration().filter(known -> known.startsWith(start(licence))).isPresent()) {
      throw LinotpException.unclassified("this licence was installed before");
    }
    var changes = new ArrayList<ConfigurationEntries.Change>();
    changes.add(
        new ConfigurationEntries.Change(
            STORED, HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)), null, null));
    if (licence.days().isPresent()) {
      changes.add(
          new ConfigurationEntries.Change(
              DURATION, start(licence) + DAY.format(lastDay.orElseThrow()), "password", null));
    }
    entries.store(changes, within);
  }
}
