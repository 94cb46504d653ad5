package dev.nestor.postgres.sql;

/// What changes how a text is read.
///
/// @param standardConformingStrings whether a backslash in '…' is an ordinary character
/// @param limits what a text may cost
public record SqlSettings(boolean standardConformingStrings, SqlLimits limits) {
  /// The server's defaults, and ours.
  public static final SqlSettings DEFAULT = new SqlSettings(true, SqlLimits.DEFAULT);

  /// The default limits.
  public SqlSettings(boolean standardConformingStrings) {
    this(standardConformingStrings, SqlLimits.DEFAULT);
  }
}
