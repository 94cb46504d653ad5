/// `nestor token`: tokens of a trial issuer. Start at [TokenCommand].
@NullMarked
package dev.nestor.cli.token;

import org.jspecify.annotations.NullMarked;
