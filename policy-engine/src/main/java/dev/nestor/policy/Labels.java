package dev.nestor.policy;

import dev.nestor.postgres.sql.ColumnUse;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Names for sets of columns.
final class Labels {
  private final Map<String, Set<String>> columnsByLabel;

  /// Those with any labelled column, as `schema.name`.
  private final Set<String> relations;

  /// @param columnsByLabel each column as `schema.relation.column`
  Labels(Map<String, Set<String>> columnsByLabel) {
    this.columnsByLabel = Map.copyOf(columnsByLabel);
    this.relations =
        columnsByLabel.values().stream()
            .flatMap(Set::stream)
            .map(column -> column.substring(0, column.lastIndexOf('.')))
            .collect(Collectors.toUnmodifiableSet());
  }

  /// A labelled column in a statement.
  record Labelled(ColumnUse use, String label) {
    @Override
    public String toString() {
      return use + " (" + label + ")";
    }
  }

  /// The same, with columns that have other names now.
  ///
  /// @param names of a labelled column what it is called now, each as `schema.relation.column`
  Labels with(Map<String, String> names) {
    Map<String, Set<String>> both = new HashMap<>();
    columnsByLabel.forEach((label, columns) -> {
      Set<String> all = new LinkedHashSet<>(columns);
      for (String column : columns) {
        String now = names.get(column);
        if (now != null) {
          all.add(now);
        }
      }
      both.put(label, all);
    });
    return new Labels(both);
  }

  /// All labelled columns, each as `schema.relation.column`.
  Set<String> columns() {
    return columnsByLabel.values().stream()
        .flatMap(Set::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  Set<String> names() {
    return columnsByLabel.keySet();
  }

  /// The columns with a label, each as `schema.relation.column`.
  Set<String> columns(String label) {
    return columnsByLabel.getOrDefault(label, Set.of());
  }

  /// Columns with one of these labels whose value the statement reads.
  List<Labelled> read(Facts facts, Set<String> labels) {
    return find(facts, labels, ColumnUse::reads);
  }

  /// Columns with one of these labels that the statement writes.
  List<Labelled> written(Facts facts, Set<String> labels) {
    return find(facts, labels, ColumnUse::writes);
  }

  /// Columns with one of these labels of which the statement's outcome can tell.
  List<Labelled> probed(Facts facts, Set<String> labels) {
    return find(facts, labels, use -> use.uses().stream().anyMatch(Use::probes));
  }

  private List<Labelled> find(Facts facts, Set<String> labels, Predicate<ColumnUse> wanted) {
    List<Labelled> found = List.of();
    for (ColumnUse use : facts.columns()) {
      if (!relations.contains(use.relation().toString()) || !wanted.test(use)) {
        continue; // most relations have no label at all
      }
      Optional<String> label = labelOf(use, labels);
      if (label.isPresent()) {
        found = found.isEmpty() ? new ArrayList<>() : found;
        found.add(new Labelled(use, label.get()));
      }
    }
    return found;
  }

  private Optional<String> labelOf(ColumnUse use, Set<String> labels) {
    String column = use.toString();
    for (String label : labels) {
      Set<String> columns = columnsByLabel.get(label);
      if (columns != null && columns.contains(column)) {
        return Optional.of(label);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return columnsByLabel.keySet().stream().sorted().collect(Collectors.joining(", "));
  }
}
