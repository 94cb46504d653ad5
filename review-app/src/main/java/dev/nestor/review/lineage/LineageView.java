package dev.nestor.review.lineage;

import dev.nestor.evidence.archive.CredentialFact;
import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.Touch;
import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.lineage.LineageNode;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.DecisionCell;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Icons;
import dev.nestor.review.ui.Life;
import dev.nestor.review.ui.LifeBar;
import dev.nestor.review.ui.ListRows;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Shows [LineageViewModel]: the tree with bars of time, or the same places as a graph; below, the
/// chosen place and its blast radius.
public final class LineageView extends VBox {
  private static final int INDENT = 20;

  private final LineageViewModel lineage;
  private final ObservableValue<TimeText> times;
  private final Consumer<StatementRef> replay;
  private final FrameList<LineageNode> tree;
  private final LineageForms forms;
  private final FrameList<Touch> radius;
  private final FrameList<StatementRef> stopped;
  private final Label sub = new Label();
  private final Label radiusSub = new Label();
  private final VBox facts = new VBox();
  private final Label sums = new Label();
  private final Label stoppedSub = new Label();
  private final Button replayButton =
      Chips.button(BootstrapIcons.COLLECTION_PLAY, "Replay its last statement", "primary");
  private List<Touch> touches = List.of();
  private List<StatementRef> exceptions = List.of();

  /// @param times how times are written
  /// @param replay goes to a statement
  public LineageView(
      LineageViewModel lineage, ObservableValue<TimeText> times, Consumer<StatementRef> replay) {
    this.lineage = lineage;
    this.times = times;
    this.replay = replay;
    getStyleClass().add("lineage");
    tree = new FrameList<>(columns(), FrameList.ROW, new Lines());
    tree.setAccessibleText("Identities and credentials");
    tree.setPlaceholder("No credential is recorded in the open archives.");
    tree.setExpander((index, open) -> {
      LineageNode node = lineage.lines().get((int) index);
      if (!node.children().isEmpty()) {
        lineage.open(node, open);
      }
    });
    tree.setOpener(this::replayLast);
    tree.selectedProperty()
        .addListener((_, _, at) -> {
          int index = at.intValue();
          if (index >= 0 && index < lineage.lines().size()) {
            lineage.selectedProperty().set(Optional.of(lineage.lines().get(index)));
          }
        });
    radius =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "Relation",
                    176,
                    false,
                    () ->
                        FrameList.text(
                            t -> t.relation().isEmpty() ? "no relation" : t.relation(),
                            "code",
                            "first")),
                new FrameList.Column<>(
                    "Verb",
                    88,
                    false,
                    () -> FrameList.text(t -> t.verb().toUpperCase(Locale.ROOT), "wide")),
                number("Stmts", 60, Touch::statements),
                number("Rows", 66, Touch::rows),
                new FrameList.Column<>(
                    "Labels",
                    98,
                    false,
                    () ->
                        FrameList.text(
                            t ->
                                t.labels().isEmpty()
                                    ? "none"
                                    : String.join(", ", t.labels().stream().sorted().toList()),
                            "sub")),
                new FrameList.Column<>(
                    "Outcome", -1, false, () -> FrameList.text(LineageView::outcome, "wide"))),
            FrameList.ROW,
            new ListRows<>(() -> touches, this::spokenTouch));
    radius.setAccessibleText("Blast radius");
    radius.setPlaceholder("Nothing was reached.");
    stopped =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "",
                    64,
                    true,
                    () -> FrameList.text(s -> Words.number(s.frame()), "num", "strong")),
                new FrameList.Column<>(
                    "",
                    112,
                    true,
                    () -> FrameList.text(s -> times.getValue().clock(s.at()), "num")),
                new FrameList.Column<>(
                    "", 92, false, () -> new DecisionCell<>(StatementRef::decision)),
                new FrameList.Column<>(
                    "", -1, false, () -> FrameList.text(StatementRef::text, "code"))),
            FrameList.ROW,
            new ListRows<>(() -> exceptions, Words::ofStatement));
    stopped.setAccessibleText("Statements that were masked, held, blocked or killed");
    stopped.setPlaceholder("Every statement was simply allowed.");
    stopped.setMinHeight(50);
    stopped.setOpener(() -> {
      int at = (int) stopped.selectedProperty().get();
      if (at >= 0 && at < exceptions.size()) {
        replay.accept(exceptions.get(at));
      }
    });
    addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
    forms = new LineageForms(lineage, tree, this::replayLast);
    CheckBox fold = Chips.whole(new CheckBox("Fold siblings that are alike"));
    fold.selectedProperty().bindBidirectional(lineage.foldProperty());
    HBox bar = new HBox(12, forms.toggle(), fold, spacer(), legend());
    bar.getStyleClass().addAll("bar", "place-bar");
    bar.setMinHeight(40);
    bar.setMaxHeight(40);
    sub.getStyleClass().addAll("muted", "small");
    VBox upper = new VBox(head("Identities", sub), forms);
    VBox.setVgrow(forms, Priority.ALWAYS);
    forms.setMinHeight(0);
    facts.getStyleClass().add("place-facts");
    replayButton.setOnAction(_ -> replayLast());
    HBox buttons = new HBox(8, replayButton, Chips.key("Enter"));
    buttons.setAlignment(Pos.CENTER_LEFT);
    buttons.getStyleClass().add("button-bar");
    VBox.setVgrow(stopped, Priority.ALWAYS);
    VBox left = new VBox(facts, head("Stopped or changed", stoppedSub), stopped, buttons);
    left.setMinWidth(420);
    radiusSub.getStyleClass().addAll("muted", "small");
    stoppedSub.getStyleClass().addAll("muted", "small");
    sums.getStyleClass().add("sums");
    VBox right = new VBox(head("Blast radius", radiusSub), radius, sums);
    VBox.setVgrow(radius, Priority.ALWAYS);
    right.setMinWidth(520);
    SplitPane below = new SplitPane(left, right);
    below.setDividerPositions(0.42);
    SplitPane all = new SplitPane(upper, below);
    all.setOrientation(javafx.geometry.Orientation.VERTICAL);
    all.setDividerPositions(0.48);
    VBox.setVgrow(all, Priority.ALWAYS);
    all.setMinHeight(0);
    setMinHeight(0);
    getChildren().addAll(bar, all);
    lineage.revisionProperty().addListener((_, _, _) -> refresh());
    lineage.selectedProperty().addListener((_, _, _) -> showSelected());
    times.addListener((_, _, _) -> refresh());
    refresh();
  }

  /// Panes in the order of F6.
  public List<Node> panes() {
    return List.of(forms, stopped, radius);
  }

  private static Region spacer() {
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    return space;
  }

  private static HBox head(String title, Label sub) {
    Label label = Chips.whole(new Label(title));
    label.getStyleClass().add("h");
    HBox head = new HBox(8, label, sub);
    head.getStyleClass().addAll("pane-head", "ruled");
    return head;
  }

  private static HBox legend() {
    HBox legend = new HBox(16);
    legend.setAlignment(Pos.CENTER_RIGHT);
    for (String[] each :
        new String[][] {
          {"verified", "Verified: the gateway issued it"},
          {"declared", "Declared: only a token says so"},
          {"inferred", "Inferred: a second client was seen"}
        }) {
      Label label = Chips.whole(new Label(each[1], edge(each[0])));
      label.getStyleClass().addAll("muted", "small");
      legend.getChildren().add(label);
    }
    return legend;
  }

  private static Region edge(String kind) {
    Region line = new Region();
    line.setMinSize(24, 8);
    line.setMaxSize(24, 8);
    line.getStyleClass().setAll("edge", kind);
    return line;
  }

  private void pressed(KeyEvent event) {
    if (event.getCode() == KeyCode.ENTER && event.isShortcutDown()) {
      replayLast();
      event.consume();
    } else if (event.getCode() == KeyCode.V
        && !event.isShortcutDown()
        && !event.isAltDown()
        && !event.isShiftDown()) {
      lineage.toggleGraph();
      event.consume();
    }
  }

  private Optional<StatementRef> last() {
    return lineage
        .selectedProperty()
        .get()
        .flatMap(node ->
            node.all().stream()
                .flatMap(each -> each.uses().stream())
                .flatMap(use ->
                    use.exceptions().isEmpty()
                        ? use.recent().stream().skip(Math.max(0, use.recent().size() - 1))
                        : use.exceptions().stream().skip(use.exceptions().size() - 1L))
                .findFirst());
  }

  private void replayLast() {
    last().ifPresent(replay);
  }

  // ---- the tree ----

  private List<FrameList.Column<LineageNode>> columns() {
    return List.of(
        new FrameList.Column<>("Identity and credential", 330, false, NameCell::new),
        new FrameList.Column<>("Link", 108, false, EdgeCell::new),
        new FrameList.Column<>("TTL", 72, true, () -> FrameList.text(LineageView::ttl, "num")),
        new FrameList.Column<>("Time", -1, false, BarCell::new),
        number("Stmts", 60, LineageNode::statements),
        number("Masked", 68, node -> node.decisions().masked()),
        number("Held", 52, node -> node.decisions().held()),
        number("Blocked", 72, node -> node.decisions().blocked()),
        number("Killed", 60, node -> node.decisions().killed()));
  }

  private static <R> FrameList.Column<R> number(
      String title, double width, ToLongFunction<R> value) {
    return new FrameList.Column<>(
        title,
        width,
        true,
        () -> FrameList.text(row -> Words.number(value.applyAsLong(row)), "num"));
  }

  private static String ttl(LineageNode node) {
    if (node.uses().size() != 1) {
      return "";
    }
    CredentialFact credential = node.uses().getFirst().credential();
    if (credential.expires().isEmpty()) {
      return "none";
    }
    Duration length =
        Duration.between(
            credential.issued().orElse(credential.expires().get()), credential.expires().get());
    return length.toDays() >= 2
        ? length.toDays() + " d"
        : length.toMinutes() > 120 ? length.toHours() + " h" : length.toMinutes() + " min";
  }

  private static Life life(LineageNode node) {
    Optional<Instant> expires =
        node.uses().stream()
            .flatMap(use -> use.credential().expires().stream())
            .max(java.util.Comparator.naturalOrder());
    boolean endless = node.uses().stream().anyMatch(u -> u.credential().expires().isEmpty());
    Optional<Instant> cut =
        node.uses().size() == 1
            ? node.to().filter(at -> expires.filter(at::isBefore).isPresent() || endless)
            : Optional.empty();
    return new Life(
        node.from(),
        endless ? Optional.empty() : expires,
        cut,
        node.uses().stream().flatMap(use -> use.ticks().stream()).limit(600).toList(),
        node.uses().stream()
            .flatMap(use -> use.exceptions().stream())
            .map(each -> new Life.Mark(each.at(), each.decision()))
            .toList(),
        switch (node.edge()) {
          case LOGIN, VERIFIED -> Life.Line.SOLID;
          case DECLARED -> Life.Line.DASHED;
          case INFERRED -> Life.Line.DOTTED;
        },
        node.note());
  }

  private final class NameCell implements FrameList.Cell<LineageNode> {
    private final Label label = new Label();
    private final Label detail = new Label();
    private final Label arrow = new Label();
    private final HBox box = new HBox(6, arrow, label, detail);
    private String icons = "";

    NameCell() {
      box.setAlignment(Pos.CENTER_LEFT);
      arrow.setMinWidth(12);
      arrow.setMaxWidth(12);
      detail.getStyleClass().addAll("muted", "small", "mono");
      detail.setMinWidth(0);
      label.getStyleClass().add("tree-name");
      Chips.whole(label);
    }

    @Override
    public Node node() {
      return box;
    }

    @Override
    public void show(LineageNode node) {
      box.setPadding(new javafx.geometry.Insets(0, 8, 0, 8 + node.depth() * INDENT));
      label.setText(node.name());
      detail.setText(node.detail());
      String now =
          node.kind() + (node.children().isEmpty() ? " " : lineage.isOpen(node) ? "v" : ">");
      if (!now.equals(icons)) { // a new icon would need a style pass before it can be drawn
        icons = now;
        label.setGraphic(Icons.of(Icons.party(node.kind()), "i12"));
        arrow.setGraphic(
            node.children().isEmpty()
                ? null
                : Icons.of(
                    lineage.isOpen(node)
                        ? BootstrapIcons.CARET_DOWN_FILL
                        : BootstrapIcons.CARET_RIGHT_FILL,
                    "i8"));
      }
    }
  }

  private static final class EdgeCell implements FrameList.Cell<LineageNode> {
    private final Label label = new Label();
    private final Region line = edge("verified");

    EdgeCell() {
      label.setGraphic(line);
      label.getStyleClass().add("cell");
    }

    @Override
    public Node node() {
      return label;
    }

    @Override
    public void show(LineageNode node) {
      if (label.getText().equals(node.edge().word())) {
        return; // new styles would need a style pass before they can be drawn
      }
      label.setText(node.edge().word());
      line.getStyleClass().setAll("edge", node.edge().word().toLowerCase(Locale.ROOT));
      line.setVisible(node.edge() != LineageNode.Edge.LOGIN);
    }
  }

  private final class BarCell implements FrameList.Cell<LineageNode> {
    private final LifeBar bar = new LifeBar();

    @Override
    public Node node() {
      return bar;
    }

    @Override
    public void show(LineageNode node) {
      bar.show(node.uses().isEmpty() ? null : life(node), lineage.from(), lineage.to());
      bar.setAcross(
          lineage
              .selectedProperty()
              .get()
              .filter(chosen -> chosen.all().contains(node) && !chosen.equals(node))
              .flatMap(chosen -> life(chosen).cut()));
    }
  }

  private final class Lines implements FrameList.Rows<LineageNode> {
    @Override
    public long size() {
      return lineage.lines().size();
    }

    @Override
    public LineageNode row(long index) {
      return lineage.lines().get((int) index);
    }

    @Override
    public String spoken(LineageNode node) {
      return "%s %s %s, %s, depth %d, %s, %s"
          .formatted(
              node.kind().word(),
              node.name(),
              node.detail(),
              node.edge().word(),
              node.depth(),
              Words.counted(node.statements(), "statement"),
              node.note());
    }

    @Override
    public List<String> styles(LineageNode node) {
      return !node.children().isEmpty() && lineage.isOpen(node) ? List.of("open") : List.of();
    }
  }

  private String spokenTouch(Touch touch) {
    return "%s %s, %s, %s rows, %s"
        .formatted(
            touch.verb(),
            touch.relation(),
            Words.counted(touch.statements(), "statement"),
            Words.number(touch.rows()),
            outcome(touch));
  }

  private static String outcome(Touch touch) {
    DecisionCounts counts = touch.outcome();
    return java.util.Arrays.stream(dev.nestor.evidence.archive.DecisionKind.values())
        .filter(kind -> counts.of(kind) > 0)
        .map(kind -> Words.number(counts.of(kind)) + " " + kind.word().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  // ---- the chosen place ----

  private void refresh() {
    sub.setText(
        lineage
            .survey()
            .map(each ->
                "%s in this evidence · %s – %s"
                    .formatted(
                        Words.counted(each.credentials().size(), "credential"),
                        times.getValue().full(lineage.from()),
                        times.getValue().full(lineage.to())))
            .orElse(""));
    tree.setRows(new Lines());
    tree.refresh();
    lineage.selectedProperty().get().ifPresent(node -> tree.select(lineage.lines().indexOf(node)));
    showSelected();
  }

  private void showSelected() {
    facts.getChildren().clear();
    Optional<LineageNode> selected = lineage.selectedProperty().get();
    touches = lineage.blastRadius();
    radius.setRows(new ListRows<>(() -> touches, this::spokenTouch));
    radius.refresh();
    exceptions =
        selected
            .map(node ->
                node.all().stream()
                    .flatMap(each -> each.uses().stream())
                    .flatMap(use -> use.exceptions().stream())
                    .sorted(java.util.Comparator.comparing(StatementRef::at))
                    .limit(1_000)
                    .toList())
            .orElse(List.of());
    stoppedSub.setText(exceptions.isEmpty() ? "" : Words.counted(exceptions.size(), "statement"));
    stopped.setRows(new ListRows<>(() -> exceptions, Words::ofStatement));
    stopped.select(0);
    stopped.refresh();
    tree.refresh(); // the line of its end goes through those below it
    if (selected.isEmpty()) {
      return;
    }
    LineageNode node = selected.get();
    tree.select(lineage.lines().indexOf(node));
    Label title = new Label(node.name());
    title.getStyleClass().add("h");
    Label detail = new Label(node.detail());
    detail.getStyleClass().addAll("muted", "mono", "small");
    HBox head = new HBox(8, title, detail);
    head.setAlignment(Pos.BASELINE_LEFT);
    head.getStyleClass().add("limit");
    facts.getChildren().add(head);
    if (node.uses().size() == 1) {
      show(node.uses().getFirst());
    } else if (node.uses().isEmpty()) {
      fact(
          "Is",
          node.edge() == LineageNode.Edge.INFERRED
              ? "another address that used this credential; nobody issued anything to it"
              : "the " + node.kind().word() + " on whose behalf all below acts");
      if (node.depth() == 0
          && node.children().stream()
              .allMatch(c -> c.children().isEmpty() && c.edge() == LineageNode.Edge.LOGIN)) {
        fact("Agents", node.name() + " acted directly. No agents.");
      }
    } else {
      fact(
          "Is", Words.counted(node.uses().size(), "credential") + " alike, none with an exception");
    }
    long below =
        node.all().stream().mapToLong(each -> each.uses().size()).sum() - node.uses().size();
    long statements = node.all().stream().mapToLong(LineageNode::statements).sum();
    radiusSub.setText(
        "%s%s, %s"
            .formatted(
                node.name(),
                below > 0 ? " and " + Words.counted(below, "credential") + " below" : "",
                Words.counted(statements, "statement")));
    long read =
        touches.stream().filter(t -> t.verb().equals("select")).mapToLong(Touch::rows).sum();
    long changed =
        touches.stream()
            .filter(t -> List.of("insert", "update", "delete", "merge").contains(t.verb()))
            .mapToLong(Touch::rows)
            .sum();
    long clear = touches.stream().mapToLong(Touch::clearRows).sum();
    sums.setText(
        "%s rows read    %s rows changed    %s rows of labelled columns not masked"
            .formatted(Words.number(read), Words.number(changed), Words.number(clear)));
    replayButton.setDisable(last().isEmpty());
  }

  private void show(CredentialUse use) {
    CredentialFact credential = use.credential();
    fact("Subject", credential.subject().map(LineageView::party).orElse("nobody named"));
    credential
        .actor()
        .ifPresent(
            actor -> fact("Actor", party(actor) + ", current actor: decisions are on this one"));
    if (!credential.declared().isEmpty()) {
      fact(
          "Prior actor",
          credential.declared().stream().map(Party::name).collect(Collectors.joining(", "))
              + ", history only, decides nothing");
    }
    TimeText time = times.getValue();
    fact(
        "Issued",
        credential.issued().map(time::full).orElse("not recorded")
            + credential
                .expires()
                .map(at -> ", expires " + time.full(at))
                .orElse(", never expires"));
    if (!credential.scopes().isEmpty()) {
      fact("Scope", String.join(", ", credential.scopes()));
    }
    for (CredentialFact.Change change : credential.changes()) {
      fact(
          change.step().words().substring(0, 1).toUpperCase(Locale.ROOT)
              + change.step().words().substring(1),
          time.full(change.effective())
              + (change.by().isEmpty() ? "" : " by " + change.by())
              + (change.reason().isEmpty() ? "" : ", " + change.reason())
              + (change.ticket().isEmpty() ? "" : " (" + change.ticket() + ")"));
    }
    if (use.afterEndCount() > 0) {
      fact(
          "After its end",
          "%s, of which %s ran"
              .formatted(
                  Words.counted(use.afterEndCount(), "statement"),
                  Words.number(use.ranAfterEnd())));
    }
    if (!use.clients().isEmpty()) {
      fact("Clients", String.join(", ", use.clients().stream().sorted().limit(8).toList()));
    }
  }

  private static String party(Party party) {
    return "%s (%s, %s)".formatted(party.name(), party.kind().word(), party.issuer());
  }

  private void fact(String name, String value) {
    Label key = new Label(name);
    key.setMinWidth(120);
    key.setMaxWidth(120);
    key.getStyleClass().add("muted");
    Label text = new Label(value);
    text.setWrapText(true);
    text.setMinHeight(USE_PREF_SIZE);
    HBox.setHgrow(text, Priority.ALWAYS);
    HBox line = new HBox(key, text);
    line.getStyleClass().add("limit");
    facts.getChildren().add(line);
  }
}
