package dev.nestor.postgres.catalog;

/// Name of a relation with its schema, as the catalog spells it. Those of a catalog are made once
/// and printed often, so each keeps its text.
public final class RelationName implements Comparable<RelationName> {
  private final String schema;
  private final String name;
  private final String text;

  /// @param schema never empty in a catalog; empty where a statement left it out and it is not
  ///   known
  public RelationName(String schema, String name) {
    this.schema = schema;
    this.name = name;
    this.text = schema.isEmpty() ? name : schema + "." + name;
  }

  /// Never empty in a catalog; empty where a statement left it out and it is not known.
  public String schema() {
    return schema;
  }

  /// Name without schema.
  public String name() {
    return name;
  }

  /// Whether it lies in a schema that belongs to PostgreSQL itself.
  public boolean isSystem() {
    return schema.equals("pg_catalog")
        || schema.equals("information_schema")
        || schema.equals("pg_toast");
  }

  @Override
  public int compareTo(RelationName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RelationName that
        && schema.equals(that.schema)
        && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// As policies write it: `schema.name`, or `name` alone where the schema is not known.
  @Override
  public String toString() {
    return text;
  }
}
