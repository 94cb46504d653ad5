package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.RelationName;
import java.util.Optional;

/// That a statement reads or writes a relation.
///
/// @param writes whether it writes; a relation that is read and written has two uses
/// @param verb for what: SELECT where it is only read, else what is done to it
/// @param via the view or inheritance parent that brought it in; empty where the text names it
public record RelationUse(
    RelationName relation, boolean writes, Verb verb, Optional<RelationName> via) {}
