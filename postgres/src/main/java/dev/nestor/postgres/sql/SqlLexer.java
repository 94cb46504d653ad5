package dev.nestor.postgres.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Cuts a text into tokens, for display: PostgreSQL's own lexer, with positions in characters.
///
/// Words that the grammar takes as names, such as a column called `value`, are identifiers; where
/// the text does not parse, every word of the grammar is a keyword.
public final class SqlLexer {
  private static final Grammar G = Grammar.get();
  private static final int IDENT = G.token("IDENT");
  private static final int SCONST = G.token("SCONST");
  private static final int BCONST = G.token("BCONST");
  private static final int XCONST = G.token("XCONST");
  private static final int ICONST = G.token("ICONST");
  private static final int FCONST = G.token("FCONST");
  private static final int PARAM = G.token("PARAM");
  private static final int OP = G.token("Op");
  private static final int TYPECAST = G.token("TYPECAST");
  private static final int NOT_EQUALS = G.token("NOT_EQUALS");

  private SqlLexer() {}

  /// Cuts a text as a session with the default settings does.
  public static LexedSql lex(String sql) {
    return lex(sql, true);
  }

  /// Cuts a text.
  ///
  /// @param standardConformingStrings whether a backslash in '…' is an ordinary character
  public static LexedSql lex(String sql, boolean standardConformingStrings) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    SqlLimits limits =
        new SqlLimits(Math.max(1, bytes.length), Integer.MAX_VALUE, 10_000, Integer.MAX_VALUE);
    SqlSettings settings = new SqlSettings(standardConformingStrings, limits);
    List<SqlToken> tokens = new ArrayList<>();
    Characters characters = new Characters(sql, bytes);
    Scanner scanner =
        new Scanner(
            bytes,
            settings,
            (start, end) -> tokens.add(characters.token(SqlTokenKind.COMMENT, start, end)));
    @Nullable SqlProblem problem = null;
    BitSet names = namesByGrammar(bytes, settings);
    try {
      for (int token = scanner.next(); token != Scanner.END; token = scanner.next()) {
        SqlTokenKind kind = kind(token, bytes[scanner.start], names.get(scanner.start));
        addInOrder(tokens, characters.token(kind, scanner.start, scanner.end));
      }
    } catch (UnreadableSqlException e) {
      int from = tokens.isEmpty() ? 0 : tokens.getLast().end();
      while (from < sql.length() && Scanner.isSpace(sql.charAt(from))) {
        from++;
      }
      tokens.add(new SqlToken(SqlTokenKind.UNREADABLE, from, sql.length()));
      problem = new Positions(bytes).problem(e.offset(), e.problem());
    }
    return new LexedSql(sql, tokens, Optional.ofNullable(problem));
  }

  /// The scanner looks one token ahead at times, and then reports a comment before the token that
  /// stands in front of it.
  private static void addInOrder(List<SqlToken> tokens, SqlToken token) {
    int at = tokens.size();
    while (at > 0 && tokens.get(at - 1).start() > token.start()) {
      at--;
    }
    // U&'…' UESCAPE '…' is one token; comments inside of it are part of it.
    while (at < tokens.size() && tokens.get(at).start() < token.end()) {
      tokens.remove(at);
    }
    tokens.add(at, token);
  }

  /// First bytes of the tokens that the grammar took as names.
  private static BitSet namesByGrammar(byte[] sql, SqlSettings settings) {
    BitSet names = new BitSet();
    ParseTree tree = new ParseTree(sql);
    try {
      Parser.parse(sql, settings, tree);
    } catch (UnreadableSqlException e) {
      return names;
    }
    for (int node = 0; node < tree.size(); node++) {
      if (tree.isLeaf(node) && tree.symbol(node) == Symbols.IDENT) {
        names.set(tree.start(node));
      }
    }
    return names;
  }

  private static SqlTokenKind kind(int token, byte first, boolean name) {
    if (token == IDENT || name) {
      boolean quoted = first == '"' || (token == IDENT && (first == 'U' || first == 'u') && name);
      return first == '"' || (quoted && token != IDENT)
          ? SqlTokenKind.QUOTED_IDENTIFIER
          : SqlTokenKind.IDENTIFIER;
    }
    if (token == SCONST) {
      return SqlTokenKind.STRING;
    }
    if (token == BCONST || token == XCONST) {
      return SqlTokenKind.BIT_STRING;
    }
    if (token == ICONST || token == FCONST) {
      return SqlTokenKind.NUMBER;
    }
    if (token == PARAM) {
      return SqlTokenKind.PARAMETER;
    }
    if (token == OP || (token >= TYPECAST && token <= NOT_EQUALS)) {
      return SqlTokenKind.OPERATOR;
    }
    if (token < 256) {
      return switch (token) {
        case '(', ')', '[', ']', ',', ';', '.', ':' -> SqlTokenKind.PUNCTUATION;
        default -> SqlTokenKind.OPERATOR;
      };
    }
    return SqlTokenKind.KEYWORD;
  }

  /// Turns byte offsets into character offsets; asked with growing offsets.
  private static final class Characters {
    private final int @Nullable [] charByByte;

    Characters(String sql, byte[] bytes) {
      if (bytes.length == sql.length()) {
        charByByte = null;
        return;
      }
      int[] map = new int[bytes.length + 1];
      int character = 0;
      for (int i = 0; i < bytes.length; i++) {
        map[i] = character;
        int next = i + 1 < bytes.length ? bytes[i + 1] & 0xFF : 0;
        boolean lastOfCharacter = (next & 0xC0) != 0x80;
        if (lastOfCharacter) {
          character += isSupplementary(bytes, i) ? 2 : 1;
        }
      }
      map[bytes.length] = character;
      charByByte = map;
    }

    /// Four bytes of UTF-8 are two characters of a string.
    private static boolean isSupplementary(byte[] bytes, int last) {
      return last >= 3 && (bytes[last - 3] & 0xF8) == 0xF0;
    }

    SqlToken token(SqlTokenKind kind, int start, int end) {
      return charByByte == null
          ? new SqlToken(kind, start, end)
          : new SqlToken(kind, charByByte[start], charByByte[end]);
    }
  }
}
