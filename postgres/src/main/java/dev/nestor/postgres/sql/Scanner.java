package dev.nestor.postgres.sql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// PostgreSQL 18's lexer (`scan.l`) and the filter between it and the grammar (`base_yylex` of
/// `parser.c`), byte for byte: what is a token here is the same token there.
///
/// A cursor: [#next] moves to the next token, the fields describe it. Belongs to one thread.
///
/// **Sources.** `src/backend/parser/scan.l`, `src/backend/parser/parser.c`,
/// `src/backend/parser/scansup.c` of PostgreSQL 18, under the PostgreSQL licence.
final class Scanner {
  /// Told of comments, which the grammar never sees.
  interface CommentSink {
    void comment(int start, int end);
  }

  static final int END = 0;

  private static final int NAME_BYTES_MAX = 63;
  private static final Grammar G = Grammar.get();
  private static final int IDENT = G.token("IDENT");
  private static final int UIDENT = G.token("UIDENT");
  private static final int FCONST = G.token("FCONST");
  private static final int SCONST = G.token("SCONST");
  private static final int USCONST = G.token("USCONST");
  private static final int BCONST = G.token("BCONST");
  private static final int XCONST = G.token("XCONST");
  private static final int OP = G.token("Op");
  private static final int ICONST = G.token("ICONST");
  private static final int PARAM = G.token("PARAM");
  private static final int TYPECAST = G.token("TYPECAST");
  private static final int DOT_DOT = G.token("DOT_DOT");
  private static final int COLON_EQUALS = G.token("COLON_EQUALS");
  private static final int EQUALS_GREATER = G.token("EQUALS_GREATER");
  private static final int LESS_EQUALS = G.token("LESS_EQUALS");
  private static final int GREATER_EQUALS = G.token("GREATER_EQUALS");
  private static final int NOT_EQUALS = G.token("NOT_EQUALS");
  private static final int FORMAT = G.token("FORMAT");
  private static final int FORMAT_LA = G.token("FORMAT_LA");
  private static final int JSON = G.token("JSON");
  private static final int NOT = G.token("NOT");
  private static final int NOT_LA = G.token("NOT_LA");
  private static final int BETWEEN = G.token("BETWEEN");
  private static final int IN = G.token("IN_P");
  private static final int LIKE = G.token("LIKE");
  private static final int ILIKE = G.token("ILIKE");
  private static final int SIMILAR = G.token("SIMILAR");
  private static final int NULLS = G.token("NULLS_P");
  private static final int NULLS_LA = G.token("NULLS_LA");
  private static final int FIRST = G.token("FIRST_P");
  private static final int LAST = G.token("LAST_P");
  private static final int WITH = G.token("WITH");
  private static final int WITH_LA = G.token("WITH_LA");
  private static final int TIME = G.token("TIME");
  private static final int ORDINALITY = G.token("ORDINALITY");
  private static final int WITHOUT = G.token("WITHOUT");
  private static final int WITHOUT_LA = G.token("WITHOUT_LA");
  private static final int UESCAPE = G.token("UESCAPE");
  private static final int NCHAR = G.token("NCHAR");

  /// How the body of a quoted string is read.
  private enum Quoting {
    STANDARD,
    ESCAPES,
    UNICODE
  }

  /// What each byte of an unquoted word is in lower case; 0 for one that ends the word.
  private static final char[] LOWERED = new char[256];

  static {
    for (int c = 0; c < LOWERED.length; c++) {
      boolean capital = c >= 'A' && c <= 'Z';
      LOWERED[c] = (char) (capital ? c + 32 : isIdentifierPart(c) ? c : 0);
    }
  }

  private final byte[] sql;
  private final int length;
  private final boolean standardConformingStrings;
  private final SqlLimits limits;
  private final @Nullable CommentSink comments;

  /// Whether names are wanted, and not only where they stand.
  private final boolean withValues;

  private int position;
  private int tokenCount;

  /// First byte of the token.
  int start;

  /// Behind its last byte.
  int end;

  /// What the token stands for, where that differs from its text between the delimiters.
  @Nullable String value;

  private boolean ahead;
  private int aheadToken;
  private int aheadStart;
  private int aheadEnd;
  private @Nullable String aheadValue;

  Scanner(byte[] sql, SqlSettings settings, @Nullable CommentSink comments) {
    this(sql, settings, comments, true);
  }

  private Scanner(
      byte[] sql, SqlSettings settings, @Nullable CommentSink comments, boolean withValues) {
    this.withValues = withValues;
    this.sql = sql;
    this.length = sql.length;
    this.standardConformingStrings = settings.standardConformingStrings();
    this.limits = settings.limits();
    this.comments = comments;
  }

  /// A scanner of which only the tokens and their places are asked: it makes no strings of words.
  static Scanner ofPlaces(byte[] sql, SqlSettings settings) {
    return new Scanner(sql, settings, null, false);
  }

  /// Moves to the next token as the grammar sees it.
  ///
  /// @return its number, or [#END]
  int next() throws UnreadableSqlException {
    int token;
    if (ahead) {
      ahead = false;
      token = aheadToken;
      start = aheadStart;
      end = aheadEnd;
      value = aheadValue;
    } else {
      token = scan();
    }
    if (token == FORMAT
        || token == NOT
        || token == NULLS
        || token == WITH
        || token == WITHOUT
        || token == UIDENT
        || token == USCONST) {
      return filtered(token);
    }
    return token;
  }

  /// What only the token behind it can tell.
  private int filtered(int token) throws UnreadableSqlException {
    int firstStart = start;
    int firstEnd = end;
    String firstValue = value;
    int second = scan();
    aheadToken = second;
    aheadStart = start;
    aheadEnd = end;
    aheadValue = value;
    ahead = true;
    int result = token;
    if (token == FORMAT) {
      result = second == JSON ? FORMAT_LA : token;
    } else if (token == NOT) {
      boolean joins =
          second == BETWEEN
              || second == IN
              || second == LIKE
              || second == ILIKE
              || second == SIMILAR;
      result = joins ? NOT_LA : token;
    } else if (token == NULLS) {
      result = second == FIRST || second == LAST ? NULLS_LA : token;
    } else if (token == WITH) {
      result = second == TIME || second == ORDINALITY ? WITH_LA : token;
    } else if (token == WITHOUT) {
      result = second == TIME ? WITHOUT_LA : token;
    } else {
      char escape = '\\';
      if (second == UESCAPE) {
        escape = escapeCharacter();
        ahead = false;
        firstEnd = end;
      }
      if (firstValue == null) {
        throw new IllegalStateException("a Unicode literal always has a value");
      }
      firstValue = UnicodeEscapes.decode(firstValue, escape, firstStart);
      if (token == UIDENT) {
        firstValue = clipped(firstValue);
        result = IDENT;
      } else {
        result = SCONST;
      }
    }
    start = firstStart;
    end = firstEnd;
    value = firstValue;
    return result;
  }

  private char escapeCharacter() throws UnreadableSqlException {
    if (scan() != SCONST) {
      throw unlexable(start, "UESCAPE must be followed by a simple string literal");
    }
    String literal = value == null ? text(start + 1, end - 1) : value;
    if (literal.length() != 1 || !UnicodeEscapes.mayEscape(literal.charAt(0))) {
      throw unlexable(start, "invalid Unicode escape character");
    }
    return literal.charAt(0);
  }

  private static UnreadableSqlException unlexable(int offset, String message) {
    return new UnreadableSqlException(FactsStatus.UNLEXABLE, offset, message);
  }

  private int at(int index) {
    return index < length ? sql[index] & 0xFF : -1;
  }

  private static boolean isIdentifierStart(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isIdentifierPart(int c) {
    return isIdentifierStart(c) || isDigit(c) || c == '$';
  }

  static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == 0x0B;
  }

  private static boolean isOperator(int c) {
    return switch (c) {
      case '~', '!', '@', '#', '^', '&', '|', '`', '?', '+', '-', '*', '/', '%', '<', '>', '=' ->
          true;
      default -> false;
    };
  }

  private int endOfLine(int from) {
    int i = from;
    while (i < length && sql[i] != '\n' && sql[i] != '\r') {
      i++;
    }
    return i;
  }

  private String text(int from, int to) {
    return new String(sql, from, to - from, StandardCharsets.UTF_8);
  }

  private int finish(int token, int behind) {
    end = behind;
    position = behind;
    return token;
  }

  /// The next token of `scan.l`.
  private int scan() throws UnreadableSqlException {
    value = null;
    skipBlanksAndComments();
    start = position;
    int c = at(position);
    if (c < 0) {
      return finish(END, length);
    }
    if (++tokenCount > limits.tokensMax()) {
      throw new UnreadableSqlException(FactsStatus.TOO_LONG, start, "too many tokens");
    }
    return switch (c) {
      case 0 -> throw unlexable(start, "a zero byte ends the message");
      case '\'' ->
          string(
              position + 1, standardConformingStrings ? Quoting.STANDARD : Quoting.ESCAPES, SCONST);
      case '"' -> quotedIdentifier(position + 1, false);
      case '$' -> dollar();
      case '.' -> dot();
      case ':' ->
          switch (at(position + 1)) {
            case ':' -> finish(TYPECAST, position + 2);
            case '=' -> finish(COLON_EQUALS, position + 2);
            default -> finish(':', position + 1);
          };
      case ',', '(', ')', '[', ']', ';' -> finish(c, position + 1);
      default -> {
        if (isDigit(c)) {
          yield number();
        }
        if (isIdentifierStart(c)) {
          yield word(c);
        }
        yield isOperator(c) ? operator(c) : finish(c, position + 1);
      }
    };
  }

  private int dot() throws UnreadableSqlException {
    int second = at(position + 1);
    if (second == '.') {
      return finish(DOT_DOT, position + 2);
    }
    return isDigit(second) ? number() : finish('.', position + 1);
  }

  private void skipBlanksAndComments() throws UnreadableSqlException {
    while (true) {
      int c = at(position);
      if (isSpace(c)) {
        position++;
      } else if (c == '-' && at(position + 1) == '-') {
        int from = position;
        position = endOfLine(position + 2);
        report(from);
      } else if (c == '/' && at(position + 1) == '*') {
        int from = position;
        skipNestedComment();
        report(from);
      } else {
        return;
      }
    }
  }

  private void report(int from) {
    if (comments != null) {
      comments.comment(from, position);
    }
  }

  private void skipNestedComment() throws UnreadableSqlException {
    int from = position;
    int depth = 1;
    position += 2;
    while (depth > 0) {
      if (position >= length) {
        throw unlexable(from, "unterminated /* comment");
      }
      if (sql[position] == '/' && at(position + 1) == '*') {
        position += 2;
        if (++depth > limits.commentNestingMax()) {
          throw new UnreadableSqlException(
              FactsStatus.TOO_DEEP, position, "comments are nested too deeply");
        }
      } else if (sql[position] == '*' && at(position + 1) == '/') {
        position += 2;
        depth--;
      } else {
        position++;
      }
    }
  }

  private int word(int c) throws UnreadableSqlException {
    int second = at(position + 1);
    if (second == '\'') {
      switch (c) {
        case 'b', 'B' -> {
          return bitString(position + 2, BCONST);
        }
        case 'x', 'X' -> {
          return bitString(position + 2, XCONST);
        }
        case 'e', 'E' -> {
          return string(position + 2, Quoting.ESCAPES, SCONST);
        }
        case 'n', 'N' -> {
          return finish(NCHAR, position + 1);
        }
        default -> {}
      }
    }
    if ((c == 'u' || c == 'U') && second == '&') {
      int third = at(position + 2);
      if (third == '\'') {
        if (!standardConformingStrings) {
          throw unlexable(start, "unsafe use of string constant with Unicode escapes");
        }
        return string(position + 3, Quoting.UNICODE, USCONST);
      }
      if (third == '"') {
        return quotedIdentifier(position + 3, true);
      }
    }
    int behind = position;
    int hash = 0;
    boolean asIs = true;
    for (int lowered; behind < length; behind++) {
      byte b = sql[behind];
      lowered = LOWERED[b & 0xFF];
      if (lowered == 0) {
        break;
      }
      asIs &= lowered == b; // neither a capital nor a part of a longer character
      hash = Grammar.hash(hash, lowered);
    }
    int keyword = G.keyword(sql, position, behind, hash);
    if (keyword >= 0) {
      return finish(keyword, behind);
    }
    if (withValues) {
      value =
          asIs && behind - position <= NAME_BYTES_MAX
              ? new String(sql, position, behind - position, StandardCharsets.ISO_8859_1)
              : lowered(position, behind);
    }
    return finish(IDENT, behind);
  }

  /// Only ASCII letters are lowered, as the server does in every multi-byte encoding.
  private String lowered(int from, int to) {
    byte[] copy = new byte[to - from];
    boolean ascii = true;
    for (int i = 0; i < copy.length; i++) {
      byte b = sql[from + i];
      ascii &= b >= 0;
      copy[i] = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }
    String name = new String(copy, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    return copy.length > NAME_BYTES_MAX ? clipped(name) : name;
  }

  /// Names are cut to 63 bytes, never inside of a character.
  static String clipped(String name) {
    if (name.length() * 3 <= NAME_BYTES_MAX) {
      return name;
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= NAME_BYTES_MAX) {
      return name;
    }
    int size = NAME_BYTES_MAX;
    while (size > 0 && (bytes[size] & 0xC0) == 0x80) {
      size--;
    }
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  private int dollar() throws UnreadableSqlException {
    int second = at(position + 1);
    if (isDigit(second)) {
      return parameter();
    }
    int behind = position + 1;
    if (isIdentifierStart(second)) {
      behind++;
      while (isIdentifierStart(at(behind)) || isDigit(at(behind))) {
        behind++;
      }
    }
    if (at(behind) != '$') {
      return finish('$', position + 1);
    }
    int body = behind + 1;
    int tagBytes = body - position;
    for (int i = body; i + tagBytes <= length; i++) {
      if (sql[i] == '$'
          && Arrays.equals(sql, i, i + tagBytes, sql, position, position + tagBytes)) {
        value = text(body, i);
        return finish(SCONST, i + tagBytes);
      }
    }
    throw unlexable(start, "unterminated dollar-quoted string");
  }

  private int parameter() throws UnreadableSqlException {
    int behind = position + 1;
    long number = 0;
    while (isDigit(at(behind))) {
      number = number * 10 + (sql[behind] - '0');
      if (number > Integer.MAX_VALUE) {
        throw unlexable(start, "parameter number too large");
      }
      behind++;
    }
    if (isIdentifierStart(at(behind))) {
      throw unlexable(start, "trailing junk after parameter");
    }
    return finish(PARAM, behind);
  }

  private int operator(int c) throws UnreadableSqlException {
    int behind = position + 1;
    while (isOperator(at(behind))) {
      behind++;
    }
    int size = behind - position;
    for (int i = position; i + 1 < behind; i++) {
      if ((sql[i] == '/' && sql[i + 1] == '*') || (sql[i] == '-' && sql[i + 1] == '-')) {
        size = i - position;
        break;
      }
    }
    size = withoutTrailingSign(size);
    if (size == 1 && isSqlOperator(c)) {
      return finish(c, position + 1);
    }
    if (size == 2) {
      int token = comparison(c, at(position + 1));
      if (token >= 0) {
        return finish(token, position + 2);
      }
    }
    if (size > NAME_BYTES_MAX) {
      throw unlexable(start, "operator too long");
    }
    value = text(position, position + size);
    return finish(OP, position + size);
  }

  /// `+` and `-` end an operator only where it holds a character that SQL's own operators have not.
  private int withoutTrailingSign(int bytes) {
    int size = bytes;
    if (size > 1 && isSign(sql[position + size - 1])) {
      for (int i = size - 2; i >= 0; i--) {
        if (keepsTrailingSign(sql[position + i])) {
          return size;
        }
      }
      do {
        size--;
      } while (size > 1 && isSign(sql[position + size - 1]));
    }
    return size;
  }

  /// Characters that stand for themselves; every other operator character makes a token `Op`.
  private static boolean isSqlOperator(int c) {
    return switch (c) {
      case '+', '-', '*', '/', '%', '^', '<', '>', '=' -> true;
      default -> false;
    };
  }

  private static boolean keepsTrailingSign(int c) {
    return switch (c) {
      case '~', '!', '@', '#', '^', '&', '|', '`', '?', '%' -> true;
      default -> false;
    };
  }

  private static boolean isSign(byte b) {
    return b == '+' || b == '-';
  }

  private static int comparison(int first, int second) {
    if (first == '=' && second == '>') {
      return EQUALS_GREATER;
    }
    if (first == '>' && second == '=') {
      return GREATER_EQUALS;
    }
    if (first == '<' && second == '=') {
      return LESS_EQUALS;
    }
    boolean unequal = (first == '<' && second == '>') || (first == '!' && second == '=');
    return unequal ? NOT_EQUALS : -1;
  }

  /// Where a string goes on after its closing quote: strings separated by a line break are one.
  ///
  /// @return index behind the next opening quote, or -1
  private int continuation(int from) {
    int i = from;
    while (true) {
      int c = at(i);
      if (c == ' ' || c == '\t' || c == '\f' || c == 0x0B) {
        i++;
      } else if (c == '-' && at(i + 1) == '-') {
        i = endOfLine(i + 2);
      } else {
        break;
      }
    }
    if (at(i) != '\n' && at(i) != '\r') {
      return -1;
    }
    i++;
    while (true) {
      int c = at(i);
      if (isSpace(c)) {
        i++;
      } else if (c == '-' && at(i + 1) == '-') {
        int lineEnd = endOfLine(i + 2);
        if (lineEnd >= length) {
          return -1;
        }
        i = lineEnd + 1;
      } else {
        break;
      }
    }
    return at(i) == '\'' ? i + 1 : -1;
  }

  private int bitString(int body, int token) throws UnreadableSqlException {
    int i = body;
    while (true) {
      while (i < length && sql[i] != '\'') {
        i++;
      }
      if (i >= length) {
        throw unlexable(start, "unterminated bit string literal");
      }
      int next = continuation(i + 1);
      if (next < 0) {
        value = "";
        return finish(token, i + 1);
      }
      i = next;
    }
  }

  private int string(int body, Quoting quoting, int token) throws UnreadableSqlException {
    ByteArrayOutputStream out = null;
    int from = body;
    int i = body;
    while (true) {
      if (i >= length) {
        throw unlexable(start, "unterminated quoted string");
      }
      int c = sql[i];
      if (c == '\'') {
        int next = at(i + 1) == '\'' ? i + 2 : continuation(i + 1);
        if (next < 0) {
          value = stringValue(out, from, i, body, token);
          return finish(token, i + 1);
        }
        out = out == null ? new ByteArrayOutputStream() : out;
        out.write(sql, from, (at(i + 1) == '\'' ? i + 1 : i) - from);
        i = next;
        from = next;
      } else if (c == '\\' && quoting == Quoting.ESCAPES) {
        out = out == null ? new ByteArrayOutputStream() : out;
        out.write(sql, from, i - from);
        i = escape(i, out);
        from = i;
      } else {
        i++;
      }
    }
  }

  /// No string is made for the ordinary case '…', because hardly anybody asks for it.
  private @Nullable String stringValue(
      @Nullable ByteArrayOutputStream out, int from, int to, int body, int token) {
    if (out != null) {
      out.write(sql, from, to - from);
      return out.toString(StandardCharsets.UTF_8);
    }
    return body == start + 1 && token == SCONST ? null : text(from, to);
  }

  /// One backslash sequence of E'…'.
  ///
  /// @return index behind it
  private int escape(int backslash, ByteArrayOutputStream out) throws UnreadableSqlException {
    int c = at(backslash + 1);
    if (c < 0) {
      throw unlexable(start, "unterminated quoted string");
    }
    if (c >= '0' && c <= '7') {
      return numericEscape(backslash + 1, 3, 8, out);
    }
    if (c == 'x' && hexDigit(at(backslash + 2)) >= 0) {
      return numericEscape(backslash + 2, 2, 16, out);
    }
    if (c == 'u' || c == 'U') {
      return unicodeEscape(backslash, out);
    }
    out.write(
        switch (c) {
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'v' -> 0x0B;
          default -> c;
        });
    return backslash + 2;
  }

  private int numericEscape(int from, int digitsMax, int radix, ByteArrayOutputStream out)
      throws UnreadableSqlException {
    int i = from;
    int byteValue = 0;
    while (i < from + digitsMax && hexDigit(at(i)) >= 0 && hexDigit(at(i)) < radix) {
      byteValue = byteValue * radix + hexDigit(at(i));
      i++;
    }
    if ((byteValue & 0xFF) == 0) {
      throw unlexable(start, "invalid byte sequence");
    }
    out.write(byteValue & 0xFF);
    return i;
  }

  private static int hexDigit(int c) {
    return c < 0 || c > 0x7F ? -1 : Character.digit(c, 16);
  }

  private int unicodeEscape(int backslash, ByteArrayOutputStream out)
      throws UnreadableSqlException {
    int digits = at(backslash + 1) == 'u' ? 4 : 8;
    long code = hexNumber(backslash + 2, digits);
    int behind = backslash + 2 + digits;
    if (code < 0) {
      throw unlexable(backslash, "invalid Unicode escape");
    }
    if (code >= 0xD800 && code <= 0xDBFF) {
      int moreDigits = at(behind) != '\\' ? 0 : at(behind + 1) == 'u' ? 4 : 8;
      boolean escaped = moreDigits == 4 || (moreDigits == 8 && at(behind + 1) == 'U');
      long low = escaped ? hexNumber(behind + 2, moreDigits) : -1;
      if (low < 0xDC00 || low > 0xDFFF) {
        throw unlexable(backslash, "invalid Unicode surrogate pair");
      }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      behind += 2 + moreDigits;
    } else if (code >= 0xDC00 && code <= 0xDFFF) {
      throw unlexable(backslash, "invalid Unicode surrogate pair");
    }
    if (code == 0 || code > Character.MAX_CODE_POINT) {
      throw unlexable(backslash, "invalid Unicode escape value");
    }
    byte[] utf8 = Character.toString((int) code).getBytes(StandardCharsets.UTF_8);
    out.write(utf8, 0, utf8.length);
    return behind;
  }

  private long hexNumber(int from, int digits) {
    long number = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = hexDigit(at(i));
      if (digit < 0) {
        return -1;
      }
      number = number * 16 + digit;
    }
    return number;
  }

  private int quotedIdentifier(int body, boolean unicode) throws UnreadableSqlException {
    StringBuilder doubled = null;
    int from = body;
    int i = body;
    while (true) {
      if (i >= length) {
        throw unlexable(start, "unterminated quoted identifier");
      }
      if (sql[i] != '"') {
        i++;
      } else if (at(i + 1) == '"') {
        doubled = doubled == null ? new StringBuilder() : doubled;
        doubled.append(text(from, i + 1));
        i += 2;
        from = i;
      } else {
        break;
      }
    }
    String name = text(from, i);
    name = doubled == null ? name : doubled.append(name).toString();
    if (name.isEmpty()) {
      throw unlexable(start, "zero-length delimited identifier");
    }
    value = unicode ? name : clipped(name);
    return finish(unicode ? UIDENT : IDENT, i + 1);
  }

  /// Decimal digits with single underscores between them.
  private int digits(int from) {
    int i = from;
    if (!isDigit(at(i))) {
      return i;
    }
    i++;
    while (true) {
      if (isDigit(at(i))) {
        i++;
      } else if (at(i) == '_' && isDigit(at(i + 1))) {
        i += 2;
      } else {
        return i;
      }
    }
  }

  private int radixDigits(int from, int radix) {
    int i = from;
    while (true) {
      if (at(i) == '_' && isRadixDigit(at(i + 1), radix)) {
        i += 2;
      } else if (isRadixDigit(at(i), radix)) {
        i++;
      } else {
        return i;
      }
    }
  }

  private static boolean isRadixDigit(int c, int radix) {
    int digit = hexDigit(c);
    return digit >= 0 && digit < radix;
  }

  private int number() throws UnreadableSqlException {
    if (at(position) == '0') {
      int radix =
          switch (at(position + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
          };
      if (radix != 10) {
        int behind = radixDigits(position + 2, radix);
        if (behind == position + 2) {
          throw unlexable(start, "invalid number of another base");
        }
        if (isIdentifierStart(at(behind)) || isDigit(at(behind))) {
          throw unlexable(start, "trailing junk after numeric literal");
        }
        return finish(integerToken(position + 2, behind, radix), behind);
      }
    }
    boolean integer = true;
    int behind = digits(position);
    boolean whole = behind > position;
    if (at(behind) == '.' && !(at(behind + 1) == '.' && whole)) {
      int fraction = digits(behind + 1);
      if (whole || fraction > behind + 1) {
        behind = fraction;
        integer = false;
      }
    }
    int c = at(behind);
    if (c == 'e' || c == 'E') {
      boolean signed = at(behind + 1) == '+' || at(behind + 1) == '-';
      int from = signed ? behind + 2 : behind + 1;
      int exponent = digits(from);
      if (exponent > from) {
        behind = exponent;
        integer = false;
      } else if (signed) {
        throw unlexable(start, "trailing junk after numeric literal");
      }
    }
    if (isIdentifierStart(at(behind))) {
      throw unlexable(start, "trailing junk after numeric literal");
    }
    return finish(integer ? integerToken(position, behind, 10) : FCONST, behind);
  }

  /// An integer that fits 32 bits is one token, a larger one another.
  private int integerToken(int from, int to, int radix) {
    long number = 0;
    for (int i = from; i < to; i++) {
      if (sql[i] != '_') {
        number = number * radix + Character.digit(sql[i], 16);
        if (number > Integer.MAX_VALUE) {
          return FCONST;
        }
      }
    }
    return ICONST;
  }
}
