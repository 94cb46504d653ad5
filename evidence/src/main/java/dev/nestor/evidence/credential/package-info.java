/// Credentials over all archives that are looked at: how each was used, and which of them are
/// stale. Start at [CredentialLedger], then [HygieneRules].
///
/// No finding claims that something was not used where the recording has a hole: it says *not
/// observed*.
///
/// **Threads.** A ledger under construction belongs to one thread; everything else is a value.
///
/// **Hostile input.** Names and reasons come from archives and are shown as they are; lists are
/// bounded.
@NullMarked
package dev.nestor.evidence.credential;

import org.jspecify.annotations.NullMarked;
