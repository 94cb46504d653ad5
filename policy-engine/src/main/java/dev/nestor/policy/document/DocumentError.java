package dev.nestor.policy.document;

/// One thing that is wrong in a document.
///
/// @param line from 1; 0 if the whole document is meant
/// @param column from 1; 0 if the whole document is meant
/// @param message what was found, what was expected, and the fix
public record DocumentError(int line, int column, String message) {}
