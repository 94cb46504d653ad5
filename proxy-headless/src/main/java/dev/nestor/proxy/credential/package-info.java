/// Credentials as this gateway knows them: those that identity providers issued and callers
/// presented, and those that the gateway itself issued for the children of a caller ([RFC
/// 8693](https://www.rfc-editor.org/rfc/rfc8693) token exchange). Start at [Credentials].
///
/// **What proves parentage** is the gateway's own record of issuance in the store, never a claim of
/// a token. A child's token is a handle: its signature is checked, then everything that it allows
/// is read from the record.
///
/// **What ends.** A credential ends when it expires or is revoked. Whoever revokes it ends what was
/// issued from it as well, unless told otherwise. The end holds in memory at once, so that no
/// log-in slips through, and is durable before the caller hears of it.
///
/// **Threads.** Any; what touches the store or an identity provider blocks, so virtual threads
/// only. [HeldCredential#state] never blocks.
///
/// **Hostile input.** Requests and tokens are strangers' texts: each parameter is checked where it
/// is read, and a refusal names the rule and never repeats a token.
@NullMarked
package dev.nestor.proxy.credential;

import org.jspecify.annotations.NullMarked;
