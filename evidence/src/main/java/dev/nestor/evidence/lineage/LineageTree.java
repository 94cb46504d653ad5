package dev.nestor.evidence.lineage;

import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Puts credentials under those that they came from, and those under the people on whose behalf
/// they act.
public final class LineageTree {
  private static final int DEPTH_MAX = 32;
  private static final int FOLD_MIN = 3;
  private static final int OTHERS_MAX = 8;

  private final Map<String, CredentialUse> byKey = new LinkedHashMap<>();
  private final Map<String, List<CredentialUse>> children = new HashMap<>();
  private final Set<String> placed = new HashSet<>();
  private final boolean fold;

  private LineageTree(List<CredentialUse> uses, boolean fold) {
    this.fold = fold;
    uses.forEach(each -> byKey.put(each.key(), each));
    uses.forEach(each -> {
      if (byKey.containsKey(each.parent())) {
        children.computeIfAbsent(each.parent(), _ -> new ArrayList<>()).add(each);
      }
    });
  }

  /// The trees, one for each subject, in the order in which they were met.
  ///
  /// @param fold whether siblings that are alike become one place
  public static List<LineageNode> of(List<CredentialUse> uses, boolean fold) {
    return new LineageTree(uses, fold).trees();
  }

  private List<LineageNode> trees() {
    Map<String, List<CredentialUse>> roots = new LinkedHashMap<>();
    Map<String, Party> subjects = new HashMap<>();
    for (CredentialUse each : byKey.values()) {
      Optional<Party> subject = each.credential().subject();
      String key = subject.map(s -> s.issuer() + " " + s.subject()).orElse("");
      subject.ifPresent(s -> subjects.putIfAbsent(key, s));
      if (!byKey.containsKey(each.parent()) || leadsBackToItself(each)) {
        roots.computeIfAbsent(key, _ -> new ArrayList<>()).add(each);
      }
    }
    List<LineageNode> trees = new ArrayList<>();
    roots.forEach((key, uses) -> {
      Party subject = subjects.get(key);
      trees.add(
          new LineageNode(
              "subject " + key,
              subject == null ? "nobody named" : subject.name(),
              subject == null ? Party.Kind.UNKNOWN : subject.kind(),
              subject == null ? "" : subject.issuer(),
              LineageNode.Edge.LOGIN,
              0,
              List.of(),
              places(uses, 1),
              ""));
    });
    return trees;
  }

  private boolean leadsBackToItself(CredentialUse use) {
    Set<String> seen = new HashSet<>();
    CredentialUse at = use;
    while (at != null) {
      if (!seen.add(at.key())) {
        return at.key().equals(use.key());
      }
      at = byKey.get(at.parent());
    }
    return false;
  }

  private List<LineageNode> places(List<CredentialUse> uses, int depth) {
    List<LineageNode> places = new ArrayList<>();
    for (CredentialUse each : uses) {
      if (depth <= DEPTH_MAX && placed.add(each.key())) {
        places.add(place(each, depth));
      }
    }
    places.sort(Comparator.comparing(place -> place.from().orElse(Instant.MAX)));
    return fold ? folded(places) : places;
  }

  private LineageNode place(CredentialUse use, int depth) {
    List<LineageNode> below =
        new ArrayList<>(places(children.getOrDefault(use.key(), List.of()), depth + 1));
    otherClients(use)
        .limit(OTHERS_MAX)
        .forEach(client ->
            below.add(
                new LineageNode(
                    use.key() + " " + client,
                    "another client of " + use.credential().label(),
                    Party.Kind.UNKNOWN,
                    client,
                    LineageNode.Edge.INFERRED,
                    depth + 1,
                    List.of(),
                    List.of(),
                    "")));
    return new LineageNode(
        use.key(),
        use.holder(),
        use.credential().holder().map(Party::kind).orElse(Party.Kind.UNKNOWN),
        use.credential().label(),
        edge(use),
        depth,
        List.of(use),
        below,
        note(use));
  }

  /// What the gateway found while it recorded; where it did not look, the addresses.
  private static Stream<String> otherClients(CredentialUse use) {
    return use.inferred().isEmpty()
        ? use.clients().stream().sorted().skip(1)
        : use.inferred().stream();
  }

  private static LineageNode.Edge edge(CredentialUse use) {
    return switch (use.credential().lineage()) {
      case "inferred" -> LineageNode.Edge.INFERRED;
      case "declared" ->
          use.credential().actor().isEmpty() && use.parent().isEmpty()
              ? LineageNode.Edge.LOGIN
              : LineageNode.Edge.DECLARED;
      case "verified" ->
          use.parent().isEmpty() ? LineageNode.Edge.LOGIN : LineageNode.Edge.VERIFIED;
      default ->
          use.credential().actor().isPresent() ? LineageNode.Edge.DECLARED : LineageNode.Edge.LOGIN;
    };
  }

  private String note(CredentialUse use) {
    CredentialUse parent = byKey.get(use.parent());
    Optional<Instant> parentEnd = parent == null ? Optional.empty() : parent.credential().ended();
    Optional<Instant> end = use.credential().ended();
    if (use.decisions().killed() > 0) {
      return "killed";
    }
    if (parentEnd.isPresent() && end.filter(e -> !e.isAfter(parentEnd.get())).isEmpty()) {
      return end.map(e -> "outlives parent by " + words(Duration.between(parentEnd.get(), e)))
          .orElse("outlives parent without end");
    }
    if (use.credential().revoked().isPresent()) {
      return "revoked";
    }
    return use.credential().changes().stream()
            .anyMatch(e -> e.step() == dev.nestor.evidence.archive.CredentialFact.Step.PARENT_ENDED)
        ? "ended with its parent"
        : "";
  }

  private static String words(Duration length) {
    return length.toMinutes() >= 120
        ? length.toHours() + " h"
        : length.toMinutes() > 0 ? length.toMinutes() + " min" : length.toSeconds() + " s";
  }

  /// Puts runs of places that are alike and did nothing special into one.
  private static List<LineageNode> folded(List<LineageNode> places) {
    Map<String, List<LineageNode>> alike = new LinkedHashMap<>();
    for (LineageNode each : places) {
      boolean plain =
          each.children().isEmpty()
              && each.note().isEmpty()
              && each.decisions().total() == each.decisions().allowed();
      alike
          .computeIfAbsent(
              plain ? each.name() + " " + each.edge() + " " + scopes(each) : each.key(),
              _ -> new ArrayList<>())
          .add(each);
    }
    List<LineageNode> folded = new ArrayList<>();
    alike
        .values()
        .forEach(group -> {
          if (group.size() < FOLD_MIN) {
            folded.addAll(group);
            return;
          }
          LineageNode first = group.getFirst();
          folded.add(
              new LineageNode(
                  first.key() + " and " + (group.size() - 1),
                  first.name() + " ×" + group.size(),
                  first.kind(),
                  group.size() + " credentials",
                  first.edge(),
                  first.depth(),
                  group.stream().flatMap(each -> each.uses().stream()).toList(),
                  List.of(),
                  ""));
        });
    return folded;
  }

  private static String scopes(LineageNode node) {
    return node.uses().isEmpty() ? "" : node.uses().getFirst().credential().scopes().toString();
  }

  /// What a place and everything below it reached, the most rows first.
  public static List<Touch> blastRadius(LineageNode node) {
    Map<String, Touch> sum = new LinkedHashMap<>();
    for (LineageNode each : node.all()) {
      for (CredentialUse use : each.uses()) {
        use.touches()
            .forEach(touch -> sum.merge(touch.relation() + " " + touch.verb(), touch, Touch::plus));
      }
    }
    return sum.values().stream()
        .sorted(
            Comparator.comparing((Touch touch) -> touch.relation().isEmpty())
                .thenComparing(Comparator.comparingLong(Touch::rows).reversed())
                .thenComparing(Touch::relation)
                .thenComparing(Touch::verb))
        .toList();
  }

  /// The place of a credential, with those above it, from the subject down.
  public static List<LineageNode> path(List<LineageNode> trees, String key) {
    for (LineageNode tree : trees) {
      List<LineageNode> path = new ArrayList<>();
      if (find(tree, key, path)) {
        return path;
      }
    }
    return List.of();
  }

  private static boolean find(LineageNode node, String key, List<LineageNode> path) {
    path.add(node);
    if (node.uses().stream().anyMatch(each -> each.key().equals(key))
        || node.children().stream().anyMatch(each -> find(each, key, path))) {
      return true;
    }
    path.removeLast();
    return false;
  }
}
