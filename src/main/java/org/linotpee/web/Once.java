package org.linotpee.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.Map;

/**
 * What a page shows in one answer and never again: keys, passwords. It lives as long as the
 * request, so that no secret stays in the state of a view. Pages say {@code
 * #{once.get('replacement')}}.
 */
@Named
@RequestScoped
public class Once {
  private final Map<String, Object> shown = new HashMap<>();

  /** Shows something in this answer. */
  public void show(String name, Object what) {
    shown.put(name, what);
  }

  /** What is shown under a name; null if nothing is. */
  public Object get(String name) {
    return shown.get(name);
  }
}
