package dev.nestor.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the policy made of a statement, in rising strength. A statement counts once, under the
/// strongest.
public sealed interface Decision {
  /// What it rests on.
  Basis basis();

  /// One sentence that may be shown to the user; never contains data. Empty for [Allow].
  String reason();

  /// As policies, archives and JSON write it.
  default String word() {
    return switch (this) {
      case Allow _ -> "allow";
      case Mask _ -> "mask";
      case Hold _ -> "hold";
      case Block _ -> "block";
      case Kill _ -> "kill";
    };
  }

  /// What a decision rests on.
  ///
  /// @param rules that took part, in the order of the file
  /// @param inputs facts and caller's properties that mattered, each as one short clause without
  ///   data
  record Basis(List<RuleRef> rules, List<String> inputs) {
    /// Rests on nothing.
    public static final Basis NONE = new Basis(List.of(), List.of());

    /// Copies the lists.
    public Basis {
      rules = List.copyOf(rules);
      inputs = List.copyOf(inputs);
    }
  }

  /// May run.
  record Allow(Basis basis) implements Decision {
    @Override
    public String reason() {
      return "";
    }
  }

  /// May run; a column without a mask that can be carried out means [Block].
  ///
  /// @param derivedNull whether every output without an origin of its own is NULL, because one of
  ///   them is computed from a masked column
  record Mask(Basis basis, List<ColumnMask> columns, boolean derivedNull, String reason)
      implements Decision {
    /// Copies the list.
    public Mask {
      columns = List.copyOf(columns);
    }
  }

  /// May run only after other people agree.
  record Hold(Basis basis, Approval approval, String reason) implements Decision {}

  /// Must not run.
  record Block(Basis basis, String reason) implements Decision {}

  /// Must not run, and ends the session.
  ///
  /// @param lock what is locked besides
  record Kill(Basis basis, Optional<Lock> lock, String reason) implements Decision {}

  /// Who must agree.
  ///
  /// @param approvers group whose members may approve; the requester and its chain never count
  /// @param count how many distinct humans, from 1
  /// @param within how long the statement waits
  /// @param inTransaction whether it may wait inside an open transaction
  record Approval(String approvers, int count, Duration within, boolean inTransaction) {}

  /// What a kill locks.
  enum Lock {
    /// The credential.
    CREDENTIAL,
    /// The credential and everything that was minted from it.
    CREDENTIAL_AND_DESCENDANTS
  }
}
