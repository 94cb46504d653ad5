package dev.nestor.policy;

import dev.nestor.policy.Decision.Basis;
import dev.nestor.postgres.sql.ColumnUse;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.Use;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns a rule that masks, and a statement that it touches, into a decision: masks for columns
/// that the statement returns as they are; a block for whatever could tell about a value past its
/// mask.
final class MaskRule {
  private static final int NAMED_MAX = 4;

  private MaskRule() {}

  /// @param opened labels whose columns may stand in conditions
  static Decision apply(Rule rule, Facts facts, Basis basis, Labels labels, Set<String> opened) {
    List<ColumnMask> masks = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    boolean derived = false;
    boolean returned = false;
    for (What what : rule.what().alternatives()) {
      for (Labels.Labelled labelled : labels.read(facts, what.reads())) {
        ColumnUse use = labelled.use();
        @Nullable MaskForm form = rule.masks().get(labelled.label());
        boolean computed = use.uses().contains(Use.DERIVED);
        if (form == null || use.uses().contains(Use.SOURCE) || (computed && !rule.derivedNull())) {
          return new Decision.Block(
              basis,
              "it returns or stores something computed from "
                  + labelled
                  + ", which cannot be masked");
        }
        if (probes(use, computed) && !opened.contains(labelled.label())) {
          return new Decision.Block(basis, probing(labelled));
        }
        derived |= computed;
        returned |=
            computed || use.uses().contains(Use.OUTPUT) || use.uses().contains(Use.RETURNING);
        masks.add(new ColumnMask(use.relation(), use.column(), labelled.label(), form, rule.ref()));
        names.add(labelled.toString());
      }
    }
    if (!returned) {
      return new Decision.Allow(basis); // it only writes to the column, or may ask about it
    }
    return new Decision.Mask(
        basis,
        masks,
        derived,
        "it reads "
            + String.join(", ", names.stream().limit(NAMED_MAX).toList())
            + (names.size() > NAMED_MAX ? " and more" : "")
            + ", to be masked");
  }

  /// Whether the outcome tells about a value past the mask. What only goes into an output that
  /// becomes NULL does not.
  private static boolean probes(ColumnUse use, boolean nulled) {
    return use.uses().stream().anyMatch(each -> each.probes() && !(nulled && each == Use.ARGUMENT));
  }

  static String probing(Labels.Labelled labelled) {
    return "a condition, order, grouping or argument on "
        + labelled
        + " can tell about values that you may not see";
  }
}
