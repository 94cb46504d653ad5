package dev.nestor.postgres.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/// What statements that differ only in constants, comments and blanks have in common.
///
/// @param text tokens separated by one blank: constants and parameters as `$`, unquoted words in
///   lower case, no comments
/// @param fingerprint first 8 bytes of the SHA-256 of the text in UTF-8
public record SqlTemplate(String text, long fingerprint) {

  /// The template of a text.
  ///
  /// @param standardConformingStrings whether a backslash in '…' is an ordinary character
  public static SqlTemplate of(String sql, boolean standardConformingStrings) {
    LexedSql lexed = SqlLexer.lex(sql, standardConformingStrings);
    StringBuilder text = new StringBuilder();
    for (SqlToken token : lexed.tokens()) {
      String word = normalised(token, sql);
      if (!word.isEmpty()) {
        if (!text.isEmpty()) {
          text.append(' ');
        }
        text.append(word);
      }
    }
    return new SqlTemplate(text.toString(), fingerprint(text.toString()));
  }

  /// The template of one statement of a text.
  ///
  /// @param sql in UTF-8; not changed
  /// @param start first byte of the statement
  /// @param end behind its last byte
  public static SqlTemplate of(byte[] sql, int start, int end, boolean standardConformingStrings) {
    return of(
        new String(sql, start, end - start, StandardCharsets.UTF_8), standardConformingStrings);
  }

  private static String normalised(SqlToken token, String sql) {
    return switch (token.kind()) {
      case COMMENT -> "";
      case STRING, BIT_STRING, NUMBER, PARAMETER -> "$";
      case KEYWORD, IDENTIFIER -> token.text(sql).toLowerCase(Locale.ROOT);
      case QUOTED_IDENTIFIER, OPERATOR, PUNCTUATION -> token.text(sql);
      // Whatever a broken text holds may be a secret.
      case UNREADABLE -> "…";
    };
  }

  private static long fingerprint(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(sha256.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
