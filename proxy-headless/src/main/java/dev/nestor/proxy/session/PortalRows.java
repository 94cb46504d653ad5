package dev.nestor.proxy.session;

import dev.nestor.proxy.masking.MaskPlan;
import dev.nestor.proxy.masking.RowRule;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What is known of the rows of one portal, from its Bind to its end. A description that is older
/// than the Execute that starts the portal proves nothing: what the portal's name or its cursor
/// stands for may have changed in between. Behind that Execute it cannot.
final class PortalRows {
  private final RowRule.Planner planner;
  private boolean started;
  private @Nullable MaskPlan plan;

  PortalRows(RowRule.Planner planner) {
    this.planner = planner;
  }

  /// The portal of a statement; null where its rows need no plan.
  static @Nullable PortalRows of(RowRule rule) {
    return switch (rule) {
      case RowRule.Clear() -> null;
      case RowRule.Described(RowRule.Planner planner, boolean _) -> new PortalRows(planner);
    };
  }

  /// Whether an Execute of it was sent: its plan is there, or on its way.
  boolean started() {
    return started;
  }

  void start() {
    started = true;
  }

  /// The plan; null before the description, or where no rows were described.
  @Nullable MaskPlan plan() {
    return plan;
  }

  /// Takes the server's description.
  ///
  /// @return why its rows must not be shown; null if they may
  @Nullable String described(ByteBuffer rowDescription) {
    return switch (planner.plan(rowDescription)) {
      case MaskPlan made -> {
        plan = made;
        yield null;
      }
      case RowRule.Refused(String reason) -> reason;
    };
  }

  /// Takes that there are no rows.
  void describedWithoutRows() {
    plan = null;
  }
}
