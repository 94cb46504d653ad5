package dev.nestor.evidence.archive;

import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// One archive, opened for reading. Nothing is ever written to it or beside it.
public interface EvidenceArchive extends AutoCloseable {
  /// What head and summary say.
  ArchiveCard card();

  /// Its sessions by number, refused logins too. Empty if nothing can be read.
  List<SessionCard> sessions();

  /// The rows of a session.
  ///
  /// @param number of the session
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if the archive has no such session
  SessionReplay replay(long number) throws IOException;

  /// Events of no session, in their order: what was issued, revoked, asked of the gateway or found.
  /// Takes as long as reading the file.
  ///
  /// @throws IOException if the file cannot be read
  List<ReplayRow.Event> eventsOfNoSession() throws IOException;

  /// Session that a frame belongs to; absent if it belongs to none or is not there. May read.
  ///
  /// @throws IOException if the file cannot be read
  OptionalLong sessionOfFrame(long frame) throws IOException;

  /// Every statement, in the order in which they were decided, as flat values. Reads the whole
  /// archive; nothing is kept.
  ///
  /// @param each says whether to go on
  /// @throws IOException if the file cannot be read
  void statements(Predicate<StatementFact> each) throws IOException;

  /// Credentials, findings and clients. Reads every event.
  ///
  /// @throws IOException if the file cannot be read
  Trail trail() throws IOException;

  /// The policy file of that time, as it was recorded.
  ///
  /// @param sha256 of its bytes, 64 hexadecimal digits, as [DecisionDetail#policySha256] has them
  /// @return empty if the archive does not have it, or what it has does not hash to that
  /// @throws IOException if the file cannot be read
  Optional<String> policyText(String sha256) throws IOException;

  /// Checks every byte. Takes as long as reading the file.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws java.util.concurrent.CancellationException if the listener said stop
  IntegrityReport verify(TrustedSigners trusted, VerificationProgress progress) throws IOException;

  @Override
  void close() throws IOException;
}
