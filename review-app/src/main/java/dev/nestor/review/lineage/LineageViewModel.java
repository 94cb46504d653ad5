package dev.nestor.review.lineage;

import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.Touch;
import dev.nestor.evidence.lineage.LineageNode;
import dev.nestor.evidence.lineage.LineageTree;
import dev.nestor.evidence.survey.Survey;
import dev.nestor.review.ui.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

/// The tree as lines: which are open, which is chosen, and the window of time over them.
public final class LineageViewModel {
  /// A graph shows fewer places than this: as many as can still be told apart.
  public static final int GRAPH_PLACES_MAX = 200;

  private final BooleanProperty fold = new SimpleBooleanProperty(this, "fold", true);
  private final BooleanProperty graph = new SimpleBooleanProperty(this, "graph");
  private final ObjectProperty<Optional<LineageNode>> selected =
      new SimpleObjectProperty<>(this, "selected", Optional.empty());
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
  private final Set<String> closed = new HashSet<>();
  private Optional<Survey> survey = Optional.empty();
  private List<LineageNode> trees = List.of();
  private List<LineageNode> lines = List.of();
  private Instant from = Instant.EPOCH;
  private Instant to = Instant.EPOCH;

  /// Empty until a survey is shown.
  public LineageViewModel() {
    fold.addListener((_, _, _) -> grow());
  }

  /// Whether siblings that are alike are one line.
  public BooleanProperty foldProperty() {
    return fold;
  }

  /// Whether the places are wanted as a graph; shown as one only while [#noGraph()] says nothing.
  public BooleanProperty graphProperty() {
    return graph;
  }

  /// From the tree to the graph or back; does nothing where there are too many places for a graph.
  public void toggleGraph() {
    graph.set(!graph.get() && noGraph().isEmpty());
  }

  /// Why the places cannot be drawn as a graph; empty if they can.
  public String noGraph() {
    return lines.size() < GRAPH_PLACES_MAX
        ? ""
        : "%s places, a graph shows fewer than %d. Fold or close some."
            .formatted(Words.number(lines.size()), GRAPH_PLACES_MAX);
  }

  /// The place that somebody looks at.
  public ObjectProperty<Optional<LineageNode>> selectedProperty() {
    return selected;
  }

  /// Rises when the lines have changed.
  public ReadOnlyLongProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /// The lines, parents before children.
  public List<LineageNode> lines() {
    return lines;
  }

  /// Where the window of time begins.
  public Instant from() {
    return from;
  }

  /// Where it ends.
  public Instant to() {
    return to;
  }

  /// What was read, once it is there.
  public Optional<Survey> survey() {
    return survey;
  }

  /// Shows a survey.
  public void show(Survey now) {
    if (survey.filter(now::equals).isPresent()) {
      return;
    }
    survey = Optional.of(now);
    grow();
  }

  /// Chooses the place of a credential and opens what is above it.
  ///
  /// @return whether it has one
  public boolean goTo(String credentialKey) {
    List<LineageNode> path = LineageTree.path(trees, credentialKey);
    if (path.isEmpty()) {
      return false;
    }
    path.forEach(each -> closed.remove(each.key()));
    spread();
    selected.set(Optional.of(path.getLast()));
    return true;
  }

  /// Shows what is below a line, or hides it.
  public void open(LineageNode node, boolean open) {
    boolean changed = open ? closed.remove(node.key()) : closed.add(node.key());
    if (changed) {
      spread();
    }
  }

  /// Whether what is below a line is shown.
  public boolean isOpen(LineageNode node) {
    return !closed.contains(node.key());
  }

  /// What the chosen place and everything below it reached.
  public List<Touch> blastRadius() {
    return selected.get().map(LineageTree::blastRadius).orElse(List.of());
  }

  private void grow() {
    survey.ifPresent(now -> {
      trees = LineageTree.of(now.credentials(), fold.get());
      Instant begin = Instant.MAX;
      Instant end = now.coverage().to();
      for (CredentialUse use : now.credentials()) {
        Instant first = use.firstUse().orElse(Instant.MAX);
        Instant issued =
            use.credential()
                .issued()
                .filter(at -> at.isAfter(now.coverage().from().minusSeconds(86_400)))
                .orElse(first);
        begin = issued.isBefore(begin) ? issued : begin;
      }
      from = begin.equals(Instant.MAX) ? now.coverage().from() : begin;
      Instant last =
          now.credentials().stream()
              .flatMap(use -> use.lastAttempt().stream())
              .max(java.util.Comparator.naturalOrder())
              .orElse(end);
      long length = Math.max(1_000, last.toEpochMilli() - from.toEpochMilli());
      to = last.plusMillis(length / 3);
    });
    Optional<String> key = selected.get().map(LineageNode::key);
    spread();
    selected.set(
        lines.stream()
            .filter(each -> key.filter(each.key()::equals).isPresent())
            .findFirst()
            .or(() -> lines.stream().filter(each -> !each.note().isEmpty()).findFirst())
            .or(() -> lines.stream().findFirst()));
  }

  private void spread() {
    List<LineageNode> all = new ArrayList<>();
    trees.forEach(tree -> spread(tree, all));
    lines = List.copyOf(all);
    revision.set(revision.get() + 1);
  }

  private void spread(LineageNode node, List<LineageNode> into) {
    into.add(node);
    if (isOpen(node)) {
      node.children().forEach(each -> spread(each, into));
    }
  }
}
