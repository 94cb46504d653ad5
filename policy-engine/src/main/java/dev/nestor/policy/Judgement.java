package dev.nestor.policy;

/// What a policy says of a text, and what is to be done about it.
///
/// @param decision to carry out: allow where the policy is a draft or in dry-run, block where the
///   policy wants something that cannot be carried out
/// @param verdict what the policy says, whatever its state and whatever can be carried out; this is
///   what dry-run records
/// @param state of the policy
public record Judgement(Decision decision, Decision verdict, PolicyState state) {}
