package dev.nestor.postgres.catalog;

/// Kinds of relations, as `pg_class.relkind`.
public enum RelationKind {
  /// An ordinary table.
  TABLE('r'),
  /// A partitioned table.
  PARTITIONED_TABLE('p'),
  /// A view.
  VIEW('v'),
  /// A materialized view: rows of its own, which were computed from others.
  MATERIALIZED_VIEW('m'),
  /// A foreign table.
  FOREIGN_TABLE('f'),
  /// A sequence.
  SEQUENCE('S'),
  /// An index.
  INDEX('i'),
  /// A partitioned index.
  PARTITIONED_INDEX('I'),
  /// A composite type.
  COMPOSITE_TYPE('c'),
  /// A table for oversized values.
  TOAST_TABLE('t');

  private final char code;

  RelationKind(char code) {
    this.code = code;
  }

  /// `pg_class.relkind`.
  public char code() {
    return code;
  }

  /// @throws IllegalArgumentException if PostgreSQL has no such kind
  public static RelationKind ofCode(char code) {
    for (RelationKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException("relkind " + (int) code + " is not known");
  }
}
