package dev.nestor.postgres.sql;

/// What a text may cost before it is refused unread.
///
/// @param bytesMax size of the whole text
/// @param tokensMax number of tokens in the whole text
/// @param depthMax nesting of parentheses, sub-queries and other constructs: the depth of the
///   parser's stack; PostgreSQL itself gives up at 10,000
/// @param commentNestingMax nesting of `/* … */`, in which PostgreSQL takes quadratic time that
///   neither cancel nor terminate interrupts
public record SqlLimits(int bytesMax, int tokensMax, int depthMax, int commentNestingMax) {
  /// What the gateway uses where nothing is configured.
  public static final SqlLimits DEFAULT = new SqlLimits(16 << 20, 400_000, 500, 32);

  /// Checks that every limit is positive.
  public SqlLimits {
    if (bytesMax < 1 || tokensMax < 1 || depthMax < 10 || commentNestingMax < 1) {
      throw new IllegalArgumentException(
          "limits must be positive, depth at least 10: "
              + bytesMax
              + ", "
              + tokensMax
              + ", "
              + depthMax
              + ", "
              + commentNestingMax);
    }
  }
}
