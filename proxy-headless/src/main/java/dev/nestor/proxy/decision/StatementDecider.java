package dev.nestor.proxy.decision;

import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.sql.SessionNames.Certainty;
import dev.nestor.proxy.budget.BudgetMeter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The policy of one session, applied to what its client sends. Belongs to the session's event
/// loop; never blocks and never throws: what goes wrong inside is a block.
public interface StatementDecider {
  /// Decides a text that the client wants to run or to prepare.
  ///
  /// @param sql UTF-8, without the terminating zero
  /// @param names what EXECUTE and FETCH may name
  Ruling decide(byte[] sql, SessionSettings settings, KnownNames names);

  /// Decides again what was decided before, if the catalog or the policy has moved since.
  Ruling decideAgain(Ruling earlier, SessionSettings settings, KnownNames names);

  /// Decides the use of a name whose content is not known.
  Ruling decideUnknownName(String what);

  /// Decides a FunctionCall message.
  ///
  /// @param function oid
  Ruling decideFunctionCall(int function);

  /// Decides again what was allowed, directly before it runs, by what is left of its budgets.
  default Ruling withinBudgets(Ruling ruling) {
    return ruling;
  }

  /// Begins to count an execution.
  ///
  /// @return null where no budget limits it
  default @Nullable BudgetMeter meter(Ruling.Part part) {
    return null;
  }

  /// What the client is told when a budget is used up while rows flow.
  default Ruling.Refusal refusal(BudgetMeter.Spent spent) {
    return new Ruling.Refusal(
        spent.budget().rule().id(),
        "stopped by policy rule " + spent.budget().rule().id() + ": " + spent.budget().reason(),
        "");
  }

  /// Whether decisions are recorded and not carried out. Then nothing of the gateway's own may go
  /// into either stream: what cannot be known without asking the server is uncertain.
  default boolean observesOnly() {
    return false;
  }

  /// How much of what names stand for is known without asking; for one that observes only.
  default void certainty(Certainty known) {}

  /// Whether anything is masked for this session's caller: the server's texts are then sanitised,
  /// and a row that no decision covers ends the session.
  default boolean masks() {
    return false;
  }

  /// Whether the catalog is fresh enough to decide by; if not, the session waits and is woken.
  boolean ready();

  /// A statement that may have changed the catalog has run.
  void catalogChanged();

  /// The session's objects of its own, as it has said itself.
  ///
  /// @param temporary relations in its temporary schema
  /// @param catalogDigest digest of the catalog as the session sees it, by
  ///   [dev.nestor.proxy.catalog.CatalogDigest], if its transaction may have changed definitions;
  ///   else empty
  void ownObjects(List<Relation> temporary, String catalogDigest);
}
