package dev.nestor.review.integrity;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.integrity.IntegrityFinding;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.review.ui.Words;
import java.util.List;
import java.util.Optional;

/// The words of one state: what is wrong, what it means for the evidence, what can be done; and
/// which ways of opening there are, the safe one first.
///
/// @param title one sentence
/// @param wrong what is wrong
/// @param means what that means
/// @param todo what can be done
/// @param choices ways of opening; empty if there is none
public record IntegrityAdvice(
    String title, String wrong, String means, String todo, List<Choice> choices) {
  public IntegrityAdvice {
    choices = List.copyOf(choices);
  }

  /// A way of opening.
  ///
  /// @param label of the radio button
  /// @param explanation beside it
  /// @param verb of the button that does it
  /// @param framesMax only frames up to this one are shown; [Long#MAX_VALUE] for all
  public record Choice(String label, String explanation, String verb, long framesMax) {}

  /// The advice for an archive.
  ///
  /// @param report of its verification; absent where opening alone already said it
  public static IntegrityAdvice of(ArchiveCard card, Optional<IntegrityReport> report) {
    IntegrityState state = report.map(IntegrityReport::state).orElse(card.state());
    String detail =
        report.map(IntegrityReport::detail).filter(d -> !d.isEmpty()).orElse(card.problem());
    long frames = report.map(IntegrityReport::frames).orElse(card.frames());
    Choice all = new Choice("Open", Words.counted(frames, "frame") + ".", "Open", Long.MAX_VALUE);
    return switch (state) {
      case VERIFIED ->
          new IntegrityAdvice(
              "This archive is verified.",
              "Nothing.",
              "Every frame is under the signature of a signer that you trust.",
              "Use it.",
              List.of(all));
      case DAMAGED -> damaged(card, report, detail);
      case INCOMPLETE -> {
        long unsigned = report.map(IntegrityReport::unsignedFrames).orElse(0L);
        yield new IntegrityAdvice(
            "Recording ended without a close.",
            "The recorder stopped without closing the file. %s whole; the last %s not signed."
                .formatted(are(frames), are(unsigned)),
            "What was signed is proved. The last frames are as the recorder wrote them, but nobody can"
                + " prove that nothing followed them.",
            "Look for the segment that the recorder wrote when it started again.",
            List.of(
                new Choice(
                    "Open",
                    "%s, the last %s marked as not signed."
                        .formatted(Words.counted(frames, "frame"), Words.number(unsigned)),
                    "Open",
                    Long.MAX_VALUE)));
      }
      case UNSIGNED ->
          new IntegrityAdvice(
              "Nobody signed this archive.",
              "It carries no signature.",
              "You can read it; you cannot prove who recorded it, or that it was not changed.",
              "Ask for the original from the recorder.",
              List.of(marked("Open, marked unsigned", frames)));
      case UNKNOWN_SIGNER ->
          new IntegrityAdvice(
              "The signer of this archive is not in your trust list.",
              "Signed by "
                  + report
                      .map(r -> r.signer() + ", key " + Words.middle(r.signerFingerprint(), 48))
                      .orElse("a key that is not in your trust list")
                  + ".",
              "The archive is whole and was not changed since it was signed. By whom, you cannot say yet.",
              "Compare the key with one that you got by another way, then open the archive with"
                  + " --key FILE.",
              List.of(marked("Open, marked", frames)));
      case LOCKED ->
          new IntegrityAdvice(
              "This archive is locked.",
              "None of your keys opens it. " + detail,
              "Integrity can be checked without the key; contents cannot be read.",
              "Ask the owner of the key.",
              List.of());
      case GROWING ->
          new IntegrityAdvice(
              "The recorder is still writing this archive.",
              "It has no end yet; the last segment is not signed.",
              "What is shown ends where the file ended when it was opened.",
              "Open it again later for the rest.",
              List.of(all));
      case REDACTED ->
          new IntegrityAdvice(
              "This is a redacted copy.",
              detail.isEmpty() ? "Parts were taken out of it." : detail,
              "What is left is proved; what was taken out is committed to and can be proved later.",
              "Ask for the original if you need more.",
              List.of(all));
      case NEWER_FORMAT ->
          new IntegrityAdvice(
              "This archive was made by a newer version.",
              "Made by pgrec %s; this program reads up to 1.0.".formatted(card.format()),
              "Nothing is wrong with the archive.",
              "Install a newer version of this program.",
              List.of());
    };
  }

  private static String are(long frames) {
    return Words.counted(frames, "frame") + (frames == 1 ? " is" : " are");
  }

  private static Choice marked(String verb, long frames) {
    return new Choice(
        verb,
        Words.counted(frames, "frame") + ", each with a mark in lists and exports.",
        verb,
        Long.MAX_VALUE);
  }

  private static IntegrityAdvice damaged(
      ArchiveCard card, Optional<IntegrityReport> report, String detail) {
    long frames = report.map(IntegrityReport::frames).orElse(card.frames());
    long proved = report.map(IntegrityReport::provedFrames).orElse(0L);
    String wrong =
        report
            .flatMap(r -> r.findings().stream().findFirst())
            .map(IntegrityAdvice::finding)
            .orElse(detail.isEmpty() ? "It cannot be read as an archive." : detail);
    long more = report.map(r -> r.findings().size() - 1L).orElse(0L);
    if (more > 0) {
      wrong += " %s more.".formatted(Words.counted(more, "problem"));
    }
    if (frames == 0) {
      return new IntegrityAdvice(
          "This archive is damaged. Nothing of it can be read.",
          wrong,
          "It proves nothing.",
          "Get a fresh copy from the recorder.",
          List.of());
    }
    return new IntegrityAdvice(
        proved > 0
            ? "This archive is damaged. Part of it can still be trusted."
            : "This archive is damaged. Nothing of it is proved.",
        wrong,
        proved > 0
            ? "Frames 1 – %s are proved. Those after them may have been changed, or their order cannot be proved."
                .formatted(Words.number(proved))
            : "Every frame may have been changed or corrupted.",
        "Get a fresh copy from the recorder and compare its SHA-256.",
        proved > 0
            ? damagedChoices(frames, proved)
            : List.of(marked("Open everything, marked", frames)));
  }

  private static List<Choice> damagedChoices(long frames, long proved) {
    Choice safe =
        new Choice(
            "Open the verified part only",
            Words.counted(proved, "frame") + ". Safe for reports.",
            "Open verified part",
            proved);
    return frames <= proved
        ? List.of(safe)
        : List.of(
            safe,
            new Choice(
                "Open everything, mark what is unproved",
                "%s. %s carry an 'unverified' mark in lists and exports."
                    .formatted(
                        Words.counted(frames, "frame"), Words.counted(frames - proved, "frame")),
                "Open everything, marked",
                Long.MAX_VALUE));
  }

  /// A finding as one sentence with its place.
  public static String finding(IntegrityFinding finding) {
    String where =
        (finding.segment() > 0 ? "Segment " + finding.segment() + ": " : "") + finding.what();
    String frame =
        finding.frame().isPresent() ? ", frame " + Words.number(finding.frame().getAsLong()) : "";
    return "%s (byte offset 0x%X%s).".formatted(where, finding.offset(), frame);
  }
}
