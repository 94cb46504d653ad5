/// `nestor sessions`: lists and ends the sessions of a running gateway. Start at [SessionsCommand].
/// Blocks on HTTPS.
@NullMarked
package dev.nestor.cli.sessions;

import org.jspecify.annotations.NullMarked;
