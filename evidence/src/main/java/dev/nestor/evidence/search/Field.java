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
    String typed = word.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .min(
            Comparator.comparingInt((Field each) -> distance(each.word, typed))
                .thenComparingInt(each -> -commonStart(each.word, typed)))
        .orElse(TEXT);
  }

  private static int commonStart(String a, String b) {
    int at = 0;
    while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    return at;
  }

  /// Letters to put in, take out, change or swap with their neighbour.
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(d[i - 1][j], d[i][j - 1]) + 1;
        d[i][j] = Math.min(least, d[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
