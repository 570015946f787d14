package org.linotpee.web;

import org.linotpee.policy.AdminRights;

/**
 * A page of the console. An implementation annotated with {@code @Service} is all that it takes:
 * the page is in the navigation of those who may use it, and refused to others whatever they type.
 * Its views are the files below {@code /ui/manage/<name>/}; {@code index.xhtml} is the first one.
 *
 * <pre>{@code
 * @Service
 * public class AuditPage implements ConsolePage {
 *   public String name() { return "audit"; }            // text: nav.audit
 *   public Group group() { return Group.CONTROL; }
 *   public int rank() { return 10; }
 *   public String icon() { return "pi-history"; }
 *   public boolean allowed(AdminRights rights) { return rights.may("audit", "view"); }
 * }
 * }</pre>
 */
public interface ConsolePage {
  /** The parts of the navigation, in their order; the text is {@code nav.group.<name>}. */
  enum Group {
    OVERVIEW,
    PEOPLE,
    CONTROL,
    CONFIGURATION,
    TOOLS
  }

  /** The directory of its views, and the last part of its text's key: {@code tokens}. */
  String name();

  Group group();

  /** Its place within the group, smallest first. */
  int rank();

  /** A class of PrimeIcons, for example {@code pi-key}. */
  String icon();

  /** True if the administrator who asks may use it at all; what he may do there is asked again. */
  boolean allowed(AdminRights rights);
}
