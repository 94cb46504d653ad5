package dev.nestor.proxy.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A request for more scope as the store keeps it.
///
/// @param id its name
/// @param requester digest of the credential that asks
/// @param window how long the scope is wanted, from the moment that people agree
/// @param until how long people may think
/// @param state `waiting`, `granted`, `refused` or `taken`
/// @param decidedAt when it was granted or refused; empty while it waits
/// @param votes in their order
public record StoredAccess(
    String id,
    String requester,
    String database,
    String scope,
    Duration window,
    String reason,
    Instant askedAt,
    Instant until,
    String state,
    Optional<Instant> decidedAt,
    List<StoredVote> votes) {
  /// Copies the list.
  public StoredAccess {
    votes = List.copyOf(votes);
  }

  /// What one person said.
  public record StoredVote(String issuer, String subject, boolean approve, Instant at) {}
}
