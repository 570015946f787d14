package org.linotpee.web.manage;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.linotpee.web.ConsolePage;
import org.linotpee.web.ConsolePages;

/** The navigation of the console: what the administrator may use, and where he is. */
@Named
@RequestScoped
public class Navigation {
  /** A part of it. */
  public record Part(String name, List<Entry> entries) {}

  /** A link. */
  public record Entry(String name, String icon, String address, boolean current) {}

  @Inject private ConsolePages pages;
  private List<Part> parts;

  /** The parts that have entries. */
  public List<Part> getParts() {
    if (parts == null) {
      Map<ConsolePage.Group, List<Entry>> grouped = new EnumMap<>(ConsolePage.Group.class);
      String view = FacesContext.getCurrentInstance().getViewRoot().getViewId();
      for (ConsolePage page : pages.allowed()) {
        grouped
            .computeIfAbsent(page.group(), group -> new ArrayList<>())
            .add(
                new Entry(
                    page.name(),
                    page.icon(),
                    ConsolePages.ROOT + page.name() + "/index.xhtml",
                    view.startsWith("/manage/" + page.name() + "/")));
      }
      parts =
          grouped.entrySet().stream()
              .map(
                  e -> new Part(e.getKey().name().toLowerCase(java.util.Locale.ROOT), e.getValue()))
              .toList();
    }
    return parts;
  }

  /** True if there is a page of this name that the administrator may use. */
  public boolean has(String name) {
    return getParts().stream()
        .flatMap(part -> part.entries().stream())
        .anyMatch(entry -> entry.name().equals(name));
  }
}
