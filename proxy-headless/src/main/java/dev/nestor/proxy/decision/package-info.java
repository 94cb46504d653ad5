/// From the text of a statement to what happens to it: facts by PostgreSQL's grammar, resolved
/// against the catalog, decided by the policy, kept as a [Ruling]. Start at [StatementDecider]. An
/// exception on the way is a block. No sockets.
@NullMarked
package dev.nestor.proxy.decision;

import org.jspecify.annotations.NullMarked;
