package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.RelationName;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A column of a relation while its uses are collected.
final class ColumnEntry {
  /// What makes two uses of a column one.
  record Key(RelationName relation, String column, Verb verb, @Nullable RelationName via) {}

  private final Key key;
  private final EnumSet<Use> uses = EnumSet.noneOf(Use.class);

  ColumnEntry(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  void use(Use use) {
    uses.add(use);
  }

  /// Whether anything is done with it; a column that was only looked at has no place in facts.
  boolean used() {
    return !uses.isEmpty();
  }

  ColumnUse toColumnUse() {
    return new ColumnUse(
        key.relation(), key.column(), uses, key.verb(), Optional.ofNullable(key.via()));
  }
}
