package dev.nestor.proxy.budget;

import dev.nestor.policy.Budget;
import dev.nestor.policy.Limit;
import java.util.List;
import java.util.Optional;

/// Counts the rows of one execution against every budget that concerns it. Belongs to one event
/// loop; what it counts against may be shared.
public final class BudgetMeter {
  /// One budget and what was counted against it.
  record Line(Budget budget, BudgetLedger.Account account) {}

  /// A budget that is used up.
  ///
  /// @param measure `rows` or `bytes`
  /// @param used how much was sent under it
  /// @param most how much it lets through
  public record Spent(Budget budget, String measure, long used, long most) {}

  private final List<Line> lines;

  BudgetMeter(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /// Whether a budget is used up before the first row.
  public Optional<Spent> spent() {
    for (Line line : lines) {
      Limit limit = line.budget.limit();
      long rows = line.account.rows();
      long bytes = line.account.bytes();
      if (limit.rows().isPresent() && rows >= limit.rows().getAsLong()) {
        return Optional.of(new Spent(line.budget, "rows", rows, limit.rows().getAsLong()));
      }
      if (limit.bytes().isPresent() && bytes >= limit.bytes().getAsLong()) {
        return Optional.of(new Spent(line.budget, "bytes", bytes, limit.bytes().getAsLong()));
      }
    }
    return Optional.empty();
  }

  /// Counts a row that is about to be sent, unless a budget would not cover it: then nothing is
  /// counted, and the row must not be sent.
  ///
  /// @param length of the whole message
  public Optional<Spent> take(int length) {
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      line.account.add(length);
      Limit limit = line.budget.limit();
      boolean rows = limit.rows().isPresent() && line.account.rows() > limit.rows().getAsLong();
      boolean bytes = limit.bytes().isPresent() && line.account.bytes() > limit.bytes().getAsLong();
      if (rows || bytes) {
        for (int back = 0; back <= i; back++) {
          lines.get(back).account.takeBack(length);
        }
        return Optional.of(
            rows
                ? new Spent(line.budget, "rows", line.account.rows(), limit.rows().getAsLong())
                : new Spent(line.budget, "bytes", line.account.bytes(), limit.bytes().getAsLong()));
      }
    }
    return Optional.empty();
  }
}
