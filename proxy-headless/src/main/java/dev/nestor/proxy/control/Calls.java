package dev.nestor.proxy.control;

import dev.nestor.proxy.credential.HeldCredential;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Some calls of the control API.
interface Calls {
  /// Answers a call if it is one of these. Runs on a virtual thread and may block.
  ///
  /// @param caller whose token was verified
  /// @return empty if it is not one of these
  Optional<CompletableFuture<Answer>> answer(Request request, HeldCredential caller);

  /// An answer that is there already.
  static Optional<CompletableFuture<Answer>> now(Answer answer) {
    return Optional.of(CompletableFuture.completedFuture(answer));
  }
}
