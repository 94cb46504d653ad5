package dev.nestor.review.app;

import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.review.campaign.CampaignViewModel;
import dev.nestor.review.credential.RulesForm;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// Dialogs inside the window: the palette, the sheet of keys, the choice of a session. Escape
/// closes the one that is open and gives the focus back.
final class Dialogs {
  private final StackPane pane;
  private @Nullable Node focusBefore;

  /// @param pane lies over the window; invisible while no dialog is open
  Dialogs(StackPane pane) {
    this.pane = pane;
    pane.getStyleClass().add("scrim");
    pane.setVisible(false);
    pane.setOnMousePressed(event -> {
      if (event.getTarget().equals(pane)) {
        close();
      }
    });
    pane.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.ESCAPE) {
            close();
            event.consume();
          } else if (event.getCode() == KeyCode.F6
              || (event.getCode() == KeyCode.TAB && pane.lookup(".dialog-form") == null)) {
            event.consume(); // nothing behind a dialog takes the focus
          }
        });
  }

  void close() {
    pane.setVisible(false);
    pane.getChildren().clear();
    Node before = focusBefore;
    focusBefore = null;
    if (before != null) {
      before.requestFocus();
    }
  }

  boolean isOpen() {
    return pane.isVisible();
  }

  private void show(String title, Node content, double width, double height, Node focus) {
    Label head = new Label(title);
    head.getStyleClass().add("h");
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    HBox top = new HBox(8, head, space, Chips.key("Esc"));
    top.getStyleClass().add("dialog-head");
    top.setAlignment(Pos.CENTER_LEFT);
    VBox box = new VBox(top, content);
    VBox.setVgrow(content, Priority.ALWAYS);
    box.getStyleClass().add("dialog");
    box.setAccessibleRole(AccessibleRole.DIALOG);
    box.setAccessibleText(title);
    box.setMaxSize(width, height);
    box.setPrefSize(width, height);
    focusBefore = pane.getScene() == null ? null : pane.getScene().getFocusOwner();
    pane.getChildren().setAll(box);
    pane.setVisible(true);
    focus.requestFocus();
  }

  void palette(List<Command> commands) {
    List<Command> enabled =
        commands.stream().filter(each -> each.enabled().getAsBoolean()).toList();
    List<Command> found = new ArrayList<>(enabled);
    TextField field = new TextField();
    field.setPromptText("What do you want to do?");
    field.setAccessibleText("Command");
    FrameList<Command> list =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "", 84, false, () -> FrameList.text(Command::menu, "wide", "sub", "first")),
                new FrameList.Column<>("", -1, false, () -> FrameList.text(Command::title, "wide")),
                new FrameList.Column<>(
                    "", 130, true, () -> FrameList.text(Command::keys, "num", "sub"))),
            FrameList.ROW,
            rows(found, command -> command.title() + " " + command.keys()));
    list.setAccessibleText("Commands");
    list.setPlaceholder("No command is called that.");
    list.select(0);
    Runnable run =
        () -> {
          int at = (int) list.selectedProperty().get();
          if (at >= 0 && at < found.size()) {
            Command command = found.get(at);
            close();
            javafx.application.Platform.runLater(command::run);
          }
        };
    list.setOpener(run);
    field
        .textProperty()
        .addListener((_, _, text) -> {
          String wanted = text.toLowerCase(Locale.ROOT).strip();
          found.clear();
          enabled.stream()
              .filter(each ->
                  (each.menu() + " " + each.title()).toLowerCase(Locale.ROOT).contains(wanted))
              .forEach(found::add);
          list.setRows(rows(found, command -> command.title() + " " + command.keys()));
          list.selectedProperty().set(found.isEmpty() ? -1 : 0);
        });
    field.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          long at = list.selectedProperty().get();
          if (event.getCode() == KeyCode.DOWN) {
            list.select(at + 1);
            event.consume();
          } else if (event.getCode() == KeyCode.UP) {
            list.select(at - 1);
            event.consume();
          } else if (event.getCode() == KeyCode.ENTER) {
            run.run();
            event.consume();
          }
        });
    VBox box = new VBox(field, list);
    box.getStyleClass().add("palette");
    VBox.setVgrow(list, Priority.ALWAYS);
    show("Commands", box, 560, 420, field);
  }

  /// Something to choose, with a look at what it would give.
  ///
  /// @param preview what is shown while it is chosen; short
  /// @param action what choosing it does
  record Choice(
      String word, String about, java.util.function.Supplier<String> preview, Runnable action) {}

  /// A choice with a preview beside it.
  void choose(String title, List<Choice> choices) {
    FrameList<Choice> list =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "", 170, false, () -> FrameList.text(Choice::word, "wide", "first")),
                new FrameList.Column<>("", -1, false, () -> FrameList.text(Choice::about, "sub"))),
            FrameList.ROW,
            rows(choices, choice -> choice.word() + ", " + choice.about()));
    list.setAccessibleText(title);
    TextArea preview = area("");
    preview.setAccessibleText("Preview");
    list.selectedProperty()
        .addListener((_, _, at) -> preview.setText(choices.get(at.intValue()).preview().get()));
    list.select(0);
    list.setOpener(() -> {
      int at = (int) list.selectedProperty().get();
      if (at >= 0) {
        close();
        choices.get(at).action().run();
      }
    });
    list.setPrefHeight(choices.size() * FrameList.ROW + 8);
    list.setMinHeight(choices.size() * FrameList.ROW + 8);
    VBox.setVgrow(preview, Priority.ALWAYS);
    show(title, new VBox(list, preview), 720, 560, list);
  }

  private static TextArea area(String text) {
    TextArea area = new TextArea(text);
    area.setEditable(false);
    area.getStyleClass().add("plain-text");
    return area;
  }

  /// A long text, to read and to take parts of.
  void text(String title, String text) {
    TextArea area = area(text);
    area.setWrapText(true);
    show(title, area, 640, 360, area);
  }

  /// A name, a value and a remark.
  record Pair(String name, String value, String remark) {}

  /// Names with their values, one under the other.
  void pairs(String title, List<Pair> pairs) {
    FrameList<Pair> list =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "Column", 170, false, () -> FrameList.text(Pair::name, "wide", "first")),
                new FrameList.Column<>(
                    "Value", -1, false, () -> FrameList.text(Pair::value, "code")),
                new FrameList.Column<>("", 200, false, () -> FrameList.text(Pair::remark, "sub"))),
            FrameList.ROW,
            rows(pairs, pair -> pair.name() + ": " + pair.value() + ", " + pair.remark()));
    list.setAccessibleText(title);
    list.select(0);
    show(title, list, 720, Math.clamp(84 + pairs.size() * FrameList.ROW, 160, 600), list);
  }

  /// Asks for a reason and for how many days it counts. Nothing is done without a reason.
  void reason(String title, String about, java.util.function.BiConsumer<String, Integer> action) {
    Label what = new Label(about);
    what.setWrapText(true);
    TextField reason = new TextField();
    reason.setPromptText("Why, in a sentence");
    reason.setAccessibleText("Reason");
    TextField days = new TextField("90");
    days.setAccessibleText("Days until it comes back");
    days.setPrefColumnCount(4);
    javafx.scene.control.Button put = new javafx.scene.control.Button("Put aside");
    put.getStyleClass().setAll("btn", "primary");
    put.disableProperty()
        .bind(
            javafx.beans.binding.Bindings.createBooleanBinding(
                () -> reason.getText().isBlank() || !days.getText().matches("[1-9][0-9]{0,3}"),
                reason.textProperty(),
                days.textProperty()));
    Runnable run =
        () -> {
          if (!put.isDisabled()) {
            String why = reason.getText().strip();
            int until = Integer.parseInt(days.getText());
            close();
            action.accept(why, until);
          }
        };
    put.setOnAction(_ -> run.run());
    reason.setOnAction(_ -> run.run());
    days.setOnAction(_ -> run.run());
    HBox line = new HBox(8, new Label("Comes back after"), days, new Label("days"));
    line.setAlignment(Pos.CENTER_LEFT);
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    HBox buttons = new HBox(8, line, space, put);
    buttons.setAlignment(Pos.CENTER_LEFT);
    VBox box = new VBox(12, what, reason, buttons);
    box.getStyleClass().add("dialog-form");
    show(title, box, 560, 190, reason);
  }

  /// Asks for one line.
  void ask(String prompt, Consumer<String> action) {
    TextField field = new TextField();
    field.setPromptText(prompt);
    field.setAccessibleText(prompt);
    field.setOnAction(_ -> {
      if (!field.getText().isBlank()) {
        String typed = field.getText().strip();
        close();
        action.accept(typed);
      }
    });
    VBox box = new VBox(12, field);
    box.getStyleClass().add("dialog-form");
    show(prompt, box, 480, 110, field);
  }

  /// The lines that the rules for stale credentials draw.
  void rules(HygieneRules now, Consumer<HygieneRules> judge) {
    RulesForm form =
        new RulesForm(
            now,
            chosen -> {
              close();
              judge.accept(chosen);
            });
    show("Rules for credentials", form, 520, 380, form.firstField());
  }

  /// What runs, each with a button that stops it.
  void activities(Node nothing, Region list) {
    VBox box = new VBox(8, nothing, list);
    VBox.setVgrow(list, Priority.ALWAYS);
    box.getStyleClass().add("dialog-form");
    show("Activities", box, 560, 340, list);
  }

  /// What would be signed, and the signature.
  void signOff(CampaignViewModel review) {
    SignOff form = new SignOff(review, this::close);
    show("Sign off", form, 760, 470 + form.changesHeight(), form.firstField());
  }

  /// What people may choose, and how the window itself does.
  void preferences(PreferencesForm form) {
    show("Preferences", form, 620, 290, form.firstField());
  }

  /// A numbered line of a file.
  private record FileLine(int number, String text) {}

  /// A policy file at a line.
  ///
  /// @param line from 1; 0 for none in particular
  void policy(String title, List<String> lines, int line) {
    List<FileLine> numbered = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      numbered.add(new FileLine(i + 1, lines.get(i)));
    }
    FrameList<FileLine> list =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "",
                    56,
                    true,
                    () -> FrameList.text(each -> Words.number(each.number()), "num", "sub")),
                new FrameList.Column<>(
                    "", -1, false, () -> FrameList.text(FileLine::text, "code"))),
            20,
            rows(numbered, each -> "line " + each.number() + ": " + each.text()));
    list.setAccessibleText(title);
    show(title, list, 900, Math.clamp(60 + lines.size() * 20.0, 240, 620), list);
    list.applyCss();
    pane.layout();
    list.select(Math.max(0, line - 1));
  }

  /// @param commands the sheet's lines; those without a key are left out
  void keys(List<Command> commands) {
    GridPane grid = new GridPane();
    grid.getStyleClass().add("key-sheet");
    int row = 0;
    int column = 0;
    List<Command> keyed = commands.stream().filter(each -> !each.keys().isEmpty()).toList();
    int half = Math.ceilDiv(keyed.size(), 2);
    for (Command command : keyed) {
      if (row == half) {
        row = 0;
        column = 2;
      }
      HBox caps = new HBox(4);
      for (String key : command.keys().split(" or ", -1)) {
        caps.getChildren().add(Chips.key(key));
      }
      Label title = new Label(command.title());
      title.getStyleClass().add("small");
      grid.add(caps, column, row);
      grid.add(title, column + 1, row);
      if (column == 2) {
        GridPane.setMargin(caps, new javafx.geometry.Insets(0, 0, 0, 56));
      }
      row++;
    }
    grid.setFocusTraversable(true);
    show("Keys", grid, 620, 64 + half * 22.5, grid);
  }

  void sessions(
      List<SessionCard> sessions, long current, TimeText times, Consumer<SessionCard> choose) {
    FrameList<SessionCard> list =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "Session",
                    80,
                    true,
                    () -> FrameList.text(s -> Words.number(s.number()), "num", "strong")),
                new FrameList.Column<>(
                    "Started (" + times.zoneWord() + ")",
                    120,
                    true,
                    () -> FrameList.text(s -> times.clock(s.started()), "num")),
                new FrameList.Column<>(
                    "Subject",
                    200,
                    false,
                    () ->
                        FrameList.text(
                            s -> s.subject().map(Party::name).orElse("unknown"), "wide")),
                new FrameList.Column<>(
                    "Acting",
                    -1,
                    false,
                    () ->
                        FrameList.text(
                            s -> s.actors().isEmpty() ? "directly" : s.actors().getLast().name(),
                            "wide")),
                number("Statements", 92, SessionCard::statements),
                number("Masked", 70, s -> s.decisions().masked()),
                number("Held", 56, s -> s.decisions().held()),
                number("Blocked", 72, s -> s.decisions().blocked()),
                number("Killed", 64, s -> s.decisions().killed())),
            FrameList.ROW,
            rows(
                sessions,
                s ->
                    "Session %d, %s, %s"
                        .formatted(
                            s.number(),
                            s.subject().map(Party::name).orElse("unknown"),
                            Words.counted(s.statements(), "statement"))));
    list.setAccessibleText("Sessions");
    for (int i = 0; i < sessions.size(); i++) {
      if (sessions.get(i).number() == current) {
        list.select(i);
      }
    }
    list.setOpener(() -> {
      int at = (int) list.selectedProperty().get();
      if (at >= 0 && at < sessions.size()) {
        close();
        choose.accept(sessions.get(at));
      }
    });
    show("Choose a session", list, 960, Math.clamp(90 + sessions.size() * 24.0, 160, 520), list);
  }

  private static FrameList.Column<SessionCard> number(
      String title, double width, java.util.function.ToLongFunction<SessionCard> value) {
    return new FrameList.Column<>(
        title, width, true, () -> FrameList.text(s -> Words.number(value.applyAsLong(s)), "num"));
  }

  private static <R> FrameList.Rows<R> rows(
      List<R> list, java.util.function.Function<R, String> spoken) {
    return new FrameList.Rows<>() {
      @Override
      public long size() {
        return list.size();
      }

      @Override
      public R row(long index) {
        return list.get((int) index);
      }

      @Override
      public String spoken(R row) {
        return spoken.apply(row);
      }

      @Override
      public List<String> styles(R row) {
        return List.of();
      }
    };
  }
}
