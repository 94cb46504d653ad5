package dev.nestor.review.app;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.DecisionDetail;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.evidence.export.Provenance;
import dev.nestor.evidence.export.ResultText;
import dev.nestor.review.library.LibraryEntry;
import dev.nestor.review.replay.ReplayView;
import dev.nestor.review.replay.ReplayViewModel;
import dev.nestor.review.ui.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the panes of Replay can do that needs the archive, a dialog or the clipboard: the rule as
/// it was, copies with provenance, a cell or a row whole.
final class ReplayActions {
  private final Workbench workbench;
  private final Dialogs dialogs;
  private final Supplier<@Nullable ReplayView> view;
  private final Consumer<String> clipboard;

  /// @param view the one that is shown, if any
  ReplayActions(
      Workbench workbench,
      Dialogs dialogs,
      Supplier<@Nullable ReplayView> view,
      Consumer<String> clipboard) {
    this.workbench = workbench;
    this.dialogs = dialogs;
    this.view = view;
    this.clipboard = clipboard;
  }

  /// For the panes' buttons.
  ReplayView.Actions forPanes() {
    return new ReplayView.Actions(this::showRule, this::copyAs, this::showCell, this::showRow);
  }

  private Optional<StatementDetail> statement() {
    return workbench
        .replay()
        .map(replay -> replay.shownProperty().get())
        .flatMap(shown ->
            shown instanceof ReplayViewModel.Shown.OfStatement(StatementDetail detail, _)
                ? Optional.of(detail)
                : Optional.empty());
  }

  /// The rule of the statement that is shown.
  void showRule() {
    statement()
        .map(StatementDetail::decision)
        .filter(decision -> !decision.policySha256().isEmpty())
        .ifPresentOrElse(
            this::showRule, () -> workbench.say("No policy is recorded for this row."));
  }

  private void showRule(DecisionDetail decision) {
    Optional<EvidenceArchive> archive = workbench.entry().flatMap(LibraryEntry::archive);
    if (archive.isEmpty()) {
      return;
    }
    workbench.read(
        () -> archive.get().policyText(decision.policySha256()),
        text -> {
          if (text.isEmpty()) {
            workbench.say(
                "The archive does not have the policy %s; its SHA-256 is %s."
                    .formatted(decision.policy(), Words.middle(decision.policySha256(), 24)));
            return;
          }
          int line =
              decision.rules().stream()
                  .mapToInt(DecisionDetail.FiredRule::line)
                  .filter(each -> each > 0)
                  .findFirst()
                  .orElse(0);
          if (line == 0 && decision.rules().isEmpty()) {
            line = lineOf(text.get(), "default:");
          }
          dialogs.policy(
              decision.policy()
                  + ", as recorded · SHA-256 "
                  + Words.middle(decision.policySha256(), 20),
              text.get().lines().toList(),
              line);
        });
  }

  /// Line of the policy's `default`, which decides where no rule does.
  private static int lineOf(String text, String start) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(start)) {
        return i + 1;
      }
    }
    return 0;
  }

  /// A choice of forms for the result that is shown; the query where there is none.
  void copyAs() {
    ReplayView shown = view.get();
    Optional<StatementDetail> detail = statement();
    if (shown == null || detail.isEmpty()) {
      return;
    }
    List<Dialogs.Choice> choices = new ArrayList<>();
    Provenance source = provenance(detail.get());
    shown
        .table()
        .ifPresent(table -> {
          for (ResultText.Format format : ResultText.Format.values()) {
            choices.add(
                new Dialogs.Choice(
                    format.word(),
                    format.about(),
                    () -> preview(format, table, source),
                    () ->
                        copied(
                            ResultText.of(format, table, table.rows(), source),
                            Words.counted(table.rows().size(), "row") + " as " + format.word())));
          }
        });
    choices.add(
        new Dialogs.Choice(
            "Query",
            "as the client sent it",
            () -> detail.get().sql(),
            () -> copied(detail.get().sql(), "the query")));
    choices.add(
        new Dialogs.Choice(
            "Citation",
            "leads back to this frame",
            source::citation,
            () -> copied(source.citation(), source.citation())));
    dialogs.choose("Copy as", choices);
  }

  private static String preview(
      ResultText.Format format, ResultView.Table table, Provenance source) {
    int rows = Math.min(8, table.rows().size());
    String text = ResultText.of(format, table, table.rows().subList(0, rows), source);
    return rows < table.rows().size()
        ? text + "… " + Words.counted(table.rows().size() - rows, "more row")
        : text;
  }

  private void copied(String text, String what) {
    clipboard.accept(text);
    workbench.say("Copied " + what + ".");
  }

  /// Copies the citation of the row at the playhead.
  void copyCitation() {
    workbench
        .replay()
        .flatMap(replay -> replay.currentProperty().get().map(row -> citation(replay, row.frame())))
        .ifPresent(citation -> {
          clipboard.accept(citation);
          workbench.say("Copied " + citation);
        });
  }

  private String citation(ReplayViewModel replay, long frame) {
    return "pgrec:%s/s/%d/f/%d".formatted(archiveId(), replay.session().number(), frame);
  }

  private String archiveId() {
    return workbench
        .entry()
        .flatMap(LibraryEntry::card)
        .map(ArchiveCard::id)
        .map(each -> each.replace("-", ""))
        .orElse("");
  }

  private Provenance provenance(StatementDetail detail) {
    ReplayRow.Statement row = detail.row();
    Optional<ReplayViewModel> replay = workbench.replay();
    String integrity =
        workbench
            .entry()
            .flatMap(LibraryEntry::integrity)
            .map(state -> state.word())
            .orElse("not checked");
    boolean proved =
        replay.filter(each -> row.frame() <= each.provedFramesProperty().get()).isPresent();
    return new Provenance(
        workbench.entry().map(LibraryEntry::name).orElse(""),
        archiveId(),
        replay.map(each -> citation(each, row.frame())).orElse(""),
        row.session(),
        row.statement(),
        row.frame(),
        row.at(),
        detail.session().subject().map(Party::name).orElse(""),
        detail.decision().policy(),
        integrity + (proved ? ", this frame is proved" : ", this frame is not proved"));
  }

  private void showCell(String title, String text) {
    dialogs.text(title, text);
  }

  private void showRow() {
    ReplayView shown = view.get();
    if (shown == null || shown.table().isEmpty() || shown.row().isEmpty()) {
      return;
    }
    ResultView.Table table = shown.table().get();
    List<ResultCell> row = shown.row().get();
    List<Dialogs.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < Math.min(row.size(), table.columns().size()); i++) {
      ResultView.Column column = table.columns().get(i);
      pairs.add(
          new Dialogs.Pair(
              column.name(),
              row.get(i).display().replace('\n', '⏎'),
              column.maskRule().isEmpty() ? column.type() : "masked by " + column.maskRule()));
    }
    dialogs.pairs("One row", pairs);
  }
}
