package dev.nestor.proxy.masking;

import dev.nestor.policy.ColumnMask;
import dev.nestor.policy.MaskForm;
import dev.nestor.policy.mask.MaskKey;
import dev.nestor.policy.mask.Masks;
import dev.nestor.policy.mask.ValueMask;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Column;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.ColumnDescription;
import dev.nestor.postgres.protocol.FormatCode;
import dev.nestor.postgres.protocol.ProtocolViolationException;
import dev.nestor.postgres.sql.ColumnUse;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.RelationUse;
import dev.nestor.postgres.sql.SqlAnalyzer;
import dev.nestor.postgres.sql.ViewColumn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Masks by the origins that the server reports: object id and attribute number of a table's, a
/// view's, a partition's or a child's column, traced to the columns that the policy labels.
public final class CatalogMasks implements RowRule.Planner {
  private static final MaskForm NULLED = new MaskForm(MaskForm.Kind.NULL, 0);

  private final CatalogSnapshot catalog;
  private final SqlAnalyzer analyzer;
  private final MaskKey key;
  private final ToIntFunction<List<MaskedOutput>> record;

  /// Columns with a mask in this statement, and those with one in any statement of the caller.
  private final Map<String, ColumnMask> masks = new HashMap<>();

  private final Set<String> sensitive;
  private final boolean derivedNull;
  private final Map<Integer, Relation> relations = new HashMap<>();
  private final Set<String> read = new HashSet<>();

  private byte @Nullable [] lastDescription;
  private RowRule.@Nullable Planned lastPlanned;

  /// Masks for one statement.
  ///
  /// @param temporary relations of the session's own, which the catalog does not have
  /// @param facts what the statement was found to touch; an origin outside is refused
  /// @param columnMasks those that were decided
  /// @param derivedNull whether outputs without an origin are NULL
  /// @param sensitive columns with a mask in some statement of the caller
  /// @param record writes masks into the archive's table of objects and gives their number
  public CatalogMasks(
      CatalogSnapshot catalog,
      SqlAnalyzer analyzer,
      List<Relation> temporary,
      Facts facts,
      List<ColumnMask> columnMasks,
      boolean derivedNull,
      Set<String> sensitive,
      MaskKey key,
      ToIntFunction<List<MaskedOutput>> record) {
    this.catalog = catalog;
    this.analyzer = analyzer;
    this.derivedNull = derivedNull;
    this.sensitive = Set.copyOf(sensitive);
    this.key = key;
    this.record = record;
    for (ColumnMask mask : columnMasks) {
      masks.merge(name(mask), mask, CatalogMasks::stricter);
    }
    for (RelationUse use : facts.relations()) {
      catalog
          .relation(use.relation())
          .ifPresent(relation -> relations.put(relation.oid(), relation));
      temporary.stream()
          .filter(relation -> relation.name().equals(use.relation()))
          .forEach(relation -> relations.put(relation.oid(), relation));
    }
    for (ColumnUse use : facts.columns()) {
      if (use.reads()) {
        read.add(use.toString());
      }
    }
  }

  private static String name(ColumnMask mask) {
    return mask.relation() + "." + mask.column();
  }

  /// Of two ways to mask one column, which the policy's check excludes, nothing.
  private static ColumnMask stricter(ColumnMask first, ColumnMask second) {
    return first.form().equals(second.form())
        ? first
        : new ColumnMask(first.relation(), first.column(), first.label(), NULLED, first.rule());
  }

  @Override
  public RowRule.Planned plan(ByteBuffer rowDescription) {
    byte[] last = lastDescription;
    RowRule.Planned known = lastPlanned;
    if (last != null && known != null && ByteBuffer.wrap(last).equals(rowDescription)) {
      return known; // a prepared statement is described alike every time
    }
    RowRule.Planned planned;
    byte[] bytes = new byte[rowDescription.remaining()];
    rowDescription.get(rowDescription.position(), bytes);
    try {
      planned =
          BackendMessage.decode(ByteBuffer.wrap(bytes))
                  instanceof BackendMessage.RowDescription(List<ColumnDescription> columns)
              ? plan(columns)
              : new RowRule.Refused("no description of rows came");
    } catch (ProtocolViolationException e) { // the server's, and so not to be shown
      planned = new RowRule.Refused("the description of the rows is malformed");
    }
    lastDescription = bytes;
    lastPlanned = planned;
    return planned;
  }

  /// What the plan does to one column, or why there is none.
  private sealed interface Outcome {
    record Stays() implements Outcome {}

    record Masked(Optional<ColumnMask> by, MaskForm form, boolean ofView) implements Outcome {}

    record Unforeseen(String reason) implements Outcome {}
  }

  private RowRule.Planned plan(List<ColumnDescription> columns) {
    List<@Nullable ValueMask> plan = new ArrayList<>(columns.size());
    List<MaskedOutput> outputs = new ArrayList<>();
    for (ColumnDescription column : columns) {
      switch (outcome(column)) {
        case Outcome.Stays() -> plan.add(null);
        case Outcome.Masked(Optional<ColumnMask> by, MaskForm form, boolean ofView) -> {
          boolean binary = column.format() == FormatCode.BINARY;
          plan.add(Masks.of(form, column.type(), column.typeModifier(), binary, key));
          outputs.add(
              new MaskedOutput(plan.size(), by, column.attribute(), column.type(), binary, ofView));
        }
        case Outcome.Unforeseen(String reason) -> {
          return new RowRule.Refused(reason);
        }
      }
    }
    return new MaskPlan(plan, outputs.isEmpty() ? 0 : record.applyAsInt(outputs));
  }

  private Outcome outcome(ColumnDescription described) {
    Outcome stays = new Outcome.Stays();
    if (described.table() == 0) {
      // facts have blocked what is computed from a masked column, unless the policy wants NULL
      return derivedNull ? new Outcome.Masked(Optional.empty(), NULLED, false) : stays;
    }
    Relation relation = relations.get(described.table());
    if (relation == null) {
      return new Outcome.Unforeseen("rows come from a relation that the statement does not name");
    }
    if (described.attribute() < 0) {
      return stays; // ctid, xmin, …
    }
    if (described.attribute() == 0) {
      boolean masked =
          relation.columns().stream()
              .flatMap(column -> origins(relation, column).stream())
              .anyMatch(origin -> sensitive.contains(origin.toString()));
      return !masked
          ? stays
          : derivedNull
              ? new Outcome.Masked(Optional.empty(), NULLED, false)
              : new Outcome.Unforeseen("a whole row holds columns that are to be masked");
    }
    Column column =
        relation.columns().stream()
            .filter(each -> each.number() == described.attribute())
            .findFirst()
            .orElse(null);
    return column == null
        ? new Outcome.Unforeseen("rows have a column that the catalog does not know")
        : outcome(relation, column);
  }

  private Outcome outcome(Relation relation, Column column) {
    @Nullable ColumnMask found = null;
    boolean ofView = relation.definition().isPresent();
    for (ViewColumn origin : origins(relation, column)) {
      String name = origin.toString();
      ColumnMask mask = masks.get(name);
      if (mask == null) {
        if (sensitive.contains(name) && !read.contains(name)) {
          return new Outcome.Unforeseen("rows have a column that the statement does not name");
        }
        continue;
      }
      if (origin.derived() && !derivedNull) {
        return new Outcome.Unforeseen("a view computes a column from one that is to be masked");
      }
      ColumnMask here =
          origin.derived()
              ? new ColumnMask(mask.relation(), mask.column(), mask.label(), NULLED, mask.rule())
              : mask;
      found = found == null ? here : stricter(found, here);
    }
    return found == null
        ? new Outcome.Stays()
        : new Outcome.Masked(Optional.of(found), found.form(), ofView);
  }

  /// The column itself and every one whose values it shows.
  private List<ViewColumn> origins(Relation relation, Column column) {
    List<ViewColumn> origins = new ArrayList<>();
    origins.add(new ViewColumn(relation.name(), column.name(), false));
    for (List<Relation> relatives :
        List.of(catalog.ancestors(relation), catalog.descendants(relation.name()))) {
      for (Relation relative : relatives) {
        // children number their columns their own way: by name
        if (relative.hasColumn(column.name())) {
          origins.add(new ViewColumn(relative.name(), column.name(), false));
        }
      }
    }
    if (relation.definition().isPresent()) {
      origins.addAll(analyzer.columnsBehind(relation, column.name(), catalog));
    }
    return origins;
  }

  @Override
  public String toString() {
    return "masks of " + Objects.toString(masks.keySet());
  }
}
