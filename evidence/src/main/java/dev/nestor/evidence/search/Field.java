package dev.nestor.evidence.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// What can be asked about a statement.
public enum Field {
  VERB("verb", Kind.WORD, "what it does: select, delete, create-role"),
  TABLE("table", Kind.WORD, "relation read or written"),
  SCHEMA("schema", Kind.WORD, "schema of a relation"),
  COLUMN("column", Kind.WORD, "column whose values can reach the client"),
  LABEL("label", Kind.WORD, "label of a column that it uses"),
  DB("db", Kind.WORD, "database"),
  ROWS("rows", Kind.NUMBER, "rows affected or returned"),
  DUR("dur", Kind.NUMBER, "duration, such as 5s or 200ms"),
  SQLSTATE("sqlstate", Kind.WORD, "SQLSTATE of its error"),
  TEXT("text", Kind.WORD, "words of its text"),
  SQL("sql", Kind.WORD, "the same as text"),
  DECISION("decision", Kind.WORD, "allowed, masked, held, blocked, killed"),
  RULE("rule", Kind.WORD, "rule that decided"),
  MASKED("masked", Kind.WORD, "yes or no"),
  FLAG("flag", Kind.WORD, "flag of its facts, such as copy-out"),
  SUBJECT("subject", Kind.WORD, "on whose behalf"),
  ACTOR("actor", Kind.WORD, "anybody of the chain; actor[0] is the current one"),
  VIA("via", Kind.WORD, "part of the chain: planner-agent>sql-agent"),
  DEPTH("depth", Kind.NUMBER, "length of the chain"),
  ROLE("role", Kind.WORD, "role on the server"),
  APP("app", Kind.WORD, "application name"),
  SESSION("session", Kind.NUMBER, "number of the session"),
  CRED("cred", Kind.WORD, "label of the credential, c-91be"),
  TIME("time", Kind.TIME, "when it began"),
  ARCHIVE("archive", Kind.WORD, "name of the file"),
  FRAME("frame", Kind.NUMBER, "number of its frame"),
  IS("is", Kind.WORD, "exception, unparsed, error");

  /// What its values are.
  public enum Kind {
    WORD,
    NUMBER,
    TIME
  }

  private final String word;
  private final Kind kind;
  private final String about;

  Field(String word, Kind kind, String about) {
    this.word = word;
    this.kind = kind;
    this.about = about;
  }

  /// As it is typed.
  public String word() {
    return word;
  }

  /// What its values are.
  public Kind kind() {
    return kind;
  }

  /// What it means, for completion and help.
  public String about() {
    return about;
  }

  /// The field of a word.
  public static Optional<Field> of(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word.equals(word.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /// The field that somebody may have meant.
  static Field nearest(String word) {
    return Arrays.stream(values())
        .min(Comparator.comparingInt(each -> distance(each.word, word.toLowerCase(Locale.ROOT))))
        .orElse(TEXT);
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        row[j] =
            Math.min(
                Math.min(row[j] + 1, row[j - 1] + 1),
                diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
