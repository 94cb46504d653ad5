package dev.nestor.proxy.masking;

import dev.nestor.policy.ColumnMask;
import java.util.Optional;

/// That a column of a result is masked, as the record keeps it.
///
/// @param number position in the result, from 1
/// @param mask of the column that it shows; empty for an output that became NULL because the
///   statement computes something from a masked column
/// @param attribute number of that column in the relation that the server names, 0 for none
/// @param type object id of the output's type
/// @param binary its format
/// @param ofView whether the server names a view in front of the column
public record MaskedOutput(
    int number,
    Optional<ColumnMask> mask,
    int attribute,
    int type,
    boolean binary,
    boolean ofView) {}
