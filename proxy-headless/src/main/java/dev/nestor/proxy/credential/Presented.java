package dev.nestor.proxy.credential;

import dev.nestor.proxy.identity.RefusalReason;

/// What a token turns out to be that is well made and of an issuer that we trust.
public sealed interface Presented {
  /// It is good now.
  record Live(HeldCredential credential) implements Presented {}

  /// We know whose it is, and it is over.
  ///
  /// @param reason why it is refused
  record Over(HeldCredential credential, RefusalReason reason) implements Presented {}
}
