package org.linotpee.identity;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;

/** A kind of user store; CDI finds the implementations. */
public interface ResolverType {
  /** The name in requests: {@code passwdresolver}, {@code ldapresolver} or {@code sqlresolver}. */
  String name();

  /** True if this implementation serves the definition. */
  boolean serves(ResolverDefinition definition);

  /** A resolver for a stored definition; contacts no store. */
  Resolver open(ResolverDefinition definition);

  /**
   * The complete set of parameters from what a request has sent; what was not sent gets its
   * default.
   *
   * @throws LinotpException -311 if a required one is missing or a value cannot be used
   */
  Map<String, ResolverDefinition.Parameter> configure(String name, Map<String, String> sent);

  /** The parameter whose configuration entry {@code getResolvers} names. */
  String shownParameter();

  /** The parameter that holds a password, if there is one. */
  default Optional<String> secretParameter() {
    return Optional.empty();
  }

  /** Parameters that say where the password goes; when one changes it must be given anew. */
  default List<String> criticalParameters() {
    return List.of();
  }

  /** True if users have the same ids in both configurations, so that their tokens stay theirs. */
  default boolean sameUserIds(
      Map<String, ResolverDefinition.Parameter> before,
      Map<String, ResolverDefinition.Parameter> after) {
    return true;
  }

  /** How a parameter is typed in. */
  enum Kind {
    TEXT,
    LONG,
    NUMBER,
    FLAG,
    SECRET
  }

  /**
   * A parameter as forms offer it.
   *
   * @param standard what a new resolver gets unless told otherwise
   */
  record Field(String name, Kind kind, boolean required, String standard)
      implements java.io.Serializable {}

  /** The parameters in the order of forms; none for a type whose resolvers cannot be edited. */
  default List<Field> fields() {
    return List.of();
  }

  /** Values for user stores of widespread products, by the name of the product. */
  default Map<String, Map<String, String>> presets() {
    return Map.of();
  }
}
