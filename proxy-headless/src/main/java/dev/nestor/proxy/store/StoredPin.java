package dev.nestor.proxy.store;

/// Where a column that a policy labels was found first.
///
/// @param column as the policy names it
/// @param relation object id on the server
/// @param number of the column in it
public record StoredPin(String column, int relation, int number) {}
