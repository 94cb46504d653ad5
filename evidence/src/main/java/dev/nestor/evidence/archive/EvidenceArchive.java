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

  /// A name for what is in it and where it lies, for what is worked out once and kept. Another one
  /// after any change of its files.
  ///
  /// @return empty if it has none: it grows, or nothing is worth keeping of it
  default Optional<String> identity() {
    return Optional.empty();
  }

  /// Its sessions by number, refused logins too. Empty if nothing can be read.
  List<SessionCard> sessions();

  /// The rows of a session.
  ///
  /// @param number of the session
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if the archive has no such session
  SessionReplay replay(long number) throws IOException;

  /// The same without waiting for the rows of a large archive, which come by [SessionReplay#read].
  ///
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if the archive has no such session
  default SessionReplay replayAtOnce(long number) throws IOException {
    return replay(number);
  }

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

  /// The statements that a filter does not refuse, likewise.
  ///
  /// @return how many there are, refused ones too
  /// @throws IOException if the file cannot be read
  /// @throws java.util.concurrent.CancellationException if the filter said stop
  default long statements(FactFilter filter, Predicate<StatementFact> each) throws IOException {
    long[] seen = {0};
    statements(fact -> {
      if ((seen[0]++ & 0xff) == 0 && !filter.goOn()) {
        throw new java.util.concurrent.CancellationException();
      }
      return !filter.session(fact.session()) || !filter.shape(fact) || each.test(fact);
    });
    return seen[0];
  }

  /// One statement, as [#statements] has it.
  ///
  /// @param frame that it begins with
  /// @param number of the statement in its session
  /// @return empty if it is not there, or cannot be read
  /// @throws IOException if the file cannot be read
  default Optional<StatementFact> statement(long frame, long number) throws IOException {
    List<StatementFact> found = new java.util.ArrayList<>();
    statements(fact -> {
      if (fact.frame() == frame && fact.statement() == number) {
        found.add(fact);
      }
      return found.isEmpty();
    });
    return found.stream().findFirst();
  }

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

  /// Whether rows and statements can be had without reading the whole archive. True for an archive
  /// that is small enough to need no index.
  default boolean isIndexed() {
    return true;
  }

  /// Makes the index of a large archive, in the cache folder with which it was opened; without one
  /// it does nothing. Takes as long as reading the file; what was made before it was stopped stays,
  /// and the next call goes on there.
  ///
  /// @param progress is told how many of how many parts are there
  /// @return whether it is complete
  /// @throws IOException if the archive cannot be read
  default boolean index(VerificationProgress progress) throws IOException {
    return isIndexed();
  }

  /// Checks the stored bytes against the signature, which takes no key and little longer than
  /// hashing the file. It looks into no chunk, and does not hash the file as a whole.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws java.util.concurrent.CancellationException if the listener said stop
  default IntegrityReport verifyStored(TrustedSigners trusted, VerificationProgress progress)
      throws IOException {
    return verify(trusted, progress);
  }

  @Override
  void close() throws IOException;
}
