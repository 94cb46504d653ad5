package dev.nestor.evidence.finding;

import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import java.nio.file.Path;
import java.util.List;

/// Looks at every statement once, in order, and says at the end what it found. Belongs to one
/// thread; keeps only what it needs.
public interface FindingRule {
  /// A statement of an archive.
  ///
  /// @param archiveId identity of the archive
  /// @param session that it belongs to
  void see(Path archive, String archiveId, SessionCard session, StatementFact statement);

  /// What was found.
  List<Finding> findings();
}
