/// The place Credentials: which of them are stale, why, and what that rests on. Start at
/// [CredentialsViewModel] and [CredentialsView].
///
/// **Threads.** Everything on the JavaFX application thread.
@NullMarked
package dev.nestor.review.credential;

import org.jspecify.annotations.NullMarked;
