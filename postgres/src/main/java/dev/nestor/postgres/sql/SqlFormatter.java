package dev.nestor.postgres.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/// Lays a text out for reading. It moves tokens and changes none: blanks between tokens become
/// others, everything else stays as it was, comments included.
public final class SqlFormatter {
  private static final Set<String> CLAUSES =
      Set.of(
          "select",
          "from",
          "where",
          "group",
          "having",
          "order",
          "limit",
          "offset",
          "fetch",
          "union",
          "intersect",
          "except",
          "values",
          "set",
          "returning",
          "window",
          "insert",
          "update",
          "delete",
          "merge",
          "with",
          "when",
          "for");

  /// Clauses that begin a line only inside of the statements that have them.
  private static final Set<String> STARTERS =
      Set.of("select", "insert", "update", "delete", "merge", "with", "values");

  private static final Set<String> JOINS =
      Set.of("join", "left", "right", "full", "inner", "cross", "natural");

  private static final int INDENT = 2;

  private final LexedSql sql;
  private final StringBuilder out = new StringBuilder();

  /// For each open parenthesis, whether a query stands inside.
  private final Deque<Boolean> parentheses = new ArrayDeque<>();

  private int indent;
  private boolean query;
  private boolean between;
  private String previousWord = "";

  private SqlFormatter(LexedSql sql) {
    this.sql = sql;
  }

  /// Lays out a text.
  public static String format(String sql) {
    return format(SqlLexer.lex(sql));
  }

  /// Lays out a text that is cut already.
  public static String format(LexedSql sql) {
    return new SqlFormatter(sql).run();
  }

  private String run() {
    for (int i = 0; i < sql.tokens().size(); i++) {
      SqlToken token = sql.tokens().get(i);
      boolean adjacent = i > 0 && sql.tokens().get(i - 1).end() == token.start();
      boolean lineComment =
          i > 0
              && sql.tokens().get(i - 1).kind() == SqlTokenKind.COMMENT
              && sql.tokens().get(i - 1).text(sql.text()).startsWith("--");
      place(i, token, adjacent, lineComment);
    }
    return out.toString();
  }

  private void place(int index, SqlToken token, boolean adjacent, boolean behindLineComment) {
    String text = token.text(sql.text());
    String word = token.kind() == SqlTokenKind.KEYWORD ? text.toLowerCase(Locale.ROOT) : "";
    if (text.equals(")") && !parentheses.isEmpty() && parentheses.pop()) {
      indent = Math.max(0, indent - INDENT);
      newLine(0);
    } else if (index > 0) {
      if (behindLineComment) {
        newLine(lineIndent(word));
      } else if (beginsLine(word, index)) {
        newLine(lineIndent(word));
      } else if (previousWord.equals(";")) {
        newLine(0);
      } else if (!adjacent) {
        out.append(' ');
      }
    }
    out.append(text);
    note(token, text, word, index);
  }

  private void note(SqlToken token, String text, String word, int index) {
    if (text.equals("(") && token.kind() == SqlTokenKind.PUNCTUATION) {
      boolean inside = index + 1 < sql.tokens().size() && startsQuery(index + 1);
      parentheses.push(inside);
      if (inside) {
        indent += INDENT;
      }
    }
    if (text.equals(";") && token.kind() == SqlTokenKind.PUNCTUATION) {
      query = false;
      indent = 0;
      parentheses.clear();
      previousWord = ";";
      return;
    }
    query |= STARTERS.contains(word);
    if (word.equals("between")) {
      between = true;
    } else if (word.equals("and")) {
      between = false;
    }
    if (token.kind() != SqlTokenKind.COMMENT) {
      previousWord = word;
    }
  }

  private boolean startsQuery(int index) {
    SqlToken token = sql.tokens().get(index);
    if (token.kind() != SqlTokenKind.KEYWORD) {
      return false;
    }
    String word = token.text(sql.text()).toLowerCase(Locale.ROOT);
    return word.equals("select") || word.equals("with") || word.equals("values");
  }

  private boolean insideExpression() {
    return !parentheses.isEmpty() && !parentheses.peek();
  }

  private boolean beginsLine(String word, int index) {
    if (word.isEmpty() || insideExpression() || !(query || STARTERS.contains(word))) {
      return false;
    }
    if (STARTERS.contains(word) && !parentheses.isEmpty() && previousIs(index, "(")) {
      return true;
    }
    if (word.equals("and") || word.equals("or")) {
      return !(word.equals("and") && between);
    }
    if (JOINS.contains(word)) {
      return !JOINS.contains(previousWord) && !previousWord.equals("outer");
    }
    return switch (word) {
      case "from" -> !previousWord.equals("distinct") && !previousWord.equals("delete");
      case "update" ->
          !previousWord.equals("do") && !previousWord.equals("for") && !previousWord.equals("then");
      case "insert", "delete" -> !previousWord.equals("then");
      case "when" -> false;
      case "with", "for", "set", "values" -> query && !previousWord.equals("update");
      default -> CLAUSES.contains(word);
    };
  }

  private boolean previousIs(int index, String text) {
    return index > 0 && sql.tokens().get(index - 1).text(sql.text()).equals(text);
  }

  private static int lineIndent(String word) {
    return word.equals("and") || word.equals("or") || JOINS.contains(word) ? INDENT : 0;
  }

  private void newLine(int more) {
    if (out.isEmpty()) {
      return;
    }
    out.append('\n').repeat(" ", indent + more);
  }
}
