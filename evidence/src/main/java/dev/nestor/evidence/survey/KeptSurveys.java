package dev.nestor.evidence.survey;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.catalogue.Catalogue;
import dev.nestor.evidence.credential.HygieneRules;
import java.util.List;
import java.util.Optional;

/// Surveys of large archives that were made before. A survey is of certain archives as they were:
/// any other archive, another order, or a change of a file, and there is none.
public final class KeptSurveys {
  /// Fewer frames are read faster than asked for.
  private static final long FRAMES_MIN = 200_000;

  /// Of what is worked out; another number where the same evidence gives another survey.
  private static final String VERSION = "survey 1, " + HygieneRules.VERSION;

  private final Catalogue catalogue;

  /// @param catalogue that keeps them
  public KeptSurveys(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /// The survey of these archives by the standard rules. Reads a little of each.
  ///
  /// @return empty if none was kept, or one of them has changed
  public Optional<Survey> find(List<EvidenceArchive> archives) {
    return key(archives).flatMap(key -> catalogue.kept(key, Survey.class));
  }

  /// Keeps one, if making it again would take its time and it is whole.
  public void keep(List<EvidenceArchive> archives, Survey survey) {
    if (survey.complete()) {
      key(archives).ifPresent(key -> catalogue.keep(key, survey));
    }
  }

  private static Optional<String> key(List<EvidenceArchive> archives) {
    if (archives.stream().mapToLong(each -> each.card().frames()).sum() < FRAMES_MIN) {
      return Optional.empty();
    }
    StringBuilder key = new StringBuilder(VERSION);
    for (EvidenceArchive each : archives) {
      Optional<String> identity = each.identity();
      if (identity.isEmpty()) {
        return Optional.empty();
      }
      key.append('\n').append(identity.get());
    }
    return Optional.of(key.toString());
  }
}
