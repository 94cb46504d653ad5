package dev.nestor.evidence.archive;

import dev.nestor.evidence.index.StatementBlock;
import dev.nestor.recorder.event.RecordedEvent;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Events as sentences. What only keeps the archive readable (states, heartbeats, clocks, heads
/// that are repeated) is none.
final class EventText {
  private final Parties parties;

  EventText(Parties parties) {
    this.parties = parties;
  }

  Optional<ReplayRow.Event> row(long frame, long micros, RecordedEvent event) {
    return text(event)
        .map(text -> new ReplayRow.Event(frame, Instants.of(micros), kind(event), text));
  }

  /// Which events of a session the index of statements keeps, as bits of [StatementBlock].
  static int indexed(RecordedEvent event) {
    int bits = isShown(event) ? StatementBlock.EVENT_SHOWN : 0;
    return switch (event) {
      case RecordedEvent.Gap _ -> bits | StatementBlock.EVENT_GAP;
      case RecordedEvent.ApprovalVote _, RecordedEvent.ApprovalEnd _ ->
          bits | StatementBlock.EVENT_APPROVAL;
      case RecordedEvent.Credential _,
          RecordedEvent.CredentialChange _,
          RecordedEvent.Finding _,
          RecordedEvent.Entitlements _,
          RecordedEvent.Client _ ->
          bits | StatementBlock.EVENT_TRAIL;
      default -> bits;
    };
  }

  /// Whether an event has a sentence, and so a row.
  private static boolean isShown(RecordedEvent event) {
    return switch (event) {
      case RecordedEvent.Session session -> !session.again();
      case RecordedEvent.Credential _,
          RecordedEvent.State _,
          RecordedEvent.RecorderEvent _,
          RecordedEvent.Heartbeat _,
          RecordedEvent.Clock _,
          RecordedEvent.PolicyLoad _,
          RecordedEvent.Entitlements _,
          RecordedEvent.Catalog _,
          RecordedEvent.Injected _,
          RecordedEvent.Principal _,
          RecordedEvent.Client _ ->
          false;
      default -> true;
    };
  }

  private static ReplayRow.EventKind kind(RecordedEvent event) {
    return switch (event) {
      case RecordedEvent.Session _, RecordedEvent.SessionEnd _ -> ReplayRow.EventKind.SESSION;
      case RecordedEvent.Credential _, RecordedEvent.CredentialChange _ ->
          ReplayRow.EventKind.CREDENTIAL;
      case RecordedEvent.ApprovalAsk _,
          RecordedEvent.ApprovalVote _,
          RecordedEvent.ApprovalEnd _,
          RecordedEvent.Comment _ ->
          ReplayRow.EventKind.APPROVAL;
      case RecordedEvent.Kill _ -> ReplayRow.EventKind.KILL;
      case RecordedEvent.Cancel _ -> ReplayRow.EventKind.CANCEL;
      case RecordedEvent.Gap _ -> ReplayRow.EventKind.GAP;
      case RecordedEvent.Finding _ -> ReplayRow.EventKind.FINDING;
      case RecordedEvent.Budget _ -> ReplayRow.EventKind.BUDGET;
      default -> ReplayRow.EventKind.OTHER;
    };
  }

  private Optional<String> text(RecordedEvent event) {
    return switch (event) {
      case RecordedEvent.Session session -> session(session);
      case RecordedEvent.SessionEnd end -> Optional.of("Session " + ended(end));
      case RecordedEvent.CredentialChange change ->
          Optional.of(
              "Credential %s of %s %s%s%s"
                  .formatted(
                      parties.label(change.no()),
                      parties.holder(change.no()),
                      words(change.step()),
                      change.by() == 0 ? "" : " by " + parties.name(change.by()),
                      change.reasonCode().isEmpty() ? "" : ": " + change.reasonCode()));
      case RecordedEvent.ApprovalAsk ask ->
          Optional.of(
              "Approval asked of %s, %d needed, rule %s"
                  .formatted(ask.group(), ask.needed(), ask.ruleId()));
      case RecordedEvent.ApprovalVote vote ->
          Optional.of(
              "%s by %s".formatted(capital(words(vote.vote())), parties.name(vote.principal())));
      case RecordedEvent.ApprovalEnd end ->
          Optional.of(
              "Approval %s after %s".formatted(words(end.outcome()), length(end.heldMicros())));
      case RecordedEvent.Kill kill ->
          Optional.of(
              "Session killed by %s%s; server: %s; transaction %s"
                  .formatted(
                      words(kill.trigger()),
                      kill.by() == 0 ? "" : " (" + parties.name(kill.by()) + ")",
                      words(kill.server()),
                      words(kill.transaction())));
      case RecordedEvent.Cancel cancel ->
          Optional.of(
              "Cancel asked%s%s"
                  .formatted(
                      cancel.keyValid() ? "" : " with a wrong key",
                      cancel.effect().isEmpty() ? "" : ": " + cancel.effect()));
      case RecordedEvent.Gap gap ->
          Optional.of("Not recorded: %s, %,d frames".formatted(words(gap.cause()), gap.frames()));
      case RecordedEvent.Finding finding ->
          Optional.of(
              "Finding %s: %s%s%s%s"
                  .formatted(
                      finding.severity(),
                      finding.rule(),
                      finding.backendPid() == 0
                          ? ""
                          : ", process %d of role %s by %s"
                              .formatted(
                                  finding.backendPid(),
                                  finding.role(),
                                  finding.applicationName().isEmpty()
                                      ? "an unnamed application"
                                      : finding.applicationName()),
                      finding.besideSession() == 0
                          ? ""
                          : ", by %s, beside session %d of the same credential"
                              .formatted(
                                  finding.applicationName().isEmpty()
                                      ? "an unnamed application"
                                      : finding.applicationName(),
                                  finding.besideSession()),
                      finding.ended() == 0 ? "" : ", ended"));
      case RecordedEvent.Control control ->
          Optional.of(
              "%s by %s%s"
                  .formatted(
                      capital(words(control.verb())),
                      parties.name(control.by()),
                      control.result().isEmpty() ? "" : ": " + control.result()));
      case RecordedEvent.Budget budget ->
          Optional.of(
              "Budget of %s per %s: %,d of %,d, %s"
                  .formatted(
                      budget.measure(),
                      budget.scope(),
                      budget.used(),
                      budget.limit(),
                      budget.action()));
      case RecordedEvent.Comment comment -> Optional.of("Comment: " + comment.text());
      case RecordedEvent.Unknown unknown ->
          Optional.of("Event %d of a newer format".formatted(unknown.kind()));
      case RecordedEvent.Credential _,
          RecordedEvent.State _,
          RecordedEvent.RecorderEvent _,
          RecordedEvent.Heartbeat _,
          RecordedEvent.Clock _,
          RecordedEvent.PolicyLoad _,
          RecordedEvent.Entitlements _,
          RecordedEvent.Catalog _,
          RecordedEvent.Injected _,
          RecordedEvent.Principal _,
          RecordedEvent.Client _ ->
          Optional.empty();
    };
  }

  /// `approved by raj.patel@acme`.
  String vote(RecordedEvent.ApprovalVote vote) {
    String word =
        switch (vote.vote()) {
          case APPROVE -> "approved";
          case REFUSE -> "refused";
          case UNSET -> "voted on";
        };
    return word + " by " + parties.name(vote.principal());
  }

  private static Optional<String> session(RecordedEvent.Session session) {
    if (session.again()) {
      return Optional.empty();
    }
    if (!session.refusalCode().isEmpty()) {
      return Optional.of("Login refused: " + session.refusalCode());
    }
    return Optional.of(
        "Session opened on %s as %s%s"
            .formatted(
                session.database(),
                session.roleOnServer(),
                session.applicationName().isEmpty() ? "" : " by " + session.applicationName()));
  }

  /// How a session ended, in words that follow "session".
  static String ended(RecordedEvent.SessionEnd end) {
    String by =
        switch (end.trigger()) {
          case UNSET -> "ended";
          case CLIENT -> "closed by the client";
          case OPERATOR -> "ended by an operator";
          case POLICY -> "ended by policy";
          case REVOKED -> "ended: credential revoked";
          case EXPIRED -> "ended: credential expired";
          case IDLE -> "ended: idle too long";
          case SERVER -> "ended by the server";
          case SHUTDOWN -> "ended: gateway shut down";
          case ERROR -> "ended by an error";
        };
    return switch (end.transaction()) {
      case UNSET, NONE -> by;
      case COMMITTED -> by + ", transaction committed";
      case ROLLED_BACK -> by + ", transaction rolled back";
      case UNKNOWN -> by + ", transaction unknown";
    };
  }

  static String words(Enum<?> value) {
    return value.name().equals("UNSET")
        ? "unknown"
        : value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String length(long micros) {
    Duration length = Duration.ofNanos(micros * 1_000);
    return length.toMinutes() > 0
        ? "%d min %02d s".formatted(length.toMinutes(), length.toSecondsPart())
        : "%.1f s".formatted(micros / 1e6);
  }
}
