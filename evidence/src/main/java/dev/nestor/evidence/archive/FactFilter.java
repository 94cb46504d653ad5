package dev.nestor.evidence.archive;

import java.util.function.BooleanSupplier;

/// What can be told of statements before they are read one by one. It must never refuse what is
/// wanted.
public interface FactFilter {
  /// Whether a session can have any that are wanted.
  boolean session(long number);

  /// Whether statements like this one can be wanted.
  ///
  /// @param shape has what all statements of one plan and decision have in common: decision, verb,
  ///   relations, columns, labels, rules, flags and template; the rest of it says nothing
  boolean shape(StatementFact shape);

  /// Asked now and then; false stops.
  boolean goOn();

  /// Refuses nothing.
  static FactFilter all(BooleanSupplier goOn) {
    return new FactFilter() {
      @Override
      public boolean session(long number) {
        return true;
      }

      @Override
      public boolean shape(StatementFact shape) {
        return true;
      }

      @Override
      public boolean goOn() {
        return goOn.getAsBoolean();
      }
    };
  }
}
