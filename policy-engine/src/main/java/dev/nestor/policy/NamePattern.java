package dev.nestor.policy;

import dev.nestor.postgres.sql.ColumnUse;
import org.jspecify.annotations.Nullable;

/// A name with `*` for any run of characters, compared as the catalog spells it.
final class NamePattern {
  private final String text;
  private final boolean literal;
  private final @Nullable NamePattern owner;

  NamePattern(String text) {
    this.text = text;
    this.literal = text.indexOf('*') < 0;
    int dot = text.lastIndexOf('.');
    this.owner = dot > 0 ? new NamePattern(text.substring(0, dot)) : null;
  }

  String text() {
    return text;
  }

  boolean matches(String name) {
    return literal ? text.equals(name) : matches(0, name, 0);
  }

  /// Whether it means a column, without making its text if it can be told otherwise.
  boolean matches(ColumnUse use) {
    String relation = use.relation().toString();
    String column = use.column();
    return literal
        ? text.length() == relation.length() + 1 + column.length()
            && text.endsWith(column)
            && text.startsWith(relation)
            && text.charAt(relation.length()) == '.'
        : matches(0, use.toString(), 0);
  }

  /// Whether the relation of the columns that it means has this name.
  boolean ownerMatches(String relation) {
    return owner != null && owner.matches(relation);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamePattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  private boolean matches(int at, String name, int from) {
    int pattern = at;
    int index = from;
    int lastStar = -1;
    int lastIndex = -1;
    while (index < name.length()) {
      if (pattern < text.length() && text.charAt(pattern) == '*') {
        lastStar = pattern++;
        lastIndex = index;
      } else if (pattern < text.length() && text.charAt(pattern) == name.charAt(index)) {
        pattern++;
        index++;
      } else if (lastStar >= 0) {
        pattern = lastStar + 1;
        index = ++lastIndex;
      } else {
        return false;
      }
    }
    while (pattern < text.length() && text.charAt(pattern) == '*') {
      pattern++;
    }
    return pattern == text.length();
  }

  @Override
  public String toString() {
    return text;
  }
}
