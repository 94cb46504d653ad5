package dev.nestor.proxy.app;

import dev.nestor.proxy.budget.BudgetLedger;
import dev.nestor.proxy.store.StateStore;
import dev.nestor.proxy.store.StoredBudget;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what was counted by credential and by day over a restart: all that has changed, once a
/// second, in one transaction. A gateway that is killed forgets at most what was counted in the
/// last second or two. Where nothing is counted, nothing is written.
final class BudgetKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetKeeper.class);
  private static final int KEEP_SECONDS = 1;

  private final StateStore store;
  private final Clock clock;
  private final Map<String, BudgetLedger> ledgers = new LinkedHashMap<>();
  private final List<StoredBudget> restored;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("budgets").factory());
  private List<StoredBudget> unkept = List.of();

  private BudgetKeeper(StateStore store, Clock clock, List<StoredBudget> restored) {
    this.store = store;
    this.clock = clock;
    this.restored = restored;
  }

  /// Reads what was kept.
  ///
  /// @throws IOException if the store refuses
  static BudgetKeeper open(StateStore store, Clock clock) throws IOException {
    return new BudgetKeeper(
        store, clock, store.budgets(LocalDate.now(clock).toEpochDay(), clock.instant()));
  }

  /// The ledger of a policy, with what was counted before. Before [#start()] only.
  ///
  /// @param entry of the configuration's databases
  BudgetLedger ledger(String entry) {
    BudgetLedger ledger = new BudgetLedger(() -> LocalDate.now(clock).toEpochDay());
    for (StoredBudget budget : restored) {
      if (budget.entry().equals(entry)) {
        ledger.restore(
            new BudgetLedger.Count(
                budget.rule(),
                budget.name(),
                budget.day() == StoredBudget.ALWAYS
                    ? OptionalLong.empty()
                    : OptionalLong.of(budget.day()),
                budget.rows(),
                budget.bytes()));
      }
    }
    ledgers.put(entry, ledger);
    return ledger;
  }

  /// Begins to keep.
  void start() {
    var ignored =
        timer.scheduleWithFixedDelay(this::keep, KEEP_SECONDS, KEEP_SECONDS, TimeUnit.SECONDS);
  }

  private synchronized void keep() {
    List<StoredBudget> changed = new ArrayList<>(unkept);
    ledgers.forEach((entry, ledger) ->
        ledger
            .changed()
            .forEach(count ->
                changed.add(
                    new StoredBudget(
                        entry,
                        count.rule(),
                        count.name(),
                        count.day().orElse(StoredBudget.ALWAYS),
                        count.rows(),
                        count.bytes()))));
    try {
      store.keep(changed, clock.instant());
      unkept = List.of();
    } catch (IOException e) {
      if (unkept.isEmpty()) { // once, however long it lasts
        LOG.error("what was counted against budgets cannot be kept: {}", e.getMessage());
      }
      unkept = changed;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    keep();
  }
}
