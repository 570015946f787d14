package org.linotpee.web;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;

/** The pages of the console, and who may use them. */
@Service
public class ConsolePages {
  /** The directory of all views. */
  public static final String ROOT = "/ui/manage/";

  private final List<ConsolePage> pages;
  private final AdminRights rights;

  @Inject
  public ConsolePages(@Any Instance<ConsolePage> pages, AdminRights rights) {
    this.pages =
        pages.stream()
            .sorted(Comparator.comparing(ConsolePage::group).thenComparing(ConsolePage::rank))
            .toList();
    this.rights = rights;
  }

  /** The pages that the administrator may use, in the order of the navigation. */
  public List<ConsolePage> allowed() {
    return pages.stream().filter(page -> page.allowed(rights)).toList();
  }

  /** The page of a view; views without a page are not served. */
  public Optional<ConsolePage> of(String path) {
    if (!path.startsWith(ROOT)) {
      return Optional.empty();
    }
    String name = path.substring(ROOT.length()).split("/", 2)[0];
    return pages.stream().filter(page -> page.name().equals(name)).findFirst();
  }

  /** True if the administrator may use the page. */
  public boolean allows(ConsolePage page) {
    return page.allowed(rights);
  }
}
