package dev.nestor.postgres.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Finds the secrets inside of SQL: passwords of roles and user mappings, and connection strings of
/// subscriptions and dblink.
///
/// A string counts as one when it stands directly behind the word `password` or `connection`, or
/// when it reads like a connection string with a password. Values of ordinary columns, whatever
/// their names, do not.
public final class SecretLiterals {
  /// A part of a text.
  ///
  /// @param start its first byte
  /// @param end behind its last byte
  public record Span(int start, int end) {}

  private static final Grammar G = Grammar.get();
  private static final int SCONST = G.token("SCONST");
  private static final Pattern CONNECTION_STRING =
      Pattern.compile("(?i)(password\\s*=|postgres(ql)?://[^/@\\s]*:[^/@\\s]*@)");

  private SecretLiterals() {}

  /// The secrets of a text, without the quotes around them, in order.
  ///
  /// @param sql UTF-8
  /// @param settings what changes how the text is read
  public static List<Span> in(byte[] sql, SqlSettings settings) {
    if (!mentions(sql, "password") && !mentions(sql, "connection") && !mentions(sql, "://")) {
      return List.of();
    }
    List<Span> spans = new ArrayList<>();
    boolean named = false;
    int at = 0;
    try {
      Scanner scanner = new Scanner(sql, settings, null);
      for (int token = scanner.next(); token != Scanner.END; token = scanner.next()) {
        at = scanner.end;
        if (token == SCONST) {
          if (named || isConnectionString(sql, scanner.start, scanner.end)) {
            spans.add(inside(sql, scanner.start, scanner.end));
          }
          named = false;
        } else {
          named = namesSecret(sql, scanner.start, scanner.end);
        }
      }
    } catch (UnreadableSqlException e) {
      if (at < sql.length) { // nobody knows where in the rest a string begins
        spans.add(new Span(at, sql.length));
      }
    }
    return List.copyOf(spans);
  }

  /// Whether a string directly behind this token is a secret.
  static boolean namesSecret(byte[] sql, int start, int end) {
    return is(sql, start, end, "password") || is(sql, start, end, "connection");
  }

  /// A cheap look that is never wrong about one that is.
  static boolean mayBeConnectionString(byte[] sql, int start, int end) {
    boolean may = false;
    for (int at = start; at < end && !may; at++) {
      may = sql[at] == '=' || (sql[at] == ':' && at + 1 < end && sql[at + 1] == '/');
    }
    return may && isConnectionString(sql, start, end);
  }

  private static boolean isConnectionString(byte[] sql, int start, int end) {
    return CONNECTION_STRING
        .matcher(new String(sql, start, end - start, StandardCharsets.ISO_8859_1))
        .find();
  }

  /// What stands between the quotes of a string constant, whatever its form.
  private static Span inside(byte[] sql, int start, int end) {
    int from = start;
    while (from < end && sql[from] != '\'' && sql[from] != '$') {
      from++;
    }
    if (from < end && sql[from] == '$') {
      int tag = from + 1;
      while (tag < end && sql[tag] != '$') {
        tag++;
      }
      int length = tag + 1 - from;
      return new Span(from + length, Math.max(from + length, end - length));
    }
    return new Span(from + 1, Math.max(from + 1, end - 1));
  }

  private static boolean is(byte[] sql, int start, int end, String word) {
    return end - start == word.length() && matches(sql, start, word);
  }

  private static boolean mentions(byte[] sql, String word) {
    for (int at = 0; at + word.length() <= sql.length; at++) {
      if (matches(sql, at, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] sql, int at, String word) {
    for (int i = 0; i < word.length(); i++) {
      int b = sql[at + i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
