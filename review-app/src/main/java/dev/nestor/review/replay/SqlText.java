package dev.nestor.review.replay;

import dev.nestor.evidence.archive.DecisionDetail;
import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.postgres.sql.LexedSql;
import dev.nestor.postgres.sql.SqlFormatter;
import dev.nestor.postgres.sql.SqlLexer;
import dev.nestor.postgres.sql.SqlToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// A query cut into coloured pieces, laid out for reading and as it was sent. Made off the screen's
/// thread: a long text takes a while.
///
/// @param formatted laid out; the pieces together have the tokens of the original
/// @param original together they are the text, or its beginning
/// @param cut characters that are not in it
public record SqlText(List<SqlSpan> formatted, List<SqlSpan> original, long cut) {
  /// More than this is not lexed for display.
  static final int CHARACTERS_MAX = 32_000;

  public SqlText {
    formatted = List.copyOf(formatted);
    original = List.copyOf(original);
  }

  static SqlText of(StatementDetail detail) {
    String sql = detail.sql();
    String shown = sql.length() <= CHARACTERS_MAX ? sql : sql.substring(0, CHARACTERS_MAX);
    Set<String> masked =
        detail.decision().masks().stream()
            .map(DecisionDetail.MaskedOutput::column)
            .map(column -> column.substring(column.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
            .filter(column -> !column.isEmpty())
            .collect(Collectors.toSet());
    String formatted = sql.length() <= CHARACTERS_MAX ? SqlFormatter.format(shown) : shown;
    return new SqlText(
        spans(formatted, masked), spans(shown, masked), (long) sql.length() - shown.length());
  }

  private static List<SqlSpan> spans(String text, Set<String> masked) {
    LexedSql lexed = SqlLexer.lex(text);
    List<SqlSpan> spans = new ArrayList<>();
    int at = 0;
    for (SqlToken token : lexed.tokens()) {
      if (token.start() > at) {
        add(spans, text.substring(at, token.start()), SqlSpan.Style.PLAIN);
      }
      String word = token.text(text);
      add(spans, word, style(token, word, masked));
      at = token.end();
    }
    if (at < text.length()) {
      add(spans, text.substring(at), SqlSpan.Style.PLAIN);
    }
    return spans;
  }

  private static void add(List<SqlSpan> spans, String text, SqlSpan.Style style) {
    if (!spans.isEmpty() && spans.getLast().style() == style) {
      SqlSpan last = spans.removeLast();
      spans.add(new SqlSpan(last.text() + text, style));
    } else {
      spans.add(new SqlSpan(text, style));
    }
  }

  private static SqlSpan.Style style(SqlToken token, String word, Set<String> masked) {
    return switch (token.kind()) {
      case KEYWORD -> SqlSpan.Style.KEYWORD;
      case STRING, BIT_STRING -> SqlSpan.Style.STRING;
      case NUMBER, PARAMETER -> SqlSpan.Style.NUMBER;
      case COMMENT -> SqlSpan.Style.COMMENT;
      case IDENTIFIER ->
          masked.contains(word.toLowerCase(Locale.ROOT))
              ? SqlSpan.Style.MASKED
              : SqlSpan.Style.PLAIN;
      case QUOTED_IDENTIFIER ->
          masked.contains(word.replace("\"", "").toLowerCase(Locale.ROOT))
              ? SqlSpan.Style.MASKED
              : SqlSpan.Style.PLAIN;
      case OPERATOR, PUNCTUATION, UNREADABLE -> SqlSpan.Style.PLAIN;
    };
  }
}
