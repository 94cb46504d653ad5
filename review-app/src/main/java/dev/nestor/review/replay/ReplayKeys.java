package dev.nestor.review.replay;

import dev.nestor.evidence.archive.DecisionKind;
import java.util.Set;
import java.util.function.BiConsumer;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

/// The keys of Replay. What stands on different keys in different countries (`.` `,` `[` `]` `+`
/// `-`) is taken by its character, the rest by its key. Nothing is taken from a field that somebody
/// types in, nor Space from a button.
public final class ReplayKeys {
  private final ReplayViewModel replay;
  private final Runnable toggleWire;
  private final Runnable showRule;
  private final Runnable showLineage;
  private final Runnable filter;
  private final BiConsumer<Set<DecisionKind>, Boolean> stepTo;

  /// A bracket that was taken by its key and comes again as a character, on keyboards where both
  /// are the same.
  private String typedAlready = "";

  /// @param showRule shows the rule of the statement
  /// @param showLineage shows where its credential stands
  /// @param filter asks for statements like the one that is shown
  /// @param stepTo goes to the next statement of these kinds, true for forward, and says so if
  ///   there is none
  public ReplayKeys(
      ReplayViewModel replay,
      Runnable toggleWire,
      Runnable showRule,
      Runnable showLineage,
      Runnable filter,
      BiConsumer<Set<DecisionKind>, Boolean> stepTo) {
    this.showRule = showRule;
    this.showLineage = showLineage;
    this.filter = filter;
    this.replay = replay;
    this.toggleWire = toggleWire;
    this.stepTo = stepTo;
  }

  /// Hears the keys of a node and everything in it.
  public void install(Node node) {
    node.addEventFilter(KeyEvent.KEY_PRESSED, event -> take(event, pressed(event)));
    node.addEventFilter(KeyEvent.KEY_TYPED, event -> take(event, typed(event)));
  }

  private static void take(KeyEvent event, boolean used) {
    if (used) {
      event.consume();
    }
  }

  private static boolean isTyping(KeyEvent event) {
    return event.getTarget() instanceof TextInputControl field && field.isEditable();
  }

  private boolean pressed(KeyEvent event) {
    typedAlready = "";
    if (isTyping(event) || event.isShortcutDown() || event.isAltDown()) {
      return false;
    }
    if (event.getCode() == KeyCode.F8) {
      stepTo.accept(ReplayViewModel.EXCEPTIONS, !event.isShiftDown());
      return true;
    }
    if (event.isShiftDown()) {
      return shifted(event.getCode());
    }
    boolean inGrid = event.getTarget() instanceof ResultGrid;
    switch (event.getCode()) {
      case SPACE -> {
        if (inGrid || event.getTarget() instanceof ButtonBase) {
          return false; // a button is pressed by it, a cell opened
        }
        replay.playOrPause();
      }
      case CLOSE_BRACKET -> {
        replay.stepStatement(true);
        typedAlready = "]";
      }
      case OPEN_BRACKET -> {
        replay.stepStatement(false);
        typedAlready = "[";
      }
      case HOME, END -> {
        if (inGrid) {
          return false;
        }
        if (event.getCode() == KeyCode.HOME) {
          replay.first();
        } else {
          replay.last();
        }
      }
      case G -> replay.skipGapsProperty().set(!replay.skipGapsProperty().get());
      case W -> toggleWire.run();
      case L -> showLineage.run();
      case F -> filter.run();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean shifted(KeyCode code) {
    switch (code) {
      case M -> stepTo.accept(Set.of(DecisionKind.MASK), true);
      case H -> stepTo.accept(Set.of(DecisionKind.HOLD), true);
      case X -> stepTo.accept(Set.of(DecisionKind.BLOCK), true);
      case K -> stepTo.accept(Set.of(DecisionKind.KILL), true);
      case E -> replay.stepError(true);
      case T -> replay.stepTransaction(true);
      case R -> showRule.run();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean typed(KeyEvent event) {
    if (isTyping(event) || event.isShortcutDown()) {
      return false;
    }
    if (event.getCharacter().equals(typedAlready)) {
      typedAlready = "";
      return true;
    }
    switch (event.getCharacter()) {
      case "." -> replay.stepFrame(true);
      case "," -> replay.stepFrame(false);
      case "]" -> replay.stepStatement(true);
      case "[" -> replay.stepStatement(false);
      case "+" -> replay.changeSpeed(true);
      case "-" -> replay.changeSpeed(false);
      default -> {
        return false;
      }
    }
    return true;
  }
}
