package dev.nestor.postgres.sql;

import java.util.Locale;

/// What a statement does with a column.
public enum Use {
  /// Read by an inner query; where it goes is said by its other uses.
  READ("an inner query reads it"),
  /// A bare output of the statement, whose origin the server reports.
  OUTPUT("the statement returns it as it is"),
  /// Came by `*` or by a whole row.
  STAR("it came by a star or as part of a whole row"),
  /// Part of an output whose origin is lost: an expression, aggregate, set operation, whole row.
  DERIVED("the statement returns something computed from it"),
  /// WHERE, HAVING, CASE, a limit, a check.
  PREDICATE("a condition depends on it"),
  /// ON, USING, NATURAL.
  JOIN("a join condition depends on it"),
  /// GROUP BY, DISTINCT ON, PARTITION BY.
  GROUP("rows are grouped by it"),
  /// ORDER BY.
  ORDER("rows are ordered by it"),
  /// Argument of a function or operator.
  ARGUMENT("a function or operator takes it"),
  /// Written: target of SET, column of INSERT or COPY FROM, or of a definition.
  SET("the statement writes it"),
  /// Its value is written elsewhere.
  SOURCE("its value is stored elsewhere"),
  /// RETURNING.
  RETURNING("the statement returns it from a changed row");

  private final String word;
  private final String meaning;

  Use(String meaning) {
    this.word = name().toLowerCase(Locale.ROOT);
    this.meaning = meaning;
  }

  /// As JSON writes it.
  public String word() {
    return word;
  }

  /// What it says, as a clause.
  public String meaning() {
    return meaning;
  }

  /// Whether the value of the column matters, rather than being replaced.
  public boolean reads() {
    return this != SET;
  }

  /// Whether the outcome of the statement can tell about the value although it is not returned:
  /// what `predicate-on` of a policy asks.
  public boolean probes() {
    return switch (this) {
      case PREDICATE, JOIN, GROUP, ORDER, ARGUMENT -> true;
      case READ, OUTPUT, STAR, DERIVED, SET, SOURCE, RETURNING -> false;
    };
  }

  @Override
  public String toString() {
    return word;
  }
}
