package dev.nestor.postgres.sql;

/// Escapes of `U&'…'` and `U&"…"`.
final class UnicodeEscapes {
  private UnicodeEscapes() {}

  /// Whether UESCAPE may name this character.
  static boolean mayEscape(char c) {
    return Character.digit(c, 16) < 0 && c != '+' && c != '\'' && c != '"' && !Scanner.isSpace(c);
  }

  static String decode(String text, char escape, int offset) throws UnreadableSqlException {
    if (text.indexOf(escape) < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int high = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      boolean escaped = c == escape;
      boolean doubled = escaped && i + 1 < text.length() && text.charAt(i + 1) == escape;
      if (!escaped || doubled) {
        if (high != 0) {
          throw invalid(offset, "invalid Unicode surrogate pair");
        }
        out.append(c);
        i += doubled ? 2 : 1;
        continue;
      }
      boolean six = i + 1 < text.length() && text.charAt(i + 1) == '+';
      int from = six ? i + 2 : i + 1;
      int digits = six ? 6 : 4;
      int code = hex(text, from, digits, offset);
      i = from + digits;
      if (high != 0) {
        if (code < 0xDC00 || code > 0xDFFF) {
          throw invalid(offset, "invalid Unicode surrogate pair");
        }
        out.appendCodePoint(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00));
        high = 0;
      } else if (code >= 0xD800 && code <= 0xDBFF) {
        high = code;
      } else if (code >= 0xDC00 && code <= 0xDFFF) {
        throw invalid(offset, "invalid Unicode surrogate pair");
      } else {
        out.appendCodePoint(code);
      }
    }
    if (high != 0) {
      throw invalid(offset, "invalid Unicode surrogate pair");
    }
    return out.toString();
  }

  private static int hex(String text, int from, int digits, int offset)
      throws UnreadableSqlException {
    if (from + digits > text.length()) {
      throw invalid(offset, "invalid Unicode escape");
    }
    int code = 0;
    for (int i = from; i < from + digits; i++) {
      char c = text.charAt(i);
      int digit = c > 0x7F ? -1 : Character.digit(c, 16);
      if (digit < 0) {
        throw invalid(offset, "invalid Unicode escape");
      }
      code = code * 16 + digit;
    }
    if (code == 0 || code > Character.MAX_CODE_POINT) {
      throw invalid(offset, "invalid Unicode escape value");
    }
    return code;
  }

  private static UnreadableSqlException invalid(int offset, String message) {
    return new UnreadableSqlException(FactsStatus.UNLEXABLE, offset, message);
  }
}
