package org.linotpee.token;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/** The types that this installation offers. */
@Service
public class TokenTypes {
  private final Map<String, TokenType> byName;

  @Inject
  public TokenTypes(@Any Instance<TokenType> types, Settings settings) {
    this(types.stream().toList(), settings.text(Setting.TOKEN_MODULES));
  }

  /**
   * @param only names of the types to offer, separated by blanks; empty means all
   */
  public TokenTypes(Collection<TokenType> types, String only) {
    List<String> wanted = List.of(only.trim().toLowerCase(Locale.ROOT).split("[\\s,]+"));
    byName =
        types.stream()
            .filter(t -> only.isBlank() || wanted.contains(t.name()))
            .collect(Collectors.toUnmodifiableMap(TokenType::name, t -> t));
  }

  /** All of them, by name. */
  public List<TokenType> all() {
    return byName.values().stream().sorted(Comparator.comparing(TokenType::name)).toList();
  }

  /** The type of a name in any case. */
  public Optional<TokenType> named(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The type of a token; empty for rows of a type that nobody implements here. */
  public Optional<TokenType> of(Token token) {
    return named(token.type());
  }
}
