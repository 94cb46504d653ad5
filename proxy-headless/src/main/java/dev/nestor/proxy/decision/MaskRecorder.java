package dev.nestor.proxy.decision;

import dev.nestor.policy.ColumnMask;
import dev.nestor.policy.MaskForm;
import dev.nestor.proxy.masking.MaskedOutput;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.recording.ObjectTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Writes what is masked in a result into the archive's table of shared objects. Thread-safe.
final class MaskRecorder {
  private static final int COLUMNS_MAX = 1024;

  private final ObjectTable objects;
  private final UnaryOperator<String> reasonOfRule;

  MaskRecorder(ObjectTable objects, UnaryOperator<String> reasonOfRule) {
    this.objects = objects;
    this.reasonOfRule = reasonOfRule;
  }

  /// The number of a MASK.
  int mask(List<MaskedOutput> outputs, long epoch) {
    List<ArchiveObject.MaskedColumn> columns = new ArrayList<>();
    for (MaskedOutput output : outputs.subList(0, Math.min(outputs.size(), COLUMNS_MAX))) {
      columns.add(column(output, epoch));
    }
    return objects.intern(new ArchiveObject.Mask(columns, false));
  }

  private ArchiveObject.MaskedColumn column(MaskedOutput output, long epoch) {
    long type = Integer.toUnsignedLong(output.type());
    int format = output.binary() ? 1 : 0;
    if (output.mask().isEmpty()) {
      return new ArchiveObject.MaskedColumn(
          output.number(),
          null,
          type,
          format,
          null,
          MaskForm.Kind.NULL.name().toLowerCase(java.util.Locale.ROOT),
          "",
          ArchiveObject.Provenance.FACTS);
    }
    ColumnMask mask = output.mask().get();
    ArchiveObject.Relation relation =
        new ArchiveObject.Relation(
            0, mask.relation().schema(), mask.relation().name(), "", List.of(), epoch);
    return new ArchiveObject.MaskedColumn(
        output.number(),
        new ArchiveObject.Column(
            relation, output.ofView() ? 0 : output.attribute(), mask.column(), type, mask.label()),
        type,
        format,
        new ArchiveObject.Rule(
            mask.rule().id(), mask.rule().line(), reasonOfRule.apply(mask.rule().id())),
        mask.form().word(),
        "",
        output.ofView() ? ArchiveObject.Provenance.VIEW : ArchiveObject.Provenance.COLUMN);
  }
}
