package dev.nestor.proxy.session;

import dev.nestor.proxy.decision.Ruling.Refusal;
import java.nio.ByteBuffer;

/// A statement that is stopped after rows have flowed, because a budget is used up. The rest of its
/// rows is withheld and the server is asked to cancel it; what the client sees next is an error.
///
/// The server may have finished before the request reached it. Then its transaction is made to fail
/// where that can still be done, and the error says so where it cannot.
final class Cut {
  /// What is waited for.
  enum Stage {
    /// The server's last word on the statement.
    RUNNING,
    /// It had finished: everything up to ReadyForQuery is withheld, the error goes out with it.
    TO_READY,
    /// Its transaction is open: our statement that fails has been sent, its ReadyForQuery is the
    /// client's.
    FAILING,
    /// The error is out, ours on its way to the server: everything up to ReadyForQuery is withheld.
    REPORTED
  }

  private final Execution execution;
  private final Refusal refusal;
  private final String nonce;
  private Stage stage = Stage.RUNNING;
  private boolean behindFailed;

  Cut(Execution execution, Refusal refusal, String nonce) {
    this.execution = execution;
    this.refusal = refusal;
    this.nonce = nonce;
  }

  Execution execution() {
    return execution;
  }

  Stage stage() {
    return stage;
  }

  void become(Stage next) {
    stage = next;
  }

  String nonce() {
    return nonce;
  }

  /// A statement that fails in the server's parser.
  String quoted() {
    return '"' + nonce + '"';
  }

  /// Something behind it in its transaction has failed: nothing of it is committed.
  void behindFailed() {
    behindFailed = true;
  }

  /// The error for a statement that did not finish, or whose transaction has failed.
  byte[] error() {
    return Wire.error("ERROR", "42501", refusal.message(), refusal.hint());
  }

  /// The error for a statement that finished before it could be stopped, and a ReadyForQuery.
  byte[] errorThenReady(ByteBuffer ready) {
    byte status = ready.get(Wire.bodyStart(ready));
    String outcome =
        behindFailed || status == 'E'
            ? ""
            : status == 'T'
                ? "; it had finished before it could be stopped, and its transaction goes on"
                : "; it had finished before it could be stopped, and its effects are committed";
    byte[] error = Wire.error("ERROR", "42501", refusal.message() + outcome, refusal.hint());
    ByteBuffer both = ByteBuffer.allocate(error.length + ready.remaining());
    return both.put(error).put(ready.duplicate()).array();
  }
}
