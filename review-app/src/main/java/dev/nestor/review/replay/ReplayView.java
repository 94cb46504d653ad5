package dev.nestor.review.replay;

import dev.nestor.evidence.archive.CredentialCard;
import dev.nestor.evidence.archive.DecisionDetail;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.FrameRow;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementDetail;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Icons;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Shows a [ReplayViewModel]: who, transport, time line, list, decision, query, result, bytes.
public final class ReplayView extends VBox {
  private final ReplayViewModel replay;
  private final ObservableValue<TimeText> times;
  private final FrameList<ReplayLine> list;
  private final TimelineStrip strip;
  private final DecisionCard card = new DecisionCard();
  private final QueryPane query = new QueryPane();
  private final ResultPane result = new ResultPane();
  private final WirePane wire = new WirePane();
  private final StatePane state = new StatePane();
  private final Region left;
  private final VBox right;
  private final SplitPane panes = new SplitPane();
  private final SplitPane forensics = new SplitPane();
  private Layout layout = Layout.READING;
  private boolean wireShown = true;

  /// @param times how times are written
  /// @param choose lets somebody choose another session
  public ReplayView(
      ReplayViewModel replay, ObservableValue<TimeText> times, Consumer<Node> choose) {
    this.replay = replay;
    this.times = times;
    getStyleClass().add("replay");
    list = new FrameList<>(columns(), FrameList.ROW, new Lines());
    list.setAccessibleText("Statements");
    list.setPlaceholder("Nothing was run in this session.");
    list.setExpander(replay::expandLine);
    list.setOpener(() -> replay.expandLine(list.selectedProperty().get(), true));
    list.allowSpans();
    list.spanProperty().addListener((_, _, span) -> replay.selectLines(span.from(), span.to()));
    list.selectedProperty()
        .addListener((_, _, index) -> {
          if (index.longValue() != replay.selectedLine()) {
            replay.selectLine(index.longValue());
          }
        });
    strip =
        new TimelineStrip(
            replay.activityProperty().get(),
            replay.session().decisions(),
            replay.session().ended().isPresent(),
            times.getValue(),
            micros ->
                replay.goToTime(
                    Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L),
                        Math.floorMod(micros, 1_000_000L) * 1_000L)));
    right = right();
    left = left();
    VBox.setVgrow(panes, Priority.ALWAYS);
    getChildren().addAll(identity(choose), transport(), strip, panes);
    arrange(Layout.READING);

    replay.revisionProperty().addListener((_, _, _) -> refresh());
    replay.activityProperty().addListener((_, _, now) -> strip.setActivity(now));
    replay.reading().shareProperty().addListener((_, _, _) -> list.grow());
    replay.playheadProperty().addListener((_, _, _) -> followPlayhead());
    replay.currentProperty().addListener((_, _, row) -> row.ifPresent(r -> strip.setHead(r.at())));
    replay.shownProperty().addListener((_, _, shown) -> show(shown));
    replay.frameProperty().addListener((_, _, frame) -> wire.show(frame));
    replay.stateProperty().addListener((_, _, now) -> state.show(now));
    times.addListener((_, _, now) -> {
      strip.setTimes(now);
      list.refresh();
      show(replay.shownProperty().get());
    });
    replay.currentProperty().get().ifPresent(row -> strip.setHead(row.at()));
    followPlayhead();
    show(replay.shownProperty().get());
    wire.show(replay.frameProperty().get());
    state.show(replay.stateProperty().get());
  }

  /// Panes in the order of F6.
  public List<Node> panes() {
    List<Node> shown = new ArrayList<>();
    if (layout != Layout.PRESENTING) {
      shown.addAll(List.of(list, strip));
    }
    shown.addAll(List.of(query.focusTarget(), result.focusTarget()));
    shown.addAll(wire.focusTargets());
    if (layout == Layout.FORENSICS) {
      shown.add(state.focusTarget());
    }
    return shown;
  }

  /// How the panes lie.
  public enum Layout {
    /// List, decision, query, result; the bytes of a frame on demand.
    READING,
    /// Everything: the bytes, their fields and the session's state along the bottom.
    FORENSICS,
    /// Decision, query and result alone, in large type.
    PRESENTING
  }

  /// Lays the panes out.
  public void arrange(Layout wanted) {
    layout = wanted;
    getStyleClass().remove("presenting");
    getChildren().removeAll(panes, forensics, strip);
    right.getChildren().remove(wire.bytesPane());
    forensics.getItems().clear();
    switch (wanted) {
      case READING -> {
        panes.getItems().setAll(left, right);
        panes.setDividerPositions(752.0 / 1368);
        if (wireShown) {
          right.getChildren().add(wire.bytesPane());
        }
        getChildren().addAll(strip, panes);
      }
      case FORENSICS -> {
        panes.getItems().setAll(left, right);
        panes.setDividerPositions(752.0 / 1368);
        forensics.getItems().setAll(wire.bytesPane(), wire.fieldsPane(), state);
        forensics.setDividerPositions(584.0 / 1368, 1008.0 / 1368);
        forensics.setMinHeight(264);
        forensics.setPrefHeight(264);
        forensics.setMaxHeight(264);
        getChildren().addAll(strip, panes, forensics);
      }
      case PRESENTING -> {
        panes.getItems().setAll(right);
        getStyleClass().add("presenting");
        getChildren().add(panes);
      }
    }
    result.setRowHeight(wanted == Layout.PRESENTING ? 32 : 24);
    replay.watchState(wanted == Layout.FORENSICS);
  }

  /// Shows or hides the bytes.
  public void toggleWire() {
    if (layout == Layout.READING) {
      wireShown = !wireShown;
      arrange(Layout.READING);
    } else {
      arrange(layout == Layout.FORENSICS ? Layout.READING : Layout.FORENSICS);
    }
  }

  /// What the buttons of the panes do.
  ///
  /// @param showRule shows the rule of a decision as it was
  /// @param copyAs lets somebody choose how the result is copied
  /// @param showCell shows a cell whole
  /// @param showRow shows the chosen row as a column
  public record Actions(
      Consumer<DecisionDetail> showRule,
      Runnable copyAs,
      BiConsumer<String, String> showCell,
      Runnable showRow) {}

  /// Says what the buttons do.
  public void setActions(Actions actions) {
    card.setShowRule(actions.showRule());
    result.setCopyAs(actions.copyAs());
    result.setRowOpener(actions.showRow());
    result.setCellOpener(chosen ->
        actions
            .showCell()
            .accept(
                "%s, row %s · %s"
                    .formatted(
                        chosen.column().name(), Words.number(chosen.row()), chosen.column().type()),
                chosen.cell() instanceof ResultCell.Value(String value)
                    ? value
                    : chosen.cell().display()
                        + (chosen.cell() instanceof ResultCell.Masked(_, String rule)
                            ? "\n\nmasked by rule " + rule
                            : "")));
  }

  /// The rows that are shown, where there are any.
  public Optional<ResultView.Table> table() {
    return result.table();
  }

  /// The chosen row of the result.
  public Optional<List<ResultCell>> row() {
    return result.row();
  }

  /// Copies the query as it was sent.
  public void copyQuery() {
    query.copy();
  }

  private void refresh() {
    list.refresh();
    list.selectedProperty().set(replay.selectedLine());
  }

  private void followPlayhead() {
    long line = replay.selectedLine();
    if (list.selectedProperty().get() != line) {
      list.selectedProperty().set(line);
    }
  }

  // ---- head ----

  private HBox identity(Consumer<Node> choose) {
    SessionCard session = replay.session();
    HBox bar = bar(32);
    Button name = Chips.whole(new Button("Session " + Words.number(session.number())));
    name.setGraphic(Icons.of(BootstrapIcons.CARET_DOWN_FILL, "i8", "icon-muted"));
    name.setContentDisplay(javafx.scene.control.ContentDisplay.RIGHT);
    name.getStyleClass().setAll("btn", "flat", "session-name");
    name.setOnAction(_ -> choose.accept(name));
    name.setAccessibleText("Session " + session.number() + ", choose another");
    bar.getChildren().add(name);
    bar.getChildren()
        .add(
            muted(
                session.role().isEmpty()
                    ? session.database()
                    : session.role() + "@" + session.database()));
    session
        .subject()
        .ifPresent(subject -> {
          bar.getChildren().add(muted(session.actors().isEmpty() ? "as" : "on behalf of"));
          bar.getChildren().add(Chips.crumb(subject, session.actors().isEmpty()));
        });
    List<Party> actors = session.actors();
    for (int i = 0; i < actors.size(); i++) {
      bar.getChildren().add(Icons.of(BootstrapIcons.ARROW_RIGHT, "icon-muted"));
      bar.getChildren().add(Chips.crumb(actors.get(i), i == actors.size() - 1));
    }
    Label rest = muted(credential(session));
    rest.setMinWidth(0);
    String head = rest.getText();
    replay
        .currentProperty()
        .addListener((_, _, row) ->
            rest.setText(head + row.map(each -> left(session, each.at())).orElse("")));
    rest.setText(head + replay.currentProperty().get().map(r -> left(session, r.at())).orElse(""));
    bar.getChildren().addAll(rest, spacer());
    if (!session.application().isEmpty()) {
      Label application = muted(session.application());
      application.setMinWidth(0);
      bar.getChildren().add(application);
    }
    return bar;
  }

  private static String credential(SessionCard session) {
    if (!session.refusal().isEmpty()) {
      return "refused: " + session.refusal();
    }
    Optional<CredentialCard> credential = session.credential();
    if (credential.isEmpty()) {
      return "";
    }
    CredentialCard card = credential.get();
    String text = "credential " + card.label();
    if (card.issued().isPresent() && card.expires().isPresent()) {
      text +=
          " · TTL " + TimeText.length(Duration.between(card.issued().get(), card.expires().get()));
    }
    if (!card.lineage().isEmpty()) {
      text += " · " + card.lineage();
    }
    return text;
  }

  /// How long the credential was still good at a time.
  private static String left(SessionCard session, Instant at) {
    return session
        .credential()
        .flatMap(CredentialCard::expires)
        .map(expires -> Duration.between(at, expires))
        .map(rest ->
            rest.isNegative()
                ? " · expired " + TimeText.length(rest.negated()) + " before"
                : " · " + TimeText.length(rest) + " left")
        .orElse("");
  }

  private HBox transport() {
    HBox bar = bar(32);
    bar.getStyleClass().add("transport");
    Button play = tool(BootstrapIcons.PLAY_FILL, "Play", "Space", replay::playOrPause);
    replay
        .playingProperty()
        .addListener((_, _, on) -> {
          play.setGraphic(Icons.of(on ? BootstrapIcons.PAUSE_FILL : BootstrapIcons.PLAY_FILL));
          play.setAccessibleText(on ? "Pause" : "Play");
        });
    Button speed = Chips.whole(new Button());
    speed.getStyleClass().setAll("btn", "flat", "mono");
    speed
        .textProperty()
        .bind(replay.speedProperty().map(value -> trimmed(value.doubleValue()) + "×"));
    speed.setOnAction(_ -> replay.changeSpeed(true));
    speed.setAccessibleText("Speed, plus and minus change it");
    CheckBox skip = Chips.whole(new CheckBox("Skip gaps over 2 s"));
    skip.selectedProperty().bindBidirectional(replay.skipGapsProperty());
    Button exception = Chips.button(BootstrapIcons.EXCLAMATION_TRIANGLE, "Next exception", "flat");
    exception.setOnAction(_ -> replay.stepTo(ReplayViewModel.EXCEPTIONS, true));
    Label frame = mono();
    Label statement = mono();
    statement.getStyleClass().add("muted");
    Label time = mono();
    Runnable update =
        () -> {
          Optional<ReplayRow> row = replay.currentProperty().get();
          frame.setText(row.map(r -> "frame " + Words.number(frameOf(r))).orElse("no frame"));
          statement.setText(
              row.map(this::statementText).orElse(Words.counted(replay.statements(), "statement")));
          time.setText(row.map(r -> times.getValue().full(r.at())).orElse(""));
        };
    replay.currentProperty().addListener((_, _, _) -> update.run());
    replay.frameProperty().addListener((_, _, _) -> update.run());
    times.addListener((_, _, _) -> update.run());
    update.run();
    bar.getChildren()
        .addAll(
            tool(BootstrapIcons.SKIP_START_FILL, "First row", "Home", replay::first),
            tool(
                BootstrapIcons.SKIP_BACKWARD_FILL,
                "Previous statement",
                "[",
                () -> replay.stepStatement(false)),
            play,
            tool(
                BootstrapIcons.SKIP_FORWARD_FILL,
                "Next statement",
                "]",
                () -> replay.stepStatement(true)),
            tool(BootstrapIcons.SKIP_END_FILL, "Last row", "End", replay::last),
            speed,
            skip,
            separator(),
            exception,
            Chips.key("F8"),
            spacer(),
            Chips.whole(frame),
            Chips.whole(statement),
            Chips.whole(time));
    return bar;
  }

  /// The frame that the list shows as selected: the row's own, or the open one.
  private long frameOf(ReplayRow row) {
    return replay.playheadProperty().get().frame() >= 0
        ? replay.frameProperty().get().map(FrameRow::frame).orElse(row.frame())
        : row.frame();
  }

  private String statementText(ReplayRow row) {
    return row instanceof ReplayRow.Statement statement
        ? "statement %s of %s"
            .formatted(Words.number(statement.statement()), Words.number(replay.statements()))
        : "event, " + Words.counted(replay.statements(), "statement");
  }

  private static String trimmed(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  // ---- left ----

  private Region left() {
    HBox head = head("Statements", false);
    Label sub =
        muted(
            "%s, %s in this session"
                .formatted(
                    Words.counted(replay.statements(), "statement"),
                    Words.counted(replay.session().frames(), "frame")));
    head.getChildren().add(sub);
    VBox.setVgrow(list, Priority.ALWAYS);
    VBox left = new VBox(head, list);
    left.setMinWidth(480);
    return left;
  }

  private List<FrameList.Column<ReplayLine>> columns() {
    return List.of(
        new FrameList.Column<>("", 24, false, LineCells.Expander::new),
        new FrameList.Column<>(
            "Frame", 60, true, () -> FrameList.text(this::frameText, "num", "strong")),
        new FrameList.Column<>(
            "Time (" + times.getValue().zoneWord() + ")",
            108,
            true,
            () -> FrameList.text(this::timeText, "num", "strong")),
        new FrameList.Column<>("Δ", 80, true, () -> FrameList.text(ReplayView::sinceText, "num")),
        new FrameList.Column<>("Decision", 92, false, LineCells.Decision::new),
        new FrameList.Column<>(
            "Statement",
            -1,
            false,
            () -> FrameList.text(ReplayView::statementLine, "code", "wide")),
        new FrameList.Column<>(
            "Rows", 60, true, () -> FrameList.text(ReplayView::rowsText, "num", "last")));
  }

  private String frameText(ReplayLine line) {
    return switch (line) {
      case ReplayLine.OfStatement s -> Words.number(s.row().frame());
      case ReplayLine.OfEvent e -> Words.number(e.row().frame());
      case ReplayLine.OfFrame f -> Words.number(f.frame().frame());
      case ReplayLine.Pending _, ReplayLine.Unreadable _ -> "";
    };
  }

  private String timeText(ReplayLine line) {
    TimeText time = times.getValue();
    return switch (line) {
      case ReplayLine.OfStatement s -> time.clock(s.row().at());
      case ReplayLine.OfEvent e -> time.clock(e.row().at());
      case ReplayLine.OfFrame f -> time.clock(f.frame().at());
      case ReplayLine.Pending _, ReplayLine.Unreadable _ -> "";
    };
  }

  private static String sinceText(ReplayLine line) {
    return switch (line) {
      case ReplayLine.OfStatement s -> s.since().map(TimeText::shortLength).orElse("");
      case ReplayLine.OfEvent e -> e.since().map(TimeText::shortLength).orElse("");
      case ReplayLine.OfFrame _, ReplayLine.Pending _, ReplayLine.Unreadable _ -> "";
    };
  }

  private static String statementLine(ReplayLine line) {
    return switch (line) {
      case ReplayLine.OfStatement s -> s.row().sql();
      case ReplayLine.OfEvent e -> e.row().text();
      case ReplayLine.OfFrame f -> f.frame().summary();
      case ReplayLine.Pending _ -> "reading…";
      case ReplayLine.Unreadable u -> u.why();
    };
  }

  private static String rowsText(ReplayLine line) {
    return line instanceof ReplayLine.OfStatement s
        ? s.row().rows().isPresent() ? Words.number(s.row().rows().getAsLong()) : "–"
        : "";
  }

  private final class Lines implements FrameList.Rows<ReplayLine> {
    @Override
    public long size() {
      return replay.lines();
    }

    @Override
    public ReplayLine row(long index) {
      return replay.line(index);
    }

    @Override
    public String spoken(ReplayLine line) {
      String proof = line instanceof ReplayLine.OfStatement s && !s.proved() ? ", not proved" : "";
      return switch (line) {
        case ReplayLine.OfStatement s ->
            "Frame %s, %s %s, %s, %s, %s rows%s"
                .formatted(
                    frameText(s),
                    timeText(s),
                    times.getValue().zoneWord(),
                    s.row().decision().word(),
                    s.row().sql(),
                    rowsText(s),
                    proof);
        case ReplayLine.OfEvent e ->
            "Frame %s, %s %s, event, %s"
                .formatted(frameText(e), timeText(e), times.getValue().zoneWord(), e.row().text());
        case ReplayLine.OfFrame f ->
            "Frame %s, %s, %s".formatted(frameText(f), direction(f.frame()), f.frame().summary());
        case ReplayLine.Pending _ -> "reading";
        case ReplayLine.Unreadable u -> u.why();
      };
    }

    @Override
    public List<String> styles(ReplayLine line) {
      return switch (line) {
        case ReplayLine.OfStatement s -> {
          List<String> styles = new ArrayList<>(List.of("statement"));
          if (s.open()) {
            styles.add("open");
          }
          if (!s.proved()) {
            styles.add("unproved");
          }
          yield styles;
        }
        case ReplayLine.OfEvent e -> {
          List<String> styles = new ArrayList<>(List.of("event"));
          if (e.open()) {
            styles.add("open");
          }
          if (!e.proved()) {
            styles.add("unproved");
          }
          yield styles;
        }
        case ReplayLine.OfFrame _ -> List.of("frame-row");
        case ReplayLine.Pending _, ReplayLine.Unreadable _ -> List.of("event");
      };
    }
  }

  static String direction(FrameRow frame) {
    return frame.fromClient() ? "from client" : "to client";
  }

  // ---- right ----

  private VBox right() {
    VBox.setVgrow(result, Priority.ALWAYS);
    VBox pane = new VBox(card, query, result);
    pane.setMinWidth(420);
    pane.getStyleClass().add("detail");
    return pane;
  }

  private void show(ReplayViewModel.Shown shown) {
    switch (shown) {
      case ReplayViewModel.Shown.Nothing() -> {
        card.showNothing("Nothing was run in this session.");
        query.clear();
        result.showNone("");
      }
      case ReplayViewModel.Shown.Failed(String message) -> {
        card.showNothing(message);
        query.clear();
        result.showNone("");
      }
      case ReplayViewModel.Shown.OfEvent(ReplayRow.Event event) -> {
        card.show(event, row -> times.getValue().full(row.at()));
        query.clear();
        result.showNone("An event has no result.");
      }
      case ReplayViewModel.Shown.OfStatement(StatementDetail detail, SqlText sql) -> {
        card.show(detail);
        query.show(detail, sql);
        result.show(detail);
      }
    }
  }

  // ---- pieces ----

  static void copyText(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }

  static HBox head(String title, boolean ruled) {
    HBox head = new HBox();
    head.getStyleClass().add("pane-head");
    if (ruled) {
      head.getStyleClass().add("ruled");
    }
    Label label = Chips.whole(new Label(title));
    label.getStyleClass().add("h");
    head.getChildren().add(label);
    return head;
  }

  private static HBox bar(double height) {
    HBox bar = new HBox();
    bar.getStyleClass().add("bar");
    bar.setMinHeight(height);
    bar.setMaxHeight(height);
    bar.setPrefHeight(height);
    return bar;
  }

  static Region spacer() {
    Region spacer = new Region();
    HBox.setHgrow(spacer, Priority.ALWAYS);
    return spacer;
  }

  private static Region separator() {
    Region line = new Region();
    line.getStyleClass().add("vline");
    line.setMaxHeight(16);
    HBox.setMargin(line, new javafx.geometry.Insets(0, 4, 0, 4));
    return line;
  }

  private static Label muted(String text) {
    Label label = Chips.whole(new Label(text));
    label.getStyleClass().addAll("muted", "small");
    return label;
  }

  private static Label mono() {
    Label label = new Label();
    label.getStyleClass().add("mono");
    return label;
  }

  private static Button tool(
      org.kordamp.ikonli.Ikon icon, String name, String keys, Runnable action) {
    Button button = Chips.tool(icon, name, keys);
    button.setFocusTraversable(false);
    button.setOnAction(_ -> action.run());
    return button;
  }

  /// The kinds that have a key of their own.
  public static List<DecisionKind> keyedKinds() {
    return List.of(DecisionKind.MASK, DecisionKind.HOLD, DecisionKind.BLOCK, DecisionKind.KILL);
  }
}
