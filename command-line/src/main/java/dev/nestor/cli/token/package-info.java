/// `nestor token`: tokens of a trial issuer, and tokens of children that a gateway issues. Start at
/// [TokenCommand].
@NullMarked
package dev.nestor.cli.token;

import org.jspecify.annotations.NullMarked;
