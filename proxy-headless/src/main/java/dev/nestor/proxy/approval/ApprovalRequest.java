package dev.nestor.proxy.approval;

import dev.nestor.policy.Decision.Approval;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.recorder.bytes.Bytes;
import java.time.Instant;
import java.util.List;

/// What people are asked.
///
/// @param id `a-` and 16 hex digits, by chance
/// @param digest SHA-256 of everything that is approved
/// @param requester who wants to run it
/// @param session number of its session
/// @param statement number in the session
/// @param sql for people: secrets replaced
/// @param parameters bound values, for people: cut where they are long
/// @param reason of the rule; may be empty
public record ApprovalRequest(
    String id,
    Bytes digest,
    HeldCredential requester,
    long session,
    long statement,
    String database,
    String application,
    String sql,
    List<String> parameters,
    String rule,
    String reason,
    Approval approval,
    boolean inTransaction,
    Instant askedAt,
    Instant until) {
  /// Copies the list.
  public ApprovalRequest {
    parameters = List.copyOf(parameters);
  }
}
