package dev.nestor.recorder.archive;

import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.TransactionStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One execution that was decided, put together from where it began and where it ended.
///
/// @param number in the session
/// @param ordinal in the archive, by when it was decided
/// @param anchorFrame number of the frame with its message; 0 if that frame cannot be read
/// @param message index of the message in that frame
/// @param part position in a Query of several statements
/// @param plan what its executions have in common; `null` if the objects cannot be read
/// @param decision what became of it, if not as planned
/// @param ended false if the archive has no end of it
/// @param endFrame number of the frame where its last answer ends, 0 for none
/// @param tag without its last number, which is `rows`; empty for none
/// @param decideMicrosBelow the decision took less than this
/// @param bytes length of its answers
/// @param continues how many statements of the session back the one is that this continues, 0 for
///   none
/// @param inputs if they differ from the plan's
/// @param masked what was masked in its rows, if it is not what its plan says
/// @param credential if not the session's; else 0
/// @param startedAt microseconds since 1970
/// @param endedAt likewise; 0 if unknown
public record Statement(
    long session,
    long number,
    long ordinal,
    long anchorFrame,
    int message,
    int part,
    ArchiveObject.@Nullable Plan plan,
    DecisionCode decision,
    boolean ended,
    long endFrame,
    int endMessage,
    long rows,
    Outcome outcome,
    String tag,
    String sqlState,
    TransactionStatus transaction,
    long decideMicrosBelow,
    long bytes,
    long continues,
    List<ArchiveObject.Input> inputs,
    ArchiveObject.@Nullable Mask masked,
    long credential,
    long startedAt,
    long endedAt) {
  public Statement {
    inputs = List.copyOf(inputs);
  }

  /// The one of allow, mask, hold, block and kill under which it counts.
  public DecisionCode counted() {
    if (decision != DecisionCode.AS_PLANNED) {
      return decision.counted();
    }
    return policyDecision().map(ArchiveObject.Decision::code).orElse(DecisionCode.ALLOW).counted();
  }

  /// What policy said.
  public Optional<ArchiveObject.Decision> policyDecision() {
    return plan == null ? Optional.empty() : Optional.ofNullable(plan.decision());
  }

  /// What it does, as resolved when it was decided.
  public Optional<ArchiveObject.Facts> facts() {
    return plan == null ? Optional.empty() : Optional.ofNullable(plan.facts());
  }

  /// What was masked in its rows.
  public Optional<ArchiveObject.Mask> mask() {
    if (masked != null) {
      return Optional.of(masked);
    }
    return plan == null ? Optional.empty() : Optional.ofNullable(plan.mask());
  }

  /// Its text without constants; empty if unknown.
  public String template() {
    ArchiveObject.Template template = plan == null ? null : plan.template();
    return template == null ? "" : template.text();
  }

  /// From its message to the end of its last answer; empty if either is unknown.
  public Optional<Long> durationMicros() {
    return startedAt > 0 && endedAt > 0
        ? Optional.of(Math.max(0, endedAt - startedAt))
        : Optional.empty();
  }

  /// The whole command tag as the client got it; empty for none.
  public String commandTag() {
    return tag.endsWith(" ") ? tag + rows : tag;
  }
}
