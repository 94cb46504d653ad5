package dev.nestor.proxy.decision;

import dev.nestor.postgres.catalog.Relation;
import java.util.List;

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
