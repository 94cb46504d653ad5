package dev.nestor.postgres.catalog;

/// A column of a relation.
///
/// @param number `pg_attribute.attnum`, from 1; children of one table may number their columns
///   differently
/// @param type object id of its type, unsigned
public record Column(int number, String name, int type) {}
