package dev.nestor.review.ui;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.integrity.IntegrityState;
import java.util.Locale;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Small marks that are never clipped: each is an icon and a word, and as wide as both need.
public final class Chips {
  private static final String[] DECISIONS = {
    "allowed", "masked", "held", "blocked", "killed", "note"
  };

  private Chips() {}

  /// A decision.
  public static Label decision(DecisionKind kind) {
    Label chip = whole(new Label());
    show(chip, kind);
    return chip;
  }

  /// Turns a chip into that of another decision, for rows that are used again.
  public static void show(Label chip, DecisionKind kind) {
    dress(chip, kind.word().toLowerCase(Locale.ROOT), Icons.decision(kind), kind.word());
  }

  /// Turns a chip into that of an event.
  public static void show(Label chip, ReplayRow.EventKind kind) {
    dress(chip, "note", Icons.event(kind), "Event");
  }

  private static void dress(Label chip, String style, Ikon icon, String word) {
    chip.getStyleClass().removeAll(DECISIONS);
    if (!chip.getStyleClass().contains("chip")) {
      chip.getStyleClass().add("chip");
    }
    chip.getStyleClass().add(style);
    chip.setGraphic(Icons.of(icon));
    chip.setText(word);
    chip.setAccessibleText(style.equals("note") ? word : "Decision: " + word);
  }

  /// A neutral remark.
  public static Label note(Ikon icon, String word) {
    Label chip = whole(new Label());
    dress(chip, "note", icon, word);
    return chip;
  }

  /// An integrity state, with how far its check has come where it still runs.
  public static Label integrity(IntegrityState state) {
    Label badge = whole(new Label(state.word(), Icons.of(Icons.integrity(state))));
    badge.getStyleClass().addAll("badge", state.json().toLowerCase(Locale.ROOT));
    badge.setAccessibleText("Integrity: " + state.word());
    return badge;
  }

  /// A check that still runs.
  public static Label checking(String text) {
    Label badge = whole(new Label(text, Icons.of(BootstrapIcons.HOURGLASS_SPLIT)));
    badge.getStyleClass().addAll("badge", "checking");
    badge.setAccessibleText("Integrity: " + text);
    return badge;
  }

  /// A caller in a chain.
  ///
  /// @param current whether it is the one that acts
  public static Label crumb(Party party, boolean current) {
    Label crumb = whole(new Label(party.name(), Icons.of(Icons.party(party.kind()))));
    crumb.getStyleClass().add("crumb");
    if (current) {
      crumb.getStyleClass().add("cur");
    }
    crumb.setAccessibleText(
        party.kind().word() + " " + party.name() + (current ? ", acts now" : ""));
    crumb.setTooltip(new Tooltip(party.subject() + "\n" + party.issuer()));
    return crumb;
  }

  /// The cap of a key.
  public static Label key(String keys) {
    Label cap = whole(new Label(keys));
    cap.getStyleClass().add("key");
    return cap;
  }

  /// A button with an icon and a word.
  public static Button button(Ikon icon, String word, String... styleClasses) {
    Button button = whole(new Button(word, Icons.of(icon)));
    button.getStyleClass().setAll("btn");
    button.getStyleClass().addAll(styleClasses);
    return button;
  }

  /// A button that is only an icon; it has its name and key in a tooltip.
  public static Button tool(Ikon icon, String name, String keys) {
    Button button = whole(new Button(null, Icons.of(icon)));
    button.getStyleClass().setAll("btn", "flat", "tool");
    button.setAccessibleText(name);
    button.setTooltip(new Tooltip(keys.isEmpty() ? name : name + "  (" + keys + ")"));
    return button;
  }

  /// Forbids a node to get narrower than what it says.
  public static <N extends Region> N whole(N node) {
    node.setMinWidth(Region.USE_PREF_SIZE);
    return node;
  }
}
