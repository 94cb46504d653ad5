package dev.nestor.postgres.sql;

/// That a statement calls a function.
///
/// @param name `schema.name`; `name` alone where the catalog knows no such function
/// @param harmless whether it stands in the published list of functions that neither run code that
///   a user wrote nor reach beyond their arguments
public record FunctionUse(String name, boolean harmless) {
  @Override
  public String toString() {
    return name;
  }
}
