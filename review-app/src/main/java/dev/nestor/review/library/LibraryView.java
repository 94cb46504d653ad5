package dev.nestor.review.library;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.RecordingGap;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Icons;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Shows a [LibraryViewModel]: archives above, sessions of the chosen one below, its facts beside.
public final class LibraryView extends HBox {
  private final LibraryViewModel library;
  private final ObservableValue<TimeText> times;
  private final FrameList<LibraryEntry> archives;
  private final FrameList<SessionCard> sessions;
  private final Label archivesSub = sub("");
  private final Label sessionsSub = sub("");
  private final VBox facts = new VBox();
  private List<SessionCard> shownSessions = List.of();
  private Optional<LibraryEntry> shownEntry = Optional.empty();

  /// What the view asks for.
  ///
  /// @param open replays an archive
  /// @param openSession replays one of its sessions
  /// @param pick lets somebody choose files
  /// @param pickFolder lets somebody choose a folder
  /// @param explain shows what is wrong with an archive
  /// @param copy puts a text on the clipboard
  public record Actions(
      Consumer<LibraryEntry> open,
      BiConsumer<LibraryEntry, SessionCard> openSession,
      Runnable pick,
      Runnable pickFolder,
      Consumer<LibraryEntry> explain,
      Consumer<String> copy) {}

  private final Actions actions;

  /// @param times how times are written
  public LibraryView(LibraryViewModel library, ObservableValue<TimeText> times, Actions actions) {
    this.library = library;
    this.times = times;
    this.actions = actions;
    getStyleClass().add("library");
    archives = new FrameList<>(archiveColumns(), FrameList.ROW, new Archives());
    archives.setAccessibleText("Archives");
    archives.setPlaceholder("Open a recording to begin. Drop .pgrec files here, or press Ctrl+O.");
    archives.setOpener(this::openSelected);
    archives
        .selectedProperty()
        .addListener((_, _, index) -> {
          int at = index.intValue();
          if (at >= 0 && at < library.entries().size()) {
            library.selectedProperty().set(Optional.of(library.entries().get(at)));
          }
        });
    sessions = new FrameList<>(sessionColumns(), FrameList.ROW, new Sessions());
    sessions.setAccessibleText("Sessions of the archive");
    sessions.setPlaceholder("No session can be read.");
    sessions.setOpener(this::openSession);
    HBox.setHgrow(left(), Priority.ALWAYS);
    ScrollPane side = new ScrollPane(facts);
    side.getStyleClass().add("facts-scroll");
    side.setFitToWidth(true);
    side.setMinWidth(392);
    side.setMaxWidth(392);
    facts.getStyleClass().add("facts");
    Region line = new Region();
    line.getStyleClass().add("vline");
    getChildren().addAll(left(), line, side);
    library.revisionProperty().addListener((_, _, _) -> refresh());
    library.selectedProperty().addListener((_, _, _) -> refresh());
    library.entries().addListener((javafx.beans.Observable _) -> refresh());
    times.addListener((_, _, _) -> refresh());
    sceneProperty()
        .addListener((_, _, scene) -> {
          if (scene != null && stale) {
            refresh();
          }
        });
    refresh();
  }

  private boolean first = true;
  private boolean stale;
  private @org.jspecify.annotations.Nullable VBox left;

  private VBox left() {
    if (left != null) {
      return left;
    }
    Button open = Chips.button(BootstrapIcons.FOLDER2_OPEN, "Open…", "flat");
    open.setOnAction(_ -> actions.pick().run());
    Button folder = Chips.button(BootstrapIcons.FOLDER_PLUS, "Add folder…", "flat");
    folder.setOnAction(_ -> actions.pickFolder().run());
    HBox head = head("Archives", false);
    head.getChildren().addAll(archivesSub, spacer(), open, Chips.key("Ctrl+O"), folder);
    HBox sessionHead = head("Sessions", true);
    sessionHead.getChildren().add(sessionsSub);
    VBox.setVgrow(sessions, Priority.ALWAYS);
    archives.setMinHeight(26 + 24 * 6);
    archives.setPrefHeight(26 + 24 * 9);
    Label hint =
        new Label(
            "Drop archive files or folders here. Archives are opened read-only and never modified.",
            Icons.of(BootstrapIcons.BOX_ARROW_IN_DOWN, "icon-muted"));
    hint.getStyleClass().addAll("muted", "small", "drop-hint");
    hint.setMaxWidth(Double.MAX_VALUE);
    VBox box = new VBox(head, archives, sessionHead, sessions, hint);
    left = box;
    return box;
  }

  /// Panes in the order of F6.
  public List<Node> panes() {
    return List.of(archives, sessions);
  }

  private void openSelected() {
    library.selectedProperty().get().ifPresent(actions.open());
  }

  private void openSession() {
    int at = (int) sessions.selectedProperty().get();
    if (at >= 0 && at < shownSessions.size()) {
      SessionCard session = shownSessions.get(at);
      library
          .selectedProperty()
          .get()
          .ifPresent(entry -> actions.openSession().accept(entry, session));
    }
  }

  /// While it is not in the window it costs nothing; it is brought up to date when it comes back.
  private void refresh() {
    stale = getScene() == null && !first;
    first = false;
    if (stale) {
      return;
    }
    long count = library.entries().size();
    archivesSub.setText(count == 0 ? "" : Words.number(count));
    Optional<LibraryEntry> entry = library.selectedProperty().get();
    archives.refresh();
    entry.ifPresent(e -> archives.selectedProperty().set(library.entries().indexOf(e)));
    shownSessions =
        entry.flatMap(LibraryEntry::archive).map(archive -> archive.sessions()).orElse(List.of());
    if (!entry.equals(shownEntry)) {
      shownEntry = entry;
      sessions.setRows(new Sessions());
      sessions.selectedProperty().set(-1);
    }
    if (sessions.selectedProperty().get() < 0 && !shownSessions.isEmpty()) {
      sessions.selectedProperty().set(0);
    }
    sessions.refresh();
    sessionsSub.setText(
        entry.map(e -> Words.number(shownSessions.size()) + " in " + e.name()).orElse(""));
    showFacts(entry);
  }

  // ---- archives ----

  private List<FrameList.Column<LibraryEntry>> archiveColumns() {
    return List.of(
        new FrameList.Column<>("Integrity", 140, false, IntegrityCell::new),
        new FrameList.Column<>(
            "Archive", -1, false, () -> FrameList.text(LibraryEntry::name, "wide")),
        new FrameList.Column<>(
            "Recorded (UTC)", 152, false, () -> FrameList.text(this::recorded, "num-left")),
        column("Sessions", 72, card -> Words.number(card.sessions())),
        column("Statements", 86, card -> Words.number(card.statements())),
        column("Frames", 72, card -> Words.number(card.frames())),
        column("Masked", 64, card -> zero(card.decisions().masked())),
        column("Held", 50, card -> zero(card.decisions().held())),
        column("Blocked", 66, card -> zero(card.decisions().blocked())),
        column("Killed", 60, card -> zero(card.decisions().killed())));
  }

  private static FrameList.Column<LibraryEntry> column(
      String title, double width, java.util.function.Function<ArchiveCard, String> text) {
    return new FrameList.Column<>(
        title,
        width,
        true,
        () -> FrameList.text(entry -> entry.card().map(text).orElse("–"), "num"));
  }

  private static String zero(long count) {
    return Words.number(count);
  }

  private String recorded(LibraryEntry entry) {
    return entry
        .card()
        .map(card ->
            card.from().isPresent() && card.to().isPresent()
                ? times.getValue().span(card.from().get(), card.to().get())
                : card.problem().isEmpty() ? "nothing recorded" : "–")
        .orElse("–");
  }

  private static final class IntegrityCell implements FrameList.Cell<LibraryEntry> {
    private final Label label = new Label();
    private String shown = "";

    IntegrityCell() {
      label.getStyleClass().addAll("cell", "integrity");
    }

    @Override
    public Node node() {
      return label;
    }

    @Override
    public void show(LibraryEntry entry) {
      Optional<IntegrityState> state = entry.integrity();
      String now = state.map(IntegrityState::word).orElseGet(() -> pending(entry));
      if (now.equals(shown)) {
        return; // a new icon would need a style pass before it can be drawn
      }
      shown = now;
      label.getStyleClass().setAll("label", "cell", "integrity");
      if (state.isPresent()) {
        label.getStyleClass().add(state.get().json().toLowerCase(Locale.ROOT));
        label.setGraphic(Icons.of(Icons.integrity(state.get())));
        label.setText(state.get().word());
      } else {
        label.setGraphic(Icons.of(BootstrapIcons.HOURGLASS_SPLIT));
        label.setText(pending(entry));
      }
    }
  }

  /// What stands in place of a state that is not known yet.
  static String pending(LibraryEntry entry) {
    return switch (entry.stateProperty().get()) {
      case LibraryEntry.State.Failed _ -> "Not readable";
      case LibraryEntry.State.Opening _ -> "Opening";
      case LibraryEntry.State.Opened _ ->
          switch (entry.checkProperty().get()) {
            case LibraryEntry.Check.Running(double share) ->
                "Checking %d %%".formatted((int) (share * 100));
            case LibraryEntry.Check.Cancelled _ -> "Check stopped";
            case LibraryEntry.Check.Failed _ -> "Check failed";
            case LibraryEntry.Check.Waiting _,
                LibraryEntry.Check.Done _,
                LibraryEntry.Check.Earlier _ ->
                "Checking";
          };
    };
  }

  private final class Archives implements FrameList.Rows<LibraryEntry> {
    @Override
    public long size() {
      return library.entries().size();
    }

    @Override
    public LibraryEntry row(long index) {
      return library.entries().get((int) index);
    }

    @Override
    public String spoken(LibraryEntry entry) {
      return "%s, %s, %s"
          .formatted(
              entry.integrity().map(IntegrityState::word).orElse(pending(entry)),
              entry.name(),
              entry
                  .card()
                  .map(card ->
                      "%s, %s"
                          .formatted(
                              Words.counted(card.sessions(), "session"),
                              Words.counted(card.statements(), "statement")))
                  .orElse(""));
    }

    @Override
    public List<String> styles(LibraryEntry entry) {
      return List.of();
    }
  }

  // ---- sessions ----

  private List<FrameList.Column<SessionCard>> sessionColumns() {
    return List.of(
        new FrameList.Column<>(
            "Session",
            76,
            true,
            () -> FrameList.text(session -> Words.number(session.number()), "num", "strong")),
        new FrameList.Column<>(
            "Started (UTC)",
            116,
            true,
            () -> FrameList.text(session -> times.getValue().clock(session.started()), "num")),
        new FrameList.Column<>(
            "Subject",
            150,
            false,
            () -> FrameList.text(s -> s.subject().map(Party::name).orElse("unknown"), "wide")),
        new FrameList.Column<>(
            "Acting", 168, false, () -> FrameList.text(LibraryView::acting, "wide")),
        new FrameList.Column<>(
            "Application",
            -1,
            false,
            () -> FrameList.text(LibraryView::application, "wide", "sub")),
        sessionColumn("Statements", 86, SessionCard::statements),
        sessionColumn("Masked", 64, s -> s.decisions().masked()),
        sessionColumn("Held", 50, s -> s.decisions().held()),
        sessionColumn("Blocked", 66, s -> s.decisions().blocked()),
        sessionColumn("Killed", 60, s -> s.decisions().killed()));
  }

  private static FrameList.Column<SessionCard> sessionColumn(
      String title, double width, java.util.function.ToLongFunction<SessionCard> value) {
    return new FrameList.Column<>(
        title, width, true, () -> FrameList.text(s -> Words.number(value.applyAsLong(s)), "num"));
  }

  private static String acting(SessionCard session) {
    return session.actors().isEmpty()
        ? "directly"
        : session.actors().stream().map(Party::name).collect(Collectors.joining(" → "));
  }

  private static String application(SessionCard session) {
    return session.refusal().isEmpty() ? session.application() : "refused: " + session.refusal();
  }

  private final class Sessions implements FrameList.Rows<SessionCard> {
    @Override
    public long size() {
      return shownSessions.size();
    }

    @Override
    public SessionCard row(long index) {
      return shownSessions.get((int) index);
    }

    @Override
    public String spoken(SessionCard session) {
      return "Session %d, %s, %s, %s"
          .formatted(
              session.number(),
              session.subject().map(Party::name).orElse("unknown"),
              acting(session),
              Words.counted(session.statements(), "statement"));
    }

    @Override
    public List<String> styles(SessionCard session) {
      return session.refusal().isEmpty() ? List.of() : List.of("event");
    }
  }

  // ---- facts ----

  private void showFacts(Optional<LibraryEntry> chosen) {
    facts.getChildren().clear();
    if (chosen.isEmpty()) {
      return;
    }
    LibraryEntry entry = chosen.get();
    HBox name = head(entry.name(), false);
    ((Label) name.getChildren().getFirst()).setMinWidth(0);
    facts.getChildren().add(name);
    VBox rows = new VBox();
    rows.getStyleClass().add("fact-rows");
    facts.getChildren().add(rows);
    HBox badges = new HBox(8, badge(entry));
    badges.setAlignment(Pos.CENTER_LEFT);
    Optional<IntegrityReport> report = entry.report();
    report.ifPresent(r ->
        badges
            .getChildren()
            .add(
                sub(
                    "%s of %s"
                        .formatted(
                            Words.number(r.provedSegments()),
                            Words.counted(r.segments().size(), "segment")))));
    rows.getChildren().add(badges);
    if (entry.stateProperty().get() instanceof LibraryEntry.State.Failed(String message)) {
      fact(rows, "Problem", message, false);
      return;
    }
    entry
        .verifiedEarlier()
        .ifPresent(at ->
            fact(
                rows,
                "Checked",
                times.getValue().full(at)
                    + "; the file is unchanged since: size, times, last bytes",
                false));
    report.ifPresent(r -> {
      if (!r.sha256().isEmpty()) {
        HBox row = fact(rows, "SHA-256", Words.middle(r.sha256(), 26), true);
        Button copy = Chips.button(BootstrapIcons.CLIPBOARD, "Copy", "flat");
        copy.setOnAction(_ -> actions.copy().accept(r.sha256()));
        row.getChildren().addAll(spacer(), copy);
      }
      fact(rows, "Signed by", r.signer().isEmpty() ? "nobody" : signer(r), false);
      if (!r.signerFingerprint().isEmpty()) {
        fact(rows, "Key", Words.middle(r.signerFingerprint(), 26), true);
      }
    });
    entry.card().ifPresent(card -> cardFacts(rows, card));
    if (report.isPresent() && report.get().state() != IntegrityState.VERIFIED) {
      Button explain = Chips.button(BootstrapIcons.QUESTION_CIRCLE, "What does this mean?");
      explain.setOnAction(_ -> actions.explain().accept(entry));
      HBox line = new HBox(explain);
      rows.getChildren().add(line);
    }
    buttons(entry);
  }

  private static String signer(IntegrityReport report) {
    int plus = report.signer().indexOf('+');
    String name = plus > 0 ? report.signer().substring(0, plus) : report.signer();
    return report.state() == IntegrityState.UNKNOWN_SIGNER
        ? name + ", not in your trust list"
        : name + ", in your trust list";
  }

  private void cardFacts(VBox rows, ArchiveCard card) {
    if (!card.problem().isEmpty()) {
      fact(rows, "Problem", card.problem(), false);
    }
    fact(
        rows,
        "Written",
        "pgrec " + card.format() + (card.software().isEmpty() ? "" : ", " + card.software()),
        false);
    if (!card.policies().isEmpty()) {
      fact(rows, "Policy", String.join(", ", card.policies()), false);
    }
    fact(
        rows,
        "Size",
        Words.bytes(card.sizeBytes()) + " in " + Words.counted(card.segments(), "segment"),
        false);
    if (card.from().isPresent() && card.to().isPresent()) {
      fact(rows, "From", times.getValue().full(card.from().get()), true);
      fact(rows, "To", times.getValue().full(card.to().get()), true);
      fact(rows, "Coverage", coverage(card, card.from().get(), card.to().get()), false);
    }
    for (RecordingGap gap : card.gaps().subList(0, Math.min(3, card.gaps().size()))) {
      fact(
          rows,
          "Gap",
          times.getValue().clock(gap.from())
              + "–"
              + times.getValue().clock(gap.to())
              + " "
              + gap.cause(),
          false);
    }
    facts.getChildren().add(decisions(card.decisions()));
  }

  private static String coverage(ArchiveCard card, Instant from, Instant to) {
    Duration whole = Duration.between(from, to);
    Duration missing =
        card.gaps().stream()
            .map(gap -> Duration.between(gap.from(), gap.to()))
            .reduce(Duration.ZERO, Duration::plus);
    return missing.isZero()
        ? TimeText.length(whole) + ", no gap"
        : "%s of %s".formatted(TimeText.length(whole.minus(missing)), TimeText.length(whole));
  }

  private static VBox decisions(DecisionCounts counts) {
    HBox head = head("Decisions", true);
    head.getChildren().add(sub(Words.counted(counts.total(), "statement")));
    VBox rows = new VBox();
    rows.getStyleClass().add("fact-rows");
    for (DecisionKind kind : DecisionKind.values()) {
      Label number = new Label(Words.number(counts.of(kind)));
      number.getStyleClass().add("mono");
      if (counts.of(kind) == 0) {
        number.getStyleClass().add("muted");
      }
      HBox row = new HBox(8, Chips.decision(kind), spacer(), number);
      row.setAlignment(Pos.CENTER_LEFT);
      rows.getChildren().add(row);
    }
    return new VBox(head, rows);
  }

  /// The state of an entry as a badge.
  public static Label badge(LibraryEntry entry) {
    return entry.integrity().map(Chips::integrity).orElseGet(() -> Chips.checking(pending(entry)));
  }

  private void buttons(LibraryEntry entry) {
    HBox row = new HBox(8);
    row.getStyleClass().add("fact-buttons");
    Button open = Chips.button(BootstrapIcons.COLLECTION_PLAY, "Replay", "primary");
    open.setOnAction(_ -> actions.open().accept(entry));
    row.getChildren().add(open);
    if (entry.checkProperty().get() instanceof LibraryEntry.Check.Running) {
      Button cancel = Chips.button(BootstrapIcons.X_CIRCLE, "Stop checking");
      cancel.setOnAction(_ -> library.cancel(entry));
      row.getChildren().add(cancel);
    } else {
      Button verify = Chips.button(BootstrapIcons.SHIELD_CHECK, "Verify again");
      verify.setOnAction(_ -> library.verify(entry));
      row.getChildren().add(verify);
    }
    Button remove = Chips.button(BootstrapIcons.X_CIRCLE, "Remove");
    remove.setTooltip(new Tooltip("Takes it out of the list. The file stays where it is."));
    remove.setOnAction(_ -> library.remove(entry));
    row.getChildren().add(remove);
    facts.getChildren().add(row);
  }

  private static HBox fact(VBox rows, String key, String value, boolean mono) {
    Label k = new Label(key);
    k.getStyleClass().add("fact-key");
    Label v = new Label(value);
    v.getStyleClass().add(mono ? "mono" : "small");
    v.setWrapText(!mono);
    HBox row = new HBox(k, v);
    row.setAlignment(mono ? Pos.CENTER_LEFT : Pos.TOP_LEFT);
    row.getStyleClass().add("fact");
    rows.getChildren().add(row);
    return row;
  }

  private static HBox head(String title, boolean ruled) {
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

  private static Region spacer() {
    Region spacer = new Region();
    HBox.setHgrow(spacer, Priority.ALWAYS);
    return spacer;
  }

  private static Label sub(String text) {
    Label label = Chips.whole(new Label(text));
    label.getStyleClass().addAll("muted", "small");
    return label;
  }
}
