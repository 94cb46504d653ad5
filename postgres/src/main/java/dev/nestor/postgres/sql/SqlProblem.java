package dev.nestor.postgres.sql;

/// Why a text could not be understood, and where.
///
/// @param offset in bytes from the start of the whole text
/// @param line from 1
/// @param column in characters, from 1
/// @param message one clause in PostgreSQL's own words where it has some; never text of the
///   statement, so that it may be shown and logged
public record SqlProblem(int offset, int line, int column, String message) {}
