package dev.nestor.evidence.archive;

import dev.nestor.evidence.integrity.VerificationProgress;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The rows of one session in order, addressed by position. Costs a few bytes a row; a row itself
/// is decoded when it is asked for.
public interface SessionReplay {
  /// The session.
  SessionCard session();

  /// How many rows, statements and events; rises while [#read] runs.
  long size();

  /// Whether every row is there. Until then rows come at the end, and what looks for one finds only
  /// those that are there.
  default boolean isWhole() {
    return true;
  }

  /// Reads the rows that are not there yet; other threads may use those that are. Stopped, it goes
  /// on from there when it is called again.
  ///
  /// @param progress in parts of the archive, not bytes
  /// @return whether all rows are there
  /// @throws IOException if the archive cannot be read
  default boolean read(VerificationProgress progress) throws IOException {
    return true;
  }

  /// The row at a position from 0.
  ///
  /// @throws IOException if the archive cannot be read; damage is a row that says so
  ReplayRow row(long position) throws IOException;

  /// Position of the row that a frame belongs to: the last that begins with it or before it.
  OptionalLong positionOfFrame(long frame);

  /// Position of the last row that begins at this microsecond of the archive clock or before it.
  OptionalLong positionOfTime(long epochMicros);

  /// Position of the next row, or the one before, whose decision is one of these.
  ///
  /// @param from position to leave; it never is the answer
  OptionalLong next(long from, Set<DecisionKind> kinds, boolean forward);

  /// Position of the next statement, or the one before, that ended with an error.
  OptionalLong nextError(long from, boolean forward);

  /// Position of the first statement of the next transaction, or of the one before. A statement on
  /// its own is a transaction.
  OptionalLong nextTransaction(long from, boolean forward);

  /// Position of the statement with this number in the session.
  OptionalLong positionOfStatement(long statement);

  /// How many statements; before all rows are there, how many the archive says there are.
  long statements();

  /// What to draw above the rows that are there.
  Activity activity();

  /// The statement of a position, with everything that belongs to it.
  ///
  /// @return empty where the row is an event
  /// @throws IOException if the archive cannot be read
  Optional<StatementDetail> detail(long position) throws IOException;

  /// Frames of the row at a position.
  ///
  /// @throws IOException if the archive cannot be read
  FrameRows frames(long position) throws IOException;

  /// What the session had after a frame. Reads the session up to there.
  ///
  /// @throws IOException if the archive cannot be read
  SessionState stateAt(long frame) throws IOException;

  /// The beginning of a session: only rows that begin with a frame or before it.
  static SessionReplay upToFrame(SessionReplay replay, long frame) {
    return new ReplayPart(replay, frame);
  }
}
