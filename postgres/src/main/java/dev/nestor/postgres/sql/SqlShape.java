package dev.nestor.postgres.sql;

import java.util.Arrays;
import java.util.Optional;

/// The tokens of a single statement with its constants left out: texts of one shape have the same
/// parse tree but for what their constants say. Blanks and comments do not count.
///
/// Whoever keeps facts by shape must know that they did not depend on a constant
/// ([SqlAnalyzer.Analysis#independentOfConstants]).
public final class SqlShape {
  private static final Grammar G = Grammar.get();
  private static final int SCONST = G.token("SCONST");
  private static final int USCONST = G.token("USCONST");
  private static final int BCONST = G.token("BCONST");
  private static final int XCONST = G.token("XCONST");
  private static final int ICONST = G.token("ICONST");
  private static final int FCONST = G.token("FCONST");

  private final byte[] tokens;
  private final int hash;
  private final int start;
  private final int end;

  private SqlShape(byte[] tokens, int start, int end) {
    this.tokens = tokens;
    this.hash = Arrays.hashCode(tokens);
    this.start = start;
    this.end = end;
  }

  /// First byte of the statement in the text; not part of the shape.
  public int start() {
    return start;
  }

  /// Behind its last byte, the semicolon not counted; not part of the shape.
  public int end() {
    return end;
  }

  /// The shape of a text.
  ///
  /// @param sql UTF-8
  /// @return empty for a text that cannot be cut into tokens, holds more than one statement, or may
  ///   hold a secret
  public static Optional<SqlShape> of(byte[] sql, SqlSettings settings) {
    if (sql.length > settings.limits().bytesMax()) {
      return Optional.empty();
    }
    byte[] shape = new byte[sql.length + 16];
    int size = 0;
    boolean ended = false;
    int first = -1;
    int last = 0;
    try {
      Scanner scanner = Scanner.ofPlaces(sql, settings);
      for (int token = scanner.next(); token != Scanner.END; token = scanner.next()) {
        if (ended) {
          return Optional.empty();
        }
        int start = scanner.start;
        if (first < 0) {
          first = start;
        }
        int length = scanner.end - start;
        if (size + length + 2 > shape.length) {
          shape = Arrays.copyOf(shape, (size + length + 2) * 2);
        }
        if (token == ICONST || token == FCONST || token == BCONST || token == XCONST) {
          shape[size++] = (byte) (token == ICONST ? 1 : token == FCONST ? 2 : 3);
        } else if (token == SCONST || token == USCONST) {
          if (SecretLiterals.mayBeConnectionString(sql, start, scanner.end)) {
            return Optional.empty();
          }
          shape[size++] = 4;
        } else {
          if (SecretLiterals.namesSecret(sql, start, scanner.end)) {
            return Optional.empty();
          }
          ended = length == 1 && sql[start] == ';';
          if (ended) {
            continue; // with it or without, it is one statement
          }
          System.arraycopy(sql, start, shape, size, length);
          size += length;
        }
        shape[size++] = 0;
        last = scanner.end;
      }
    } catch (UnreadableSqlException e) {
      return Optional.empty();
    }
    return first < 0 || last < first
        ? Optional.empty()
        : Optional.of(new SqlShape(Arrays.copyOf(shape, size), first, last));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SqlShape that && Arrays.equals(tokens, that.tokens);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
