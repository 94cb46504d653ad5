/// Archives for tests, written by the recorder's own writer. Compiled into the tests of `evidence`
/// and of `review-app`.
@NullMarked
package dev.nestor.evidence.testing;

import org.jspecify.annotations.NullMarked;
