package org.linotpee.delivery;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.linotpee.configuration.Service;

/** The kinds of gateways that there are, by the names under which clients know them. */
@Service
public class ProviderClasses {
  private final List<ProviderClass> classes;

  @Inject
  public ProviderClasses(@Any Instance<ProviderClass> classes) {
    this(classes.stream().toList());
  }

  public ProviderClasses(List<ProviderClass> classes) {
    this.classes = List.copyOf(classes);
  }

  /** The class of a type by one of its names, which are case-sensitive. */
  public Optional<ProviderClass> named(ProviderType type, String spelling) {
    return classes.stream()
        .filter(c -> c.type() == type)
        .filter(
            c ->
                spelling.equals(c.name())
                    || c.spellings().contains(spelling)
                    || spelling.equals(c.getClass().getName()))
        .findFirst();
  }

  /** The bare names of the classes of a type. */
  public List<String> names(ProviderType type) {
    return classes.stream()
        .filter(c -> c.type() == type)
        .map(ProviderClass::name)
        .sorted()
        .toList();
  }
}
