package dev.nestor.review.ui;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.integrity.IntegrityState;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;
import org.kordamp.ikonli.javafx.FontIcon;

/// Which icon stands for what: one pack, in text colour, 16 or 12 px.
public final class Icons {
  private Icons() {}

  /// An icon with style classes; size and colour come from the sheet.
  public static FontIcon of(Ikon icon, String... styleClasses) {
    FontIcon node = new FontIcon(icon);
    node.getStyleClass().addAll(styleClasses);
    return node;
  }

  /// Of a decision.
  public static Ikon decision(DecisionKind kind) {
    return switch (kind) {
      case ALLOW -> BootstrapIcons.CHECK2;
      case MASK -> BootstrapIcons.EYE_SLASH;
      case HOLD -> BootstrapIcons.HOURGLASS_SPLIT;
      case BLOCK -> BootstrapIcons.SLASH_CIRCLE;
      case KILL -> BootstrapIcons.X_OCTAGON_FILL;
    };
  }

  /// Of an integrity state.
  public static Ikon integrity(IntegrityState state) {
    return switch (state) {
      case VERIFIED -> BootstrapIcons.PATCH_CHECK;
      case INCOMPLETE -> BootstrapIcons.PIE_CHART;
      case DAMAGED -> BootstrapIcons.FILE_EARMARK_BREAK;
      case UNSIGNED -> BootstrapIcons.CIRCLE;
      case UNKNOWN_SIGNER -> BootstrapIcons.PATCH_QUESTION;
      case LOCKED -> BootstrapIcons.LOCK;
      case REDACTED -> BootstrapIcons.SQUARE_HALF;
      case GROWING -> BootstrapIcons.RECORD_CIRCLE;
      case NEWER_FORMAT -> BootstrapIcons.ARROW_UP_CIRCLE;
    };
  }

  /// Of a caller.
  public static Ikon party(Party.Kind kind) {
    return switch (kind) {
      case HUMAN -> BootstrapIcons.PERSON_CIRCLE;
      case AGENT -> BootstrapIcons.CPU;
      case SERVICE, GATEWAY -> BootstrapIcons.GEAR;
      case UNKNOWN -> BootstrapIcons.QUESTION_CIRCLE;
    };
  }

  /// Of an event.
  public static Ikon event(ReplayRow.EventKind kind) {
    return switch (kind) {
      case SESSION -> BootstrapIcons.BOX_ARROW_IN_RIGHT;
      case CREDENTIAL -> BootstrapIcons.KEY;
      case APPROVAL -> BootstrapIcons.HOURGLASS_SPLIT;
      case KILL -> BootstrapIcons.LOCK;
      case CANCEL -> BootstrapIcons.X_CIRCLE;
      case GAP -> BootstrapIcons.EXCLAMATION_TRIANGLE;
      case FINDING -> BootstrapIcons.EXCLAMATION_CIRCLE;
      case BUDGET -> BootstrapIcons.PIE_CHART;
      case OTHER -> BootstrapIcons.INFO_CIRCLE;
    };
  }
}
