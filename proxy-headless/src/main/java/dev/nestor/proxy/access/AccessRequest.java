package dev.nestor.proxy.access;

import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.store.StoredAccess.StoredVote;
import dev.nestor.recorder.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A request for more scope, as it stands.
///
/// @param id `r-` and 16 hex digits, by chance
/// @param window how long the scope is wanted, from the moment that people agree
/// @param until how long people may think
/// @param decidedAt when it was granted or refused; empty while it waits
/// @param votes that count, in their order
public record AccessRequest(
    String id,
    HeldCredential requester,
    String database,
    String scope,
    Duration window,
    String reason,
    Instant askedAt,
    Instant until,
    State state,
    Optional<Instant> decidedAt,
    List<StoredVote> votes) {
  /// Copies the list.
  public AccessRequest {
    votes = List.copyOf(votes);
  }

  /// What became of it.
  public enum State {
    /// People think.
    WAITING,
    /// They agreed; the credential was not taken yet.
    GRANTED,
    /// Somebody refused it.
    REFUSED,
    /// The requester has its credential.
    TAKEN;

    /// As JSON and the store write it.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// How many people have agreed.
  public int approvals() {
    return (int) votes.stream().filter(StoredVote::approve).count();
  }

  /// When what was granted ends; empty before.
  public Optional<Instant> ends() {
    return decidedAt.filter(_ -> state != State.REFUSED).map(at -> at.plus(window));
  }

  /// Whether nothing can come of it any more.
  public boolean isOver(Instant now) {
    return switch (state) {
      case WAITING -> !now.isBefore(until);
      case GRANTED -> ends().filter(now::isBefore).isEmpty();
      case REFUSED, TAKEN -> true;
    };
  }

  /// SHA-256 of what people agree to.
  public Bytes digest() {
    String text =
        String.join(
            "\n",
            id,
            requester.digest(),
            database,
            scope,
            Long.toString(window.toSeconds()),
            reason);
    try {
      return Bytes.of(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
