/// Counts what callers are sent against the limits of the policy. Start at [BudgetLedger], of which
/// a gateway has one; a [BudgetMeter] is one execution's share of it.
///
/// **Threads.** The ledger is shared by all sessions; a meter belongs to the event loop of its own.
@NullMarked
package dev.nestor.proxy.budget;

import org.jspecify.annotations.NullMarked;
