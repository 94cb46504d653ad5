package dev.nestor.postgres.catalog;

import java.util.List;

/// A function, procedure or aggregate.
///
/// @param oid unsigned
/// @param language for example `internal`, `c`, `sql`, `plpgsql`
/// @param volatility `i` immutable, `s` stable, `v` volatile
/// @param securityDefiner whether it runs with its owner's privileges
/// @param owner role
/// @param outputs names of its output arguments, where it has any
public record Function(
    String schema,
    String name,
    int oid,
    String language,
    char volatility,
    boolean securityDefiner,
    String owner,
    List<String> outputs) {
  /// Copies the list.
  public Function {
    outputs = List.copyOf(outputs);
  }

  /// `schema.name`.
  public String qualifiedName() {
    return schema + "." + name;
  }
}
