package dev.nestor.cli;

/// What a command's exit code says.
public final class ExitCode {
  /// As asked.
  public static final int OK = 0;

  /// The answer is no: the archive is damaged, the policy has errors.
  public static final int NO = 1;

  /// Wrong usage or configuration.
  public static final int USAGE = 2;

  /// Incomplete, or something that the machine lacks.
  public static final int INCOMPLETE = 3;

  /// Unknown signer, or unsigned.
  public static final int UNTRUSTED = 4;

  /// Locked, or a newer format.
  public static final int UNREADABLE = 5;

  private ExitCode() {}
}
