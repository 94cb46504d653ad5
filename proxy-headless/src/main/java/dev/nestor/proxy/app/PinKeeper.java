package dev.nestor.proxy.app;

import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.proxy.decision.LabelPins;
import dev.nestor.proxy.store.StateStore;
import dev.nestor.proxy.store.StoredPin;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Labels stay on their columns over a restart: where each was found first is in the store. Written
/// on a thread of its own, once for each label and database.
final class PinKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(PinKeeper.class);

  private PinKeeper() {}

  /// The labels of a policy in one database.
  ///
  /// @param entry of the configuration's databases
  /// @param database on the server
  static LabelPins pins(
      StateStore store, String entry, String database, PolicyDecisionPoint policy) {
    List<LabelPins.Pin> known = List.of();
    try {
      known =
          store.pins(entry, database).stream()
              .map(pin -> new LabelPins.Pin(pin.column(), pin.relation(), pin.number()))
              .toList();
    } catch (IOException e) {
      LOG.error("where labelled columns of {} were is not known: {}", database, e.getMessage());
    }
    return new LabelPins(
        policy,
        known,
        found -> Thread.ofVirtual().start(() -> keep(store, entry, database, found)));
  }

  private static void keep(
      StateStore store, String entry, String database, List<LabelPins.Pin> found) {
    try {
      store.pin(
          entry,
          database,
          found.stream()
              .map(pin -> new StoredPin(pin.column(), pin.relation(), pin.number()))
              .toList());
    } catch (IOException e) {
      LOG.error("where labelled columns of {} are cannot be kept: {}", database, e.getMessage());
    }
  }
}
