package dev.nestor.proxy.decision;

import dev.nestor.policy.Budget;
import dev.nestor.policy.Caller;
import dev.nestor.policy.Decision;
import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.proxy.budget.BudgetLedger;
import dev.nestor.proxy.budget.BudgetMeter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The budgets of one caller in one session.
final class Budgets {
  private final PolicyDecisionPoint policy;
  private final Caller caller;
  private final BudgetLedger.Session accounts;
  private final boolean limited;

  Budgets(PolicyDecisionPoint policy, Caller caller, BudgetLedger.Session accounts) {
    this.policy = policy;
    this.caller = caller;
    this.accounts = accounts;
    this.limited = policy.limits(caller);
  }

  private List<Budget> of(Facts facts) {
    return limited ? policy.budgets(caller, facts) : List.of();
  }

  /// Begins to count an execution; null where nothing limits it.
  @Nullable BudgetMeter meter(Ruling.Part part) {
    return accounts.meter(of(part.facts()));
  }

  /// Whether one of its budgets is used up.
  Optional<BudgetMeter.Spent> spent(Ruling.Part part) {
    BudgetMeter meter = meter(part);
    return meter == null ? Optional.empty() : meter.spent();
  }

  static Decision.Block block(BudgetMeter.Spent spent) {
    return new Decision.Block(
        new Decision.Basis(
            List.of(spent.budget().rule()),
            List.of(
                "used " + spent.used() + " " + spent.measure(),
                "limit " + spent.most() + " " + spent.measure())),
        spent.budget().reason());
  }
}
