package dev.nestor.review.app;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.review.integrity.IntegrityView;
import dev.nestor.review.library.LibraryEntry;
import dev.nestor.review.library.LibraryView;
import dev.nestor.review.replay.ReplayKeys;
import dev.nestor.review.replay.ReplayView;
import dev.nestor.review.replay.ReplayViewModel;
import dev.nestor.review.survey.SurveyViewModel;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.Icons;
import dev.nestor.review.ui.WindowWatch;
import dev.nestor.review.ui.Words;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Shows a [Workbench]: menus, toolbar, rail, the page in the middle, the status line, dialogs.
public final class WorkbenchView extends StackPane {
  private static final int TEXT_MIN = 11;
  private static final int TEXT_NORMAL = 13;
  private static final int TEXT_MAX = 20;

  private Optional<WindowWatch> watch = Optional.empty();
  private final Workbench workbench;
  private final BorderPane frame = new BorderPane();
  private final StackPane overlay = new StackPane();
  private final Dialogs dialogs = new Dialogs(overlay);
  private final List<Command> commands = new ArrayList<>();
  private final Menu recent = new Menu("Open _recent");
  private final HBox where = new HBox(8);
  private final TextField goTo = new TextField();
  private final Button zone = Chips.button(BootstrapIcons.CLOCK, "UTC", "flat");
  private final Map<String, VBox> rail = new LinkedHashMap<>();
  private final Label integrityStatus = new Label();
  private final Label selectionStatus = new Label();
  private final Label messageStatus = new Label();
  private final LibraryView library;
  private int textPoints = TEXT_NORMAL;
  private @Nullable Node focusAtPress;
  private final ReplayActions actions;
  private final SurveyedPlaces surveyed;
  private final ActivitiesBar activities;
  private final Consumer<Workbench> newWindow;
  private ReplayView.Layout layout = ReplayView.Layout.READING;
  private List<Node> panes = List.of();
  private @Nullable ReplayView replayView;
  private @Nullable ReplayViewModel shownReplay;

  /// @param workbench what is shown
  /// @param newWindow opens another window at the place where this one stands
  public WorkbenchView(Workbench workbench, Consumer<Workbench> newWindow) {
    this.workbench = workbench;
    this.newWindow = newWindow;
    actions = new ReplayActions(workbench, dialogs, () -> replayView, this::copy);
    surveyed = new SurveyedPlaces(workbench, dialogs);
    activities = new ActivitiesBar(new Activities(workbench), dialogs);
    library =
        new LibraryView(
            workbench.library(),
            workbench.timesProperty(),
            new LibraryView.Actions(
                workbench::openEntry,
                (entry, session) ->
                    workbench.openSession(
                        entry, session.number(), Long.MAX_VALUE, OptionalLong.empty()),
                this::chooseFiles,
                this::chooseFolder,
                workbench::explain,
                this::copy));
    fillCommands();
    frame.getStyleClass().add("frame");
    frame.setTop(new VBox(menus(), toolbar()));
    frame.setLeft(rail());
    frame.setBottom(status());
    getChildren().addAll(frame, overlay);
    Rectangle edge = new Rectangle();
    edge.widthProperty().bind(widthProperty());
    edge.heightProperty().bind(heightProperty());
    setClip(edge);
    setOnDragOver(this::dragOver);
    setOnDragDropped(this::dropped);
    addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
    addEventFilter(KeyEvent.KEY_TYPED, this::typed);
    workbench.pageProperty().addListener((_, _, _) -> showPage());
    workbench.library().revisionProperty().addListener((_, _, _) -> libraryChanged());
    workbench
        .survey()
        .stateProperty()
        .addListener((_, _, _) -> {
          if (workbench.pageProperty().get() instanceof Workbench.Page.Lineage
              || workbench.pageProperty().get() instanceof Workbench.Page.Credentials) {
            showPage();
          }
        });
    workbench.timesProperty().addListener((_, _, _) -> showZone());
    workbench.statusProperty().addListener((_, _, text) -> messageStatus.setText(text));
    showZone();
    showPage();
  }

  // ---- commands ----

  private void fillCommands() {
    BooleanSupplier always = () -> true;
    BooleanSupplier replaying = () -> workbench.replay().isPresent();
    add("File", "Open…", "Ctrl+O", "Shortcut+O", always, this::chooseFiles);
    add("File", "Add folder…", "", "", always, this::chooseFolder);
    add(
        "File",
        "Export as evidence package…",
        "Ctrl+E",
        "Shortcut+E",
        () -> workbench.export().selection().isPresent(),
        this::exportEvidence);
    add("File", "Quit", "Ctrl+Q", "Shortcut+Q", always, this::quit);
    add("Edit", "Copy as…", "Ctrl+Alt+C", "Shortcut+Alt+C", replaying, actions::copyAs);
    add(
        "Edit",
        "Copy citation",
        "Ctrl+Shift+C",
        "Shortcut+Shift+C",
        replaying,
        actions::copyCitation);
    add(
        "View",
        "Light, dark or high contrast",
        "Ctrl+Shift+D",
        "Shortcut+Shift+D",
        always,
        workbench::toggleTheme);
    add("View", "UTC or local time", "Ctrl+T", "Shortcut+T", always, workbench::toggleZone);
    add("View", "Wire pane", "W", "", replaying, this::toggleWire);
    int number = 1;
    for (ReplayView.Layout layout : ReplayView.Layout.values()) {
      String word = layout.name().charAt(0) + layout.name().substring(1).toLowerCase(Locale.ROOT);
      add(
          "View",
          word + " layout",
          "Ctrl+Alt+" + number,
          "Shortcut+Alt+" + number,
          replaying,
          () -> arrange(layout));
      number++;
    }
    add(
        "View",
        "Open in a new window",
        "Ctrl+Shift+N",
        "Shortcut+Shift+N",
        replaying,
        () -> newWindow.accept(workbench));
    add("Replay", "Show rule", "Shift+R", "", replaying, actions::showRule);
    add("Go", "Library", "Ctrl+1", "Shortcut+1", always, workbench::showLibrary);
    add("Go", "Search", "Ctrl+3", "Shortcut+3", always, workbench::showSearch);
    add("Go", "Ask a question…", "Ctrl+K", "Shortcut+K", always, this::focusGoTo);
    add("Go", "Replay", "Ctrl+4", "Shortcut+4", always, workbench::showReplay);
    add("Go", "Lineage", "Ctrl+5", "Shortcut+5", always, workbench::showLineage);
    add("Go", "Credentials", "Ctrl+6", "Shortcut+6", always, workbench::showCredentials);
    add("Go", "Reviews", "Ctrl+7", "Shortcut+7", always, workbench::showReviews);
    add("Go", "Lineage of this session", "L", "", replaying, workbench::showLineageOfSession);
    add(
        "View",
        "Lineage as tree or graph",
        "V",
        "",
        () -> workbench.pageProperty().get() instanceof Workbench.Page.Lineage,
        workbench.lineage()::toggleGraph);
    add("Go", "Back", "Alt+←", "Alt+Left", always, () -> workbench.goBack(false));
    add("Go", "Forward", "Alt+→", "Alt+Right", always, () -> workbench.goBack(true));
    add("Go", "Statements like this", "F", "", replaying, workbench::askForLikeThis);
    add(
        "View",
        "Rules for credentials…",
        "P",
        "",
        () -> workbench.pageProperty().get() instanceof Workbench.Page.Credentials,
        this::showRules);
    add("Edit", "Preferences…", "Ctrl+,", "Shortcut+COMMA", always, this::showPreferences);
    add("View", "Activities", "Ctrl+Shift+A", "Shortcut+Shift+A", always, () -> activities.show());
    add("View", "Larger text", "Ctrl+=", "Shortcut+EQUALS", always, () -> textSize(1));
    add("View", "Smaller text", "Ctrl+-", "Shortcut+MINUS", always, () -> textSize(-1));
    add("View", "Normal text", "Ctrl+0", "Shortcut+DIGIT0", always, () -> textSize(0));
    add("Go", "Next pane", "F6", "", always, () -> nextPane(true));
    add("Go", "Previous pane", "Shift+F6", "", always, () -> nextPane(false));
    add("Go", "Frame or time…", "Ctrl+G", "Shortcut+G", always, this::focusGoTo);
    add("Replay", "Play or pause", "Space", "", replaying, with(ReplayViewModel::playOrPause));
    add("Replay", "Next frame", ".", "", replaying, with(r -> r.stepFrame(true)));
    add("Replay", "Previous frame", ",", "", replaying, with(r -> r.stepFrame(false)));
    add("Replay", "Next statement", "]", "", replaying, with(r -> r.stepStatement(true)));
    add("Replay", "Previous statement", "[", "", replaying, with(r -> r.stepStatement(false)));
    add(
        "Replay",
        "Next exception",
        "F8",
        "",
        replaying,
        () -> step(ReplayViewModel.EXCEPTIONS, true));
    add(
        "Replay",
        "Previous exception",
        "Shift+F8",
        "",
        replaying,
        () -> step(ReplayViewModel.EXCEPTIONS, false));
    add(
        "Replay",
        "Next masked",
        "Shift+M",
        "",
        replaying,
        () -> step(Set.of(DecisionKind.MASK), true));
    add(
        "Replay",
        "Next held",
        "Shift+H",
        "",
        replaying,
        () -> step(Set.of(DecisionKind.HOLD), true));
    add(
        "Replay",
        "Next blocked",
        "Shift+X",
        "",
        replaying,
        () -> step(Set.of(DecisionKind.BLOCK), true));
    add(
        "Replay",
        "Next killed",
        "Shift+K",
        "",
        replaying,
        () -> step(Set.of(DecisionKind.KILL), true));
    add("Replay", "Next error", "Shift+E", "", replaying, with(r -> r.stepError(true)));
    add("Replay", "Next transaction", "Shift+T", "", replaying, with(r -> r.stepTransaction(true)));
    add("Replay", "First row", "Home", "", replaying, with(ReplayViewModel::first));
    add("Replay", "Last row", "End", "", replaying, with(ReplayViewModel::last));
    add("Replay", "Faster", "+", "", replaying, with(r -> r.changeSpeed(true)));
    add("Replay", "Slower", "-", "", replaying, with(r -> r.changeSpeed(false)));
    add(
        "Replay",
        "Skip gaps on or off",
        "G",
        "",
        replaying,
        with(r -> r.skipGapsProperty().set(!r.skipGapsProperty().get())));
    add("Replay", "Choose a session…", "Ctrl+L", "Shortcut+L", replaying, this::chooseSession);
    commands.addAll(surveyed.reviewCommands());
    add("Tools", "Review the open archives", "", "", always, workbench::prepareReview);
    add("Tools", "Verify again", "", "", this::hasEntry, this::verifyAgain);
    add("Tools", "What its integrity means", "", "", this::hasEntry, this::explain);
    add("Help", "Commands", "Ctrl+Shift+P", "Shortcut+Shift+P", always, this::showPalette);
    add("Help", "Keys", "F1 or ?", "F1", always, this::showKeys);
  }

  private void add(
      String menu,
      String title,
      String keys,
      String accelerator,
      BooleanSupplier enabled,
      Runnable action) {
    commands.add(
        new Command(
            menu,
            title,
            keys,
            accelerator.isEmpty() ? null : KeyCombination.valueOf(accelerator),
            enabled,
            action));
  }

  private Runnable with(java.util.function.Consumer<ReplayViewModel> action) {
    return () -> workbench.replay().ifPresent(action);
  }

  private void step(Set<DecisionKind> kinds, boolean forward) {
    workbench.say("");
    workbench.stepTo(kinds, forward);
  }

  /// As the window's own button does.
  private void quit() {
    Window window = getScene().getWindow();
    window.fireEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSE_REQUEST));
  }

  /// @param by points larger; 0 for the size that everything is drawn for
  private void textSize(int by) {
    textPoints = by == 0 ? TEXT_NORMAL : Math.clamp(textPoints + by, TEXT_MIN, TEXT_MAX);
    setStyle(textPoints == TEXT_NORMAL ? "" : "-fx-font-size: %dpx".formatted(textPoints));
    workbench.say("Text size " + textPoints);
  }

  /// What says how the window did; known once it is shown.
  void setWatch(WindowWatch started) {
    watch = Optional.of(started);
  }

  private void showPreferences() {
    dialogs.preferences(
        new PreferencesForm(
            workbench,
            new PreferencesForm.Choices(
                () -> textPoints,
                this::textSize,
                this::showRules,
                () -> watch.map(WindowWatch::summary).orElse("Not watched."))));
  }

  private void showRules() {
    dialogs.rules(workbench.credentials().rules(), workbench.credentials()::judge);
  }

  /// Shows the preferences, for the tour.
  public void openPreferences() {
    showPreferences();
  }

  /// Shows what would be signed, for the tour.
  public void openSignOff() {
    dialogs.signOff(workbench.campaign());
  }

  private void showPalette() {
    dialogs.palette(commands);
  }

  private void showKeys() {
    dialogs.keys(commands);
  }

  /// Shows the sheet of keys, for the tour.
  public void openKeys() {
    showKeys();
  }

  /// Closes whatever dialog is open.
  public void closeDialogs() {
    if (dialogs.isOpen()) {
      dialogs.close();
    }
  }

  private boolean hasEntry() {
    return chosen().isPresent();
  }

  private Optional<LibraryEntry> chosen() {
    return workbench.entry().or(() -> workbench.library().selectedProperty().get());
  }

  private void verifyAgain() {
    chosen().ifPresent(workbench.library()::verify);
  }

  private void explain() {
    chosen().filter(entry -> entry.card().isPresent()).ifPresent(workbench::explain);
  }

  private void arrange(ReplayView.Layout wanted) {
    layout = wanted;
    if (replayView != null) {
      replayView.arrange(wanted);
      focusFirstPane();
    }
  }

  /// Lays the panes of Replay out, for the tour.
  public void showLayout(ReplayView.Layout wanted) {
    arrange(wanted);
  }

  /// Shows the rule of the statement that is shown, for the tour.
  public void openRule() {
    actions.showRule();
  }

  private void toggleWire() {
    if (replayView != null) {
      replayView.toggleWire();
    }
  }

  private void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }

  // ---- frame ----

  private MenuBar menus() {
    MenuBar bar = new MenuBar();
    bar.setUseSystemMenuBar(true);
    Map<String, Menu> menus = new LinkedHashMap<>();
    for (Command command : commands) {
      Menu menu = menus.computeIfAbsent(command.menu(), name -> new Menu("_" + name));
      MenuItem item = new MenuItem(command.title());
      if (command.accelerator() != null) {
        item.setAccelerator(command.accelerator());
      } else if (!command.keys().isEmpty()) {
        item.setText(command.title() + "    " + command.keys());
      }
      item.setOnAction(_ -> command.run());
      menu.setOnShowing(_ -> {
        for (MenuItem each : menu.getItems()) {
          if (each.getUserData() instanceof Command c) {
            each.setDisable(!c.enabled().getAsBoolean());
          }
        }
      });
      item.setUserData(command);
      menu.getItems().add(item);
    }
    Menu file = menus.get("File");
    if (file != null) {
      file.getItems().add(2, recent);
      file.getItems().add(3, new SeparatorMenuItem());
      file.setOnShowing(_ -> fillRecent());
    }
    bar.getMenus().addAll(menus.values());
    return bar;
  }

  private void fillRecent() {
    recent.getItems().clear();
    for (Path path : workbench.recent()) {
      MenuItem item = new MenuItem(Words.middle(path.toString(), 70));
      item.setMnemonicParsing(false);
      item.setOnAction(_ -> workbench.open(List.of(path), OptionalLong.empty()));
      recent.getItems().add(item);
    }
    recent.setDisable(recent.getItems().isEmpty());
  }

  private HBox toolbar() {
    where.setAlignment(Pos.CENTER_LEFT);
    HBox.setHgrow(where, Priority.ALWAYS);
    goTo.setPromptText("Search, or go to a frame, statement or time");
    goTo.setAccessibleText("Search, or go to a frame, statement or time");
    goTo.getStyleClass().add("go-to");
    goTo.setOnAction(_ -> {
      String wrong = workbench.goTo(goTo.getText());
      workbench.say(wrong);
      goTo.pseudoClassStateChanged(
          javafx.css.PseudoClass.getPseudoClass("wrong"), !wrong.isEmpty());
      if (wrong.isEmpty()) {
        if (!(workbench.pageProperty().get() instanceof Workbench.Page.Search)) {
          goTo.clear();
        }
        focusFirstPane();
      }
    });
    goTo.addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.ESCAPE) {
            focusFirstPane();
            event.consume();
          }
        });
    HBox search = new HBox(Icons.of(BootstrapIcons.SEARCH), goTo, Chips.key("Ctrl+K"));
    search.getStyleClass().add("search");
    HBox.setHgrow(goTo, Priority.ALWAYS);
    search.setMinWidth(360);
    search.setPrefWidth(480);
    search.setMaxWidth(480);
    zone.setOnAction(_ -> workbench.toggleZone());
    zone.setTooltip(new Tooltip("Time zone of everything shown  (Ctrl+T)"));
    Button theme =
        Chips.tool(BootstrapIcons.CIRCLE_HALF, "Light, dark or high contrast", "Ctrl+Shift+D");
    theme.setOnAction(_ -> workbench.toggleTheme());
    HBox bar = new HBox(where, search, new Region(), zone, theme);
    bar.getStyleClass().addAll("bar", "toolbar");
    bar.setMinHeight(40);
    bar.setMaxHeight(40);
    return bar;
  }

  private void showZone() {
    boolean utc = workbench.timesProperty().get().isUtc();
    zone.setText(workbench.timesProperty().get().zoneWord());
    zone.getStyleClass().remove("warn");
    if (!utc) {
      zone.getStyleClass().add("warn");
    }
    zone.setAccessibleText("Times are in " + zone.getText());
  }

  private VBox rail() {
    VBox box = new VBox();
    box.getStyleClass().add("rail");
    box.setMinWidth(72);
    box.setMaxWidth(72);
    box.getChildren()
        .add(place("Library", BootstrapIcons.ARCHIVE, "Ctrl+1", workbench::showLibrary));
    box.getChildren().add(place("Search", BootstrapIcons.SEARCH, "Ctrl+3", workbench::showSearch));
    box.getChildren()
        .add(place("Replay", BootstrapIcons.COLLECTION_PLAY, "Ctrl+4", workbench::showReplay));
    box.getChildren()
        .add(place("Lineage", BootstrapIcons.DIAGRAM_3, "Ctrl+5", workbench::showLineage));
    box.getChildren()
        .add(place("Credentials", BootstrapIcons.KEY, "Ctrl+6", workbench::showCredentials));
    box.getChildren()
        .add(place("Reviews", BootstrapIcons.CARD_CHECKLIST, "Ctrl+7", workbench::showReviews));
    return box;
  }

  private VBox place(String name, org.kordamp.ikonli.Ikon icon, String keys, Runnable go) {
    VBox item = new VBox(Icons.of(icon), Chips.whole(new Label(name)));
    item.getStyleClass().add("item");
    item.setFocusTraversable(true);
    item.setAccessibleRole(javafx.scene.AccessibleRole.BUTTON);
    item.setAccessibleText(name);
    Tooltip.install(item, new Tooltip(name + "  (" + keys + ")"));
    item.setOnMouseClicked(_ -> go.run());
    item.setOnKeyPressed(event -> {
      if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.SPACE) {
        go.run();
        event.consume();
      }
    });
    rail.put(name, item);
    return item;
  }

  private HBox status() {
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    integrityStatus.setGraphic(Icons.of(BootstrapIcons.SHIELD_CHECK));
    messageStatus.setAccessibleRole(javafx.scene.AccessibleRole.TEXT);
    HBox bar =
        new HBox(
            integrityStatus,
            selectionStatus,
            activities.button(),
            messageStatus,
            space,
            Chips.whole(new Label("Read-only evidence")),
            Chips.key("?"),
            Chips.whole(new Label("keys")));
    bar.getStyleClass().add("status");
    bar.setMinHeight(24);
    bar.setMaxHeight(24);
    return bar;
  }

  // ---- pages ----

  private void showPage() {
    Workbench.Page page = workbench.pageProperty().get();
    workbench.say("");
    goTo.setText(page instanceof Workbench.Page.Search ? workbench.search().query() : "");
    switch (page) {
      case Workbench.Page.Library() -> show(library, library.panes(), "Library");
      case Workbench.Page.Integrity(LibraryEntry entry) -> {
        ArchiveCard card = entry.card().orElse(null);
        if (card != null) {
          IntegrityView view =
              new IntegrityView(
                  card,
                  entry.report(),
                  choice ->
                      workbench.replayArchive(entry, OptionalLong.empty(), choice.framesMax()),
                  workbench::showLibrary,
                  this::copy);
          show(view, view.panes(), "Library");
        }
      }
      case Workbench.Page.Loading(_, String what) -> show(message(what), List.of(), "Replay");
      case Workbench.Page.NoReplay(String why) -> show(message(why), List.of(), "Replay");
      case Workbench.Page.Replay(_, ReplayViewModel replay) -> showReplay(replay);
      case Workbench.Page.Search() -> {
        Node found = surveyed.page("Search");
        show(found, surveyed.panes("Search"), "Search");
      }
      case Workbench.Page.Reviews() ->
          show(surveyed.page("Reviews"), surveyed.panes("Reviews"), "Reviews");
      case Workbench.Page.Lineage() -> showSurveyed("Lineage");
      case Workbench.Page.Credentials() -> showSurveyed("Credentials");
    }
    libraryChanged();
  }

  /// A place that waits for the survey of the archives.
  private void showSurveyed(String place) {
    switch (workbench.survey().stateProperty().get()) {
      case SurveyViewModel.State.Reading(int archives) ->
          show(message("Reading " + Words.counted(archives, "archive") + " …"), List.of(), place);
      case SurveyViewModel.State.Failed(String why) -> show(message(why), List.of(), place);
      case SurveyViewModel.State.None() -> show(message("No archive is open."), List.of(), place);
      case SurveyViewModel.State.Ready(_) -> {
        Node page = surveyed.page(place);
        show(page, surveyed.panes(place), place);
      }
    }
  }

  private void showReplay(ReplayViewModel replay) {
    ReplayView view = replayView;
    if (view == null || shownReplay != replay) {
      view = new ReplayView(replay, workbench.timesProperty(), _ -> chooseSession());
      view.setActions(actions.forPanes());
      view.arrange(layout);
      new ReplayKeys(
              replay,
              this::toggleWire,
              actions::showRule,
              workbench::showLineageOfSession,
              workbench::askForLikeThis,
              this::step)
          .install(view);
      replay.currentProperty().addListener((_, _, _) -> showStatus());
      replay.frameProperty().addListener((_, _, _) -> showStatus());
      replay.selectionProperty().addListener((_, _, _) -> showStatus());
      replayView = view;
      shownReplay = replay;
    }
    show(view, view.panes(), "Replay");
  }

  private static Region message(String text) {
    Label label = new Label(text);
    label.getStyleClass().addAll("muted", "page-message");
    StackPane pane = new StackPane(label);
    pane.getStyleClass().add("empty-page");
    return pane;
  }

  private void show(Node node, List<Node> panes, String place) {
    frame.setCenter(node);
    this.panes = panes;
    rail.forEach((name, item) -> {
      item.getStyleClass().remove("sel");
      if (name.equals(place)) {
        item.getStyleClass().add("sel");
      }
    });
    if (!dialogs.isOpen()) {
      node.applyCss(); // a split pane takes its children when it gets its skin
      focusFirstPane();
    }
  }

  private void libraryChanged() {
    showWhere();
    showStatus();
  }

  private void showWhere() {
    where.getChildren().clear();
    Optional<LibraryEntry> entry = workbench.entry();
    where.getChildren().add(Icons.of(BootstrapIcons.ARCHIVE));
    boolean together =
        workbench.pageProperty().get() instanceof Workbench.Page.Lineage
            || workbench.pageProperty().get() instanceof Workbench.Page.Search
            || workbench.pageProperty().get() instanceof Workbench.Page.Reviews
            || workbench.pageProperty().get() instanceof Workbench.Page.Credentials;
    Label home = Chips.whole(new Label(together ? "All open archives" : "Library"));
    where.getChildren().add(home);
    if (entry.isEmpty()) {
      home.getStyleClass().add("h");
      where
          .getChildren()
          .add(count(Words.counted(workbench.library().entries().size(), "archive")));
      return;
    }
    home.getStyleClass().add("muted");
    home.setOnMouseClicked(_ -> workbench.showLibrary());
    Label name = new Label(entry.get().name());
    name.getStyleClass().add("h");
    Label badge = LibraryView.badge(entry.get());
    badge.setOnMouseClicked(_ -> explain());
    where
        .getChildren()
        .addAll(Icons.of(BootstrapIcons.CHEVRON_RIGHT, "i10", "icon-muted"), name, badge);
  }

  private static Label count(String text) {
    Label label = Chips.whole(new Label(text));
    label.getStyleClass().addAll("muted", "small");
    return label;
  }

  private void showStatus() {
    Optional<LibraryEntry> entry = chosen();
    integrityStatus.setText(
        entry
            .map(each ->
                each.integrity()
                    .map(state -> "Integrity: " + state.word().toLowerCase(java.util.Locale.ROOT))
                    .orElse("Integrity: being checked"))
            .orElse("No archive"));
    workbench
        .replay()
        .ifPresent(
            replay -> integrityStatus.setText(integrityStatus.getText() + frameProof(replay)));
    selectionStatus.setText(
        workbench
            .replay()
            .map(replay ->
                replay
                    .currentProperty()
                    .get()
                    .map(row -> selection(replay, row))
                    .orElse("Empty session"))
            .orElseGet(
                () -> Words.counted(workbench.library().entries().size(), "archive") + " open"));
  }

  private static String frameProof(ReplayViewModel replay) {
    long proved = replay.provedFramesProperty().get();
    if (proved == Long.MAX_VALUE) {
      return "";
    }
    return replay
        .currentProperty()
        .get()
        .map(row -> row.frame() <= proved ? ", this frame is proved" : ", this frame is not proved")
        .orElse("");
  }

  private static String selection(ReplayViewModel replay, ReplayRow row) {
    long rows = replay.selectionProperty().get().size();
    return rows > 1 ? Words.counted(rows, "row") + " selected" : selection(row, replay);
  }

  private static String selection(ReplayRow row, ReplayViewModel replay) {
    return switch (row) {
      case ReplayRow.Statement s ->
          "Statement %s of %s selected"
              .formatted(Words.number(s.statement()), Words.number(replay.statements()));
      case ReplayRow.Event _ -> "Event selected";
    };
  }

  private void chooseSession() {
    workbench
        .replay()
        .ifPresent(replay ->
            workbench
                .entry()
                .ifPresent(entry ->
                    dialogs.sessions(
                        entry.archive().map(EvidenceArchive::sessions).orElse(List.of()),
                        replay.session().number(),
                        workbench.timesProperty().get(),
                        session ->
                            workbench.openSession(
                                entry, session.number(), Long.MAX_VALUE, OptionalLong.empty()))));
  }

  // ---- keys, files ----

  private void pressed(KeyEvent event) {
    focusAtPress = getScene().getFocusOwner();
    if (dialogs.isOpen()) {
      return;
    }
    if (event.getCode() == KeyCode.F6) {
      nextPane(!event.isShiftDown());
      event.consume();
    } else if (event.getCode() == KeyCode.ESCAPE
        && workbench.pageProperty().get() instanceof Workbench.Page.Integrity) {
      workbench.showLibrary();
      event.consume();
    } else if (event.getCode() == KeyCode.ESCAPE
        && workbench.pageProperty().get() instanceof Workbench.Page.Loading) {
      workbench.stopReading();
      event.consume();
    }
  }

  private void typed(KeyEvent event) {
    Node now = getScene().getFocusOwner();
    if (now instanceof TextInputControl && !now.equals(focusAtPress)) {
      event.consume(); // the key that led into the field is no text
      return;
    }
    if (!dialogs.isOpen()
        && event.getCharacter().equals("?")
        && !(event.getTarget() instanceof TextField)) {
      showKeys();
      event.consume();
    }
  }

  private void nextPane(boolean forward) {
    List<Node> all = new ArrayList<>(panes());
    all.add(goTo);
    Node owner = getScene() == null ? null : getScene().getFocusOwner();
    int at = -1;
    for (int i = 0; i < all.size(); i++) {
      for (Node node = owner; node != null; node = node.getParent()) {
        if (node.equals(all.get(i))) {
          at = i;
        }
      }
    }
    int next = Math.floorMod(at + (forward ? 1 : -1), all.size());
    focus(all.get(next));
  }

  /// The panes as they are now: in Replay a result or a word in its place.
  private List<Node> panes() {
    ReplayView view = replayView;
    return view != null && view.equals(frame.getCenter()) ? view.panes() : panes;
  }

  private static void focus(Node pane) {
    if (pane.isFocusTraversable()) {
      pane.requestFocus();
      return;
    }
    for (Node each : pane.lookupAll("*")) {
      if (each.isFocusTraversable() && each.isVisible()) {
        each.requestFocus();
        return;
      }
    }
  }

  /// Gives the focus to the first pane of the page.
  public void focusFirstPane() {
    if (!panes.isEmpty() && !dialogs.isOpen()) {
      focus(panes.getFirst());
    }
  }

  private void focusGoTo() {
    goTo.requestFocus();
    goTo.selectAll();
  }

  private void chooseFiles() {
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Open archives");
    chooser
        .getExtensionFilters()
        .addAll(
            new FileChooser.ExtensionFilter("Recorded sessions, reviews", "*.pgrec", "*.pgreview"),
            new FileChooser.ExtensionFilter("All files", "*.*"));
    List<File> files = chooser.showOpenMultipleDialog(getScene().getWindow());
    if (files != null) {
      workbench.open(files.stream().map(File::toPath).toList(), OptionalLong.empty());
    }
  }

  private void exportEvidence() {
    EvidenceExport export = workbench.export();
    export
        .selection()
        .ifPresent(selection -> {
          FileChooser chooser = new FileChooser();
          chooser.setTitle("Export as evidence package");
          chooser.setInitialFileName(EvidenceExport.fileName(selection));
          File file = chooser.showSaveDialog(getScene().getWindow());
          if (file != null) {
            export.write(selection, file.toPath());
          }
        });
  }

  private void chooseFolder() {
    File folder = new DirectoryChooser().showDialog(getScene().getWindow());
    if (folder != null) {
      workbench.open(List.of(folder.toPath()), OptionalLong.empty());
    }
  }

  private void dragOver(DragEvent event) {
    if (event.getDragboard().hasFiles()) {
      event.acceptTransferModes(TransferMode.COPY);
      event.consume();
    }
  }

  private void dropped(DragEvent event) {
    List<Path> paths = event.getDragboard().getFiles().stream().map(File::toPath).toList();
    event.setDropCompleted(!paths.isEmpty());
    event.consume();
    if (!paths.isEmpty()) {
      workbench.open(paths, OptionalLong.empty());
    }
  }
}
