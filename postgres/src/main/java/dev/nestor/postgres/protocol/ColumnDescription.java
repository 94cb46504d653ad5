package dev.nestor.postgres.protocol;

/// One column of a `RowDescription`.
///
/// @param name of the output column
/// @param table object id of the table it comes from, unsigned; 0 if it has lost its origin
/// @param attribute number of the column in that table; 0 if it has lost its origin or is the whole
///   row, negative for system columns
/// @param type object id of its type, unsigned
/// @param typeSize bytes of the type; negative for variable width
/// @param typeModifier the type's own meaning; -1 for none
/// @param format of the cells; always text in the answer to Describe of a statement
public record ColumnDescription(
    String name,
    int table,
    short attribute,
    int type,
    short typeSize,
    int typeModifier,
    FormatCode format) {}
