package dev.nestor.proxy.session;

import dev.nestor.proxy.masking.MaskPlan;
import dev.nestor.proxy.masking.RowRule;
import dev.nestor.proxy.session.SessionEnd.Trigger;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Lets rows through by the plan that the server's description of them gave: of a portal
/// ([PortalRows]), or of the statement of a simple query that is being answered. A row without a
/// plan ends the session.
final class RowGate {
  private final boolean masked;
  private @Nullable MaskPlan queryPlan;
  private RowVerdict.@Nullable Mask verdict;

  /// @param masked whether anything is masked for the caller
  RowGate(boolean masked) {
    this.masked = masked;
  }

  /// A statement of a simple query has been answered: the next one's rows are described anew.
  void statementEnds() {
    queryPlan = null;
  }

  /// The rows of a statement of a simple query are described.
  ///
  /// @return why they must not be shown; null if they may
  @Nullable SessionEnd described(@Nullable Execution execution, ByteBuffer rowDescription) {
    if (execution == null
        || !(execution.rule() instanceof RowRule.Described(RowRule.Planner planner, boolean _))) {
      return null;
    }
    return switch (planner.plan(rowDescription)) {
      case MaskPlan plan -> {
        queryPlan = plan;
        execution.masked(plan);
        yield null;
      }
      case RowRule.Refused(String reason) -> refused(reason);
    };
  }

  static SessionEnd refused(String reason) {
    return new SessionEnd(
        Trigger.POLICY, "42501", "rows are withheld, because they cannot be masked: " + reason);
  }

  /// What happens to a row of an execution.
  ///
  /// @param type `D` or `d`
  /// @param bytes of the whole message
  RowVerdict row(@Nullable Execution execution, byte type, int bytes) {
    if (execution == null) {
      return masked ? end("nothing was run that returns rows") : RowVerdict.FORWARD;
    }
    if (execution.rule() instanceof RowRule.Clear) {
      execution.countRow(bytes);
      return RowVerdict.FORWARD;
    }
    MaskPlan plan = plan(execution);
    if (type != 'D' || plan == null) {
      return end("no description of them came");
    }
    if (plan.isEmpty()) {
      execution.countRow(bytes);
      return RowVerdict.FORWARD;
    }
    RowVerdict.Mask last = verdict;
    if (last == null || last.execution() != execution) {
      last = new RowVerdict.Mask(plan, execution);
      verdict = last;
      execution.masked(plan);
    }
    return last;
  }

  /// Whether a row of an execution is held whole.
  boolean holds(@Nullable Execution execution) {
    return execution == null ? masked : !(execution.rule() instanceof RowRule.Clear);
  }

  /// Whether copy data may come: they have no description.
  boolean copies(@Nullable Execution execution) {
    return execution == null ? !masked : execution.rule() instanceof RowRule.Clear;
  }

  /// Notes for the record what is masked in an execution that ends, with or without a row.
  void ends(Execution execution) {
    if (!(execution.rule() instanceof RowRule.Clear)) {
      MaskPlan plan = plan(execution);
      if (plan != null) {
        execution.masked(plan);
      }
    }
  }

  private @Nullable MaskPlan plan(Execution execution) {
    PortalRows portal = execution.portal();
    return portal == null ? queryPlan : portal.plan();
  }

  private static RowVerdict end(String reason) {
    return new RowVerdict.End(refused(reason));
  }
}
