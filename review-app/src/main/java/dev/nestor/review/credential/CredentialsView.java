package dev.nestor.review.credential;

import dev.nestor.evidence.archive.CredentialFact;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.credential.Coverage;
import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.survey.Survey;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Life;
import dev.nestor.review.ui.LifeBar;
import dev.nestor.review.ui.ListRows;
import dev.nestor.review.ui.SeverityCell;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Shows [CredentialsViewModel]: findings above; below, why, the statements, and what was looked
/// at.
public final class CredentialsView extends VBox {
  /// What the view asks for.
  ///
  /// @param replay goes to a statement
  /// @param lineage shows where a credential stands, by its key
  /// @param dismiss asks for a reason and puts the finding aside
  /// @param rules asks where the rules draw their lines
  public record Actions(
      Consumer<StatementRef> replay,
      Consumer<String> lineage,
      Consumer<Finding> dismiss,
      Runnable rules) {}

  private final CredentialsViewModel credentials;
  private final ObservableValue<TimeText> times;
  private final Actions actions;
  private final Button findingsTab = tab("Findings");
  private final Button allTab = tab("All credentials");
  private final Label asOf = new Label();
  private final FrameList<CredentialsViewModel.Row> list;
  private final VBox detail = new VBox();
  private final VBox limits = new VBox();
  private final FrameList<StatementRef> statements;
  private List<StatementRef> shown = List.of();

  /// @param times how times are written
  public CredentialsView(
      CredentialsViewModel credentials, ObservableValue<TimeText> times, Actions actions) {
    this.credentials = credentials;
    this.times = times;
    this.actions = actions;
    getStyleClass().add("credentials");
    list =
        new FrameList<>(
            columns(), FrameList.ROW, new ListRows<>(() -> credentials.rows(), this::spoken));
    list.setAccessibleText("Findings");
    list.setPlaceholder("No findings under rules " + HygieneRules.VERSION + ".");
    list.setOpener(this::replayFirst);
    list.selectedProperty()
        .addListener((_, _, at) -> {
          int index = at.intValue();
          if (index >= 0 && index < credentials.rows().size()) {
            credentials.selectedProperty().set(Optional.of(credentials.rows().get(index)));
          }
        });
    statements =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "Frame",
                    70,
                    true,
                    () -> FrameList.text(s -> Words.number(s.frame()), "num", "strong")),
                new FrameList.Column<>(
                    "Time",
                    116,
                    true,
                    () -> FrameList.text(s -> times.getValue().clock(s.at()), "num")),
                new FrameList.Column<>(
                    "Decision", 84, false, () -> FrameList.text(s -> s.decision().word(), "wide")),
                new FrameList.Column<>(
                    "Statement", -1, false, () -> FrameList.text(StatementRef::text, "code"))),
            FrameList.ROW,
            new ListRows<>(() -> shown, Words::ofStatement));
    statements.setAccessibleText("Statements of the finding");
    statements.setPlaceholder("This finding rests on no statement.");
    statements.setOpener(() -> {
      int at = (int) statements.selectedProperty().get();
      if (at >= 0 && at < shown.size()) {
        actions.replay().accept(shown.get(at));
      }
    });
    addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
    findingsTab.setOnAction(_ -> credentials.allProperty().set(false));
    allTab.setOnAction(_ -> credentials.allProperty().set(true));
    asOf.getStyleClass().addAll("muted", "small");
    Button rules = Chips.button(BootstrapIcons.SLIDERS, "Rules…");
    rules.setOnAction(_ -> actions.rules().run());
    HBox bar = new HBox(8, findingsTab, allTab, spacer(), asOf, rules, Chips.key("P"));
    bar.getStyleClass().addAll("bar", "place-bar");
    bar.setMinHeight(40);
    bar.setMaxHeight(40);
    ScrollPane right = new ScrollPane(limits);
    right.setFitToWidth(true);
    right.getStyleClass().add("facts-scroll");
    right.setFocusTraversable(false);
    limits.getStyleClass().add("place-facts");
    VBox rightPane = new VBox(head("Evidence and limits", ""), right);
    VBox.setVgrow(right, Priority.ALWAYS);
    rightPane.setMinWidth(360);
    detail.setMinWidth(480);
    SplitPane below = new SplitPane(detail, rightPane);
    below.setDividerPositions(0.54);
    SplitPane.setResizableWithParent(rightPane, false);
    SplitPane all = new SplitPane(list, below);
    all.setOrientation(javafx.geometry.Orientation.VERTICAL);
    all.setDividerPositions(0.42);
    VBox.setVgrow(all, Priority.ALWAYS);
    all.setMinHeight(0);
    setMinHeight(0);
    getChildren().addAll(bar, all);
    credentials.revisionProperty().addListener((_, _, _) -> refresh());
    credentials.selectedProperty().addListener((_, _, _) -> showDetail());
    times.addListener((_, _, _) -> refresh());
    refresh();
  }

  /// Panes in the order of F6.
  public List<Node> panes() {
    return List.of(list, statements);
  }

  private void pressed(KeyEvent event) {
    if (event.isShortcutDown() || event.isAltDown() || event.isShiftDown()) {
      return;
    }
    if (event.getCode() == KeyCode.L) {
      lineage();
      event.consume();
    } else if (event.getCode() == KeyCode.D) {
      dismiss();
      event.consume();
    } else if (event.getCode() == KeyCode.P) {
      actions.rules().run();
      event.consume();
    }
  }

  private Optional<CredentialsViewModel.Row> row() {
    return credentials.selectedProperty().get();
  }

  private void lineage() {
    row()
        .flatMap(CredentialsViewModel.Row::use)
        .ifPresent(use -> actions.lineage().accept(use.key()));
  }

  private void dismiss() {
    row().flatMap(CredentialsViewModel.Row::finding).ifPresent(actions.dismiss());
  }

  private void replayFirst() {
    if (!shown.isEmpty()) {
      actions.replay().accept(shown.getFirst());
    }
  }

  private static Button tab(String word) {
    Button button = Chips.whole(new Button(word));
    button.getStyleClass().setAll("btn", "segment");
    return button;
  }

  private static Region spacer() {
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    return space;
  }

  private static HBox head(String title, String sub) {
    Label label = Chips.whole(new Label(title));
    label.getStyleClass().add("h");
    Label more = new Label(sub);
    more.getStyleClass().addAll("muted", "small");
    HBox head = new HBox(8, label, more);
    head.getStyleClass().addAll("pane-head", "ruled");
    return head;
  }

  // ---- the list ----

  private List<FrameList.Column<CredentialsViewModel.Row>> columns() {
    String zone = " (" + times.getValue().zoneWord() + ")";
    return List.of(
        new FrameList.Column<>(
            "Severity",
            104,
            false,
            () -> new SeverityCell<>(row -> row.finding().map(Finding::severity))),
        text("Credential", 104, use -> use.credential().label(), "num-left"),
        new FrameList.Column<>(
            "Held by", 130, false, () -> FrameList.text(CredentialsView::holder, "wide")),
        new FrameList.Column<>(
            "On behalf of", 136, false, () -> FrameList.text(CredentialsView::subject, "wide")),
        time("Issued" + zone, 124, use -> use.credential().issued(), "–"),
        new FrameList.Column<>(
            "TTL",
            76,
            true,
            () -> FrameList.text(row -> row.use().map(this::ttl).orElse(""), "num")),
        time("Last success" + zone, 132, CredentialUse::lastSuccess, "not observed"),
        time("Last attempt" + zone, 132, CredentialUse::lastAttempt, "not observed"),
        new FrameList.Column<>(
            "Reason",
            -1,
            false,
            () -> FrameList.text(row -> row.finding().map(Finding::reason).orElse(""), "wide")));
  }

  private static FrameList.Column<CredentialsViewModel.Row> text(
      String title, double width, Function<CredentialUse, String> text, String... styles) {
    return new FrameList.Column<>(
        title, width, false, () -> FrameList.text(row -> row.use().map(text).orElse("–"), styles));
  }

  private FrameList.Column<CredentialsViewModel.Row> time(
      String title, double width, Function<CredentialUse, Optional<Instant>> time, String never) {
    return new FrameList.Column<>(
        title,
        width,
        true,
        () ->
            FrameList.text(
                row ->
                    row.use()
                        .map(use -> time.apply(use).map(times.getValue()::minute).orElse(never))
                        .orElse("–"),
                "num"));
  }

  private static String holder(CredentialsViewModel.Row row) {
    return row.use()
        .map(CredentialUse::holder)
        .or(() -> row.finding().map(Finding::holder))
        .filter(name -> !name.isEmpty())
        .orElse("unknown client");
  }

  private static String subject(CredentialsViewModel.Row row) {
    return row.use()
        .map(CredentialUse::subject)
        .or(() -> row.finding().map(Finding::subject))
        .filter(name -> !name.isEmpty())
        .orElse(row.use().isEmpty() ? "past the gateway" : "nobody named");
  }

  private String ttl(CredentialUse use) {
    CredentialFact credential = use.credential();
    return credential
        .expires()
        .map(end -> {
          Duration length = Duration.between(credential.issued().orElse(end), end);
          return length.toDays() >= 2
              ? length.toDays() + " d"
              : length.toMinutes() >= 120 ? length.toHours() + " h" : length.toMinutes() + " min";
        })
        .orElse("none");
  }

  private String spoken(CredentialsViewModel.Row row) {
    return "%s, %s, held by %s on behalf of %s, %s"
        .formatted(
            row.finding().map(each -> each.severity().word()).orElse("no finding"),
            row.use().map(use -> use.credential().label()).orElse("no credential"),
            holder(row),
            subject(row),
            row.finding().map(Finding::reason).orElse(""));
  }

  // ---- below ----

  private void refresh() {
    findingsTab.setText("Findings " + Words.number(credentials.findings()));
    allTab.setText(
        "All credentials "
            + Words.number(credentials.survey().map(s -> s.credentials().size()).orElse(0)));
    for (Button each : List.of(findingsTab, allTab)) {
      each.getStyleClass().remove("on");
    }
    (credentials.allProperty().get() ? allTab : findingsTab).getStyleClass().add("on");
    asOf.setText(
        credentials
            .survey()
            .map(each -> "as of " + times.getValue().full(each.asOf()) + ", end of the evidence")
            .orElse(""));
    list.setRows(new ListRows<>(() -> credentials.rows(), this::spoken));
    list.refresh();
    row().ifPresent(row -> list.select(credentials.rows().indexOf(row)));
    showDetail();
  }

  private void showDetail() {
    detail.getChildren().clear();
    Optional<CredentialsViewModel.Row> row = row();
    shown =
        row.flatMap(CredentialsViewModel.Row::finding)
            .map(Finding::statements)
            .or(() -> row.flatMap(CredentialsViewModel.Row::use).map(CredentialUse::recent))
            .orElse(List.of());
    statements.setRows(new ListRows<>(() -> shown, Words::ofStatement));
    statements.select(0);
    statements.refresh();
    showLimits();
    if (row.isEmpty()) {
      return;
    }
    Optional<Finding> finding = row.get().finding();
    Optional<CredentialUse> use = row.get().use();
    detail
        .getChildren()
        .add(
            head(
                use.map(u -> u.credential().label())
                    .or(() -> finding.map(Finding::rule))
                    .orElse(""),
                use.map(u -> u.holder() + (u.subject().isEmpty() ? "" : " for " + u.subject()))
                    .orElse("")));
    VBox body = new VBox();
    body.getStyleClass().add("finding-body");
    use.ifPresent(each -> body.getChildren().add(bars(each)));
    finding.ifPresent(each -> {
      Label why = new Label("Why " + each.severity().word().toLowerCase(java.util.Locale.ROOT));
      why.getStyleClass().add("h");
      body.getChildren().add(why);
      int number = 1;
      for (String line : each.why()) {
        Label text = new Label(number++ + ".  " + line);
        text.setWrapText(true);
        text.setMinHeight(USE_PREF_SIZE);
        text.getStyleClass().add("why-line");
        body.getChildren().add(text);
      }
    });
    detail.getChildren().add(body);
    detail
        .getChildren()
        .add(
            head(
                finding.isPresent() ? "Statements of the finding" : "Its last statements",
                finding
                    .map(each -> each.statements().size() + " of " + each.statementCount())
                    .orElse("")));
    VBox.setVgrow(statements, Priority.ALWAYS);
    statements.setMinHeight(76);
    detail.getChildren().add(statements);
    detail.getChildren().add(buttons(finding));
  }

  private HBox buttons(Optional<Finding> finding) {
    Button replay = Chips.button(BootstrapIcons.COLLECTION_PLAY, replayText(), "primary");
    replay.setDisable(shown.isEmpty());
    replay.setOnAction(_ -> replayFirst());
    Button lineage = Chips.button(BootstrapIcons.DIAGRAM_3, "Lineage");
    lineage.setOnAction(_ -> lineage());
    HBox buttons = new HBox(8, replay, Chips.key("Enter"), lineage, Chips.key("L"));
    if (finding.isPresent()) {
      Button aside = Chips.button(BootstrapIcons.ARCHIVE, "Dismiss…");
      aside.setOnAction(_ -> dismiss());
      buttons.getChildren().addAll(aside, Chips.key("D"));
    }
    buttons.setAlignment(Pos.CENTER_LEFT);
    buttons.getStyleClass().add("button-bar");
    return buttons;
  }

  private String replayText() {
    return shown.isEmpty() ? "Replay" : "Replay frame " + Words.number(shown.getFirst().frame());
  }

  /// The parent's life over its own, in one window of time.
  private VBox bars(CredentialUse use) {
    List<CredentialUse> both = new ArrayList<>();
    credentials.parent(use).ifPresent(both::add);
    both.add(use);
    Instant from = null;
    Instant to = null;
    for (CredentialUse each : both) {
      for (Instant at :
          List.of(
              each.credential().issued().or(each::firstUse).orElse(Instant.EPOCH),
              each.credential().ended().or(each::lastAttempt).orElse(Instant.EPOCH),
              each.lastAttempt().orElse(Instant.EPOCH))) {
        if (!at.equals(Instant.EPOCH)) {
          from = from == null || at.isBefore(from) ? at : from;
          to = to == null || at.isAfter(to) ? at : to;
        }
      }
    }
    VBox box = new VBox();
    box.getStyleClass().add("lives");
    if (from == null || to == null) {
      return box;
    }
    Label span = new Label(times.getValue().full(from) + "  –  " + times.getValue().full(to));
    span.getStyleClass().addAll("muted", "small", "mono");
    box.getChildren().add(span);
    for (CredentialUse each : both) {
      Label name =
          new Label(each.credential().label() + (each.key().equals(use.key()) ? "" : "  parent"));
      name.setMinWidth(120);
      name.setMaxWidth(120);
      name.getStyleClass().add("mono");
      LifeBar bar = new LifeBar();
      bar.setMinHeight(26);
      HBox.setHgrow(bar, Priority.ALWAYS);
      bar.show(life(each), from, to);
      HBox line = new HBox(name, bar);
      line.setAlignment(Pos.CENTER_LEFT);
      line.setAccessibleText(
          "%s, %s statements, %s after its end"
              .formatted(
                  name.getText(),
                  Words.number(each.statements()),
                  Words.number(each.afterEndCount())));
      box.getChildren().add(line);
    }
    return box;
  }

  private Life life(CredentialUse use) {
    Optional<Instant> cut =
        use.credential()
            .revoked()
            .map(CredentialFact.Change::effective)
            .or(() ->
                use.credential()
                    .ended()
                    .filter(at -> !use.credential().expires().equals(Optional.of(at))));
    return new Life(
        use.credential().issued().or(use::firstUse),
        use.credential().expires(),
        cut,
        use.ticks(),
        use.exceptions().stream()
            .filter(each -> each.decision() != DecisionKind.ALLOW)
            .map(each -> new Life.Mark(each.at(), each.decision()))
            .toList(),
        Life.Line.SOLID,
        use.credential()
            .revoked()
            .map(change -> "revoked " + times.getValue().clock(change.effective()))
            .orElse(""));
  }

  private void showLimits() {
    limits.getChildren().clear();
    Optional<Survey> survey = credentials.survey();
    if (survey.isEmpty()) {
      return;
    }
    Coverage coverage = survey.get().coverage();
    limit("Looked at", Words.counted(coverage.archives(), "archive"));
    limit(
        "Covers",
        times.getValue().full(coverage.from()) + " – " + times.getValue().full(coverage.to()));
    limit(
        "Gaps",
        coverage.gaps().isZero()
            ? "none"
            : "%s, in %s"
                .formatted(
                    TimeText.length(coverage.gaps()),
                    Words.counted(coverage.intervals().size() - 1L, "gap")));
    limit(
        "Rules",
        HygieneRules.VERSION
            + (credentials.rules().equals(HygieneRules.standard()) ? "" : ", lines changed here"));
    limit("Lines", RulesText.sentence(credentials.rules()));
    limit(
        "Read",
        Words.counted(survey.get().statements(), "statement")
            + (survey.get().complete() ? "" : "; parts of an archive could not be read"));
    if (credentials.dismissed() > 0) {
      limit("Put aside", Words.counted(credentials.dismissed(), "finding"));
    }
    Region line = new Region();
    line.getStyleClass().add("hline");
    limits.getChildren().add(line);
    limit(
        "Not observed",
        "The recording has holes in that time, begins later, or is shorter than the rules ask for."
            + " Nothing is said about use then.");
    limit(
        "Never used",
        "No statement ran with it in the recorded period. It does not prove that it was never used"
            + " elsewhere.");
    limit(
        "Last success",
        "The last statement that ran. Last attempt counts blocked and killed statements and refused"
            + " logins too, so it can be later.");
  }

  private void limit(String name, String value) {
    Label key = new Label(name);
    key.setMinWidth(104);
    key.setMaxWidth(104);
    key.getStyleClass().add("muted");
    Label text = new Label(value);
    text.setWrapText(true);
    text.setMinHeight(USE_PREF_SIZE);
    HBox.setHgrow(text, Priority.ALWAYS);
    HBox line = new HBox(key, text);
    line.getStyleClass().add("limit");
    limits.getChildren().add(line);
  }
}
