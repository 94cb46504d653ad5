package dev.nestor.policy;

/// A limit that a rule sets for what a statement returns.
///
/// @param rule that sets it
/// @param limit how much
/// @param reason one sentence for the client, without data
public record Budget(RuleRef rule, Limit limit, String reason) {}
