package dev.nestor.review.replay;

import dev.nestor.evidence.archive.DecisionDetail;
import dev.nestor.evidence.archive.DecisionDetail.FiredRule;
import dev.nestor.evidence.archive.DecisionDetail.MaskedOutput;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The decision card in words: always what, why, effect and reference.
///
/// @param what beside the chip
/// @param rule named after it; empty if none decided
/// @param why the inputs that mattered
/// @param effect what the client received and the server did
/// @param reference policy, line, rules evaluated, time
record DecisionText(String what, String rule, String why, String effect, String reference) {
  static DecisionText of(StatementDetail detail) {
    DecisionDetail decision = detail.decision();
    String rule = decision.rules().isEmpty() ? "" : decision.rules().getFirst().id();
    return new DecisionText(
        what(decision, !rule.isEmpty()), rule, why(detail), effect(detail), reference(decision));
  }

  private static String what(DecisionDetail decision, boolean byRule) {
    String by = byRule ? " by rule" : "";
    return switch (decision.kind()) {
      case ALLOW -> byRule ? "May run, by rule" : "May run";
      case MASK -> Words.counted(decision.masks().size(), "column") + " masked" + by;
      case HOLD -> "Held" + by;
      case BLOCK -> decision.how().isEmpty() ? "Did not run" + by : sentence(decision.how()) + by;
      case KILL -> "Did not run, session ended" + by;
    };
  }

  private static String sentence(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String why(StatementDetail detail) {
    DecisionDetail decision = detail.decision();
    List<String> parts = new ArrayList<>();
    if (!decision.factsStatus().isEmpty() && !decision.factsStatus().equals("ok")) {
      parts.add("Facts are not known: " + decision.factsStatus());
    }
    String reason = decision.rules().stream().findFirst().map(FiredRule::reason).orElse("").strip();
    if (!reason.isEmpty()) {
      parts.add(sentence(reason.endsWith(".") ? drop(reason) : reason));
    } else {
      facts(decision).ifPresent(parts::add);
    }
    detail
        .session()
        .current()
        .map(Party::kind)
        .filter(kind -> kind != Party.Kind.UNKNOWN)
        .ifPresent(kind -> parts.add("Caller is " + article(kind)));
    decision.inputs().entrySet().stream()
        .filter(input -> !input.getKey().equals("fact") || reason.isEmpty())
        .sorted(Map.Entry.comparingByKey())
        .forEach(input -> parts.add(input.getKey() + " = " + input.getValue()));
    return parts.isEmpty() ? "Not recorded." : String.join(". ", parts) + ".";
  }

  /// What it does, as the facts say.
  private static Optional<String> facts(DecisionDetail decision) {
    List<String> did = new ArrayList<>();
    if (!decision.reads().isEmpty()) {
      did.add("reads " + String.join(", ", decision.reads()));
    }
    if (!decision.writes().isEmpty()) {
      did.add("writes " + String.join(", ", decision.writes()));
    }
    if (did.isEmpty() && !decision.verb().isEmpty()) {
      did.add("runs " + decision.verb());
    }
    String labels =
        decision.labels().isEmpty() ? "" : ", labelled " + String.join(", ", decision.labels());
    return did.isEmpty()
        ? Optional.empty()
        : Optional.of(sentence(String.join(" and ", did)) + labels);
  }

  private static String drop(String sentence) {
    return sentence.substring(0, sentence.length() - 1);
  }

  private static String article(Party.Kind kind) {
    return (kind == Party.Kind.AGENT ? "an " : "a ") + kind.word();
  }

  private static String effect(StatementDetail detail) {
    ReplayRow.Statement row = detail.row();
    DecisionKind kind = detail.decision().kind();
    List<String> parts = new ArrayList<>();
    Optional<StatementDetail.ServerText> error = detail.error();
    if (kind == DecisionKind.BLOCK || kind == DecisionKind.KILL) {
      parts.add(
          error
              .map(text -> "Client got " + text.sqlState() + ": " + withoutStop(text.message()))
              .orElse("Client got no answer"));
      if (detail.decision().forwarded().equals("as is")) {
        parts.add("The server had already received it");
      } else {
        parts.add("The server never received it");
      }
      if (kind == DecisionKind.KILL && row.transaction() != ReplayRow.TransactionStatus.IDLE) {
        parts.add("An open transaction was left to the server to roll back");
      }
      return String.join(". ", parts) + ".";
    }
    if (row.heldMicros() > 0) {
      parts.add("Waited " + TimeText.length(Duration.ofNanos(row.heldMicros() * 1_000)));
    }
    if (kind == DecisionKind.HOLD) {
      String outcome = detail.decision().how().replaceFirst("^held,? ?", "");
      if (detail.decision().votes().isEmpty() && !outcome.isEmpty()) {
        parts.add(outcome);
      }
      parts.addAll(detail.decision().votes());
    }
    if (error.isPresent()) {
      parts.add("Client got " + error.get().sqlState() + ": " + withoutStop(error.get().message()));
    } else if (kind == DecisionKind.MASK) {
      parts.add(masks(detail));
    } else {
      parts.add(row.outcome().words());
    }
    row.rows().ifPresent(rows -> parts.add(Words.counted(rows, "row")));
    row.durationMicros()
        .ifPresent(micros -> parts.add(TimeText.length(Duration.ofNanos(micros * 1_000))));
    return sentence(String.join(", ", parts)) + ".";
  }

  /// A policy's own reason may end in a full stop; the sentence around it adds one.
  private static String withoutStop(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static String masks(StatementDetail detail) {
    List<MaskedOutput> masks = detail.decision().masks();
    String columns =
        masks.stream()
            .map(mask -> last(mask.column()) + " (" + mask.method() + ")")
            .collect(Collectors.joining(", "));
    long nulls = 0;
    if (detail.result() instanceof ResultView.Table table) {
      for (MaskedOutput mask : masks) {
        nulls +=
            table.rows().stream()
                .filter(row -> mask.output() <= row.size())
                .filter(row -> row.get(mask.output() - 1) instanceof ResultCell.Null)
                .count();
      }
    }
    return "Client got "
        + columns
        + " masked"
        + (nulls > 0 ? ", " + Words.counted(nulls, "NULL") + " left as NULL" : "");
  }

  private static String last(String qualified) {
    return qualified.substring(qualified.lastIndexOf('.') + 1);
  }

  private static String reference(DecisionDetail decision) {
    List<String> parts = new ArrayList<>();
    String line =
        decision.rules().stream()
            .filter(rule -> rule.line() > 0)
            .findFirst()
            .map(rule -> ", line " + rule.line())
            .orElse("");
    parts.add(decision.policy().isEmpty() ? "no policy recorded" : decision.policy() + line);
    if (decision.rulesEvaluated() > 0) {
      parts.add(Words.counted(decision.rulesEvaluated(), "rule") + " evaluated");
    }
    if (decision.decideMicros() > 0) {
      parts.add("under " + TimeText.length(Duration.ofNanos(decision.decideMicros() * 1_000)));
    }
    if (!decision.dryRun().isEmpty()) {
      parts.add("dry run: would be " + decision.dryRun());
    }
    if (decision.rules().size() > 1) {
      parts.add(
          "also "
              + decision.rules().stream()
                  .skip(1)
                  .map(FiredRule::id)
                  .collect(Collectors.joining(", ")));
    }
    return String.join(" · ", parts);
  }
}
