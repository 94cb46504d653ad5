package dev.nestor.proxy.store;

/// What was counted against one budget that outlives sessions.
///
/// @param entry of the configuration's databases whose policy has the rule
/// @param rule its id
/// @param name of the credential, or of the subject and its issuer
/// @param day counted from 1970-01-01 in UTC; [#ALWAYS] for what is counted by credential
public record StoredBudget(
    String entry, String rule, String name, long day, long rows, long bytes) {
  /// Stands for no day.
  public static final long ALWAYS = Long.MIN_VALUE;
}
