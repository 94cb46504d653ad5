package dev.nestor.evidence.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.credential.Touch;
import dev.nestor.evidence.survey.Survey;
import dev.nestor.evidence.testing.AgentsStory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageTreeTest {
  @TempDir static Path folder;
  private static List<CredentialUse> uses;

  @BeforeAll
  static void read() throws Exception {
    Path file = AgentsStory.write(folder, "agents", 78).file();
    try (EvidenceArchive archive = EvidenceArchives.open(file)) {
      uses =
          Survey.of(List.of(archive), HygieneRules.standard(), Optional.empty(), () -> true)
              .credentials();
    }
  }

  private static LineageNode node(String name) {
    return LineageTree.of(uses, true).stream()
        .flatMap(tree -> tree.all().stream())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void agentsStandUnderThoseThatStartedThem() {
    LineageNode ana = LineageTree.of(uses, true).getFirst();

    assertThat(ana.name()).isEqualTo("ana.ruiz@acme");
    assertThat(ana.children())
        .extracting(LineageNode::name)
        .containsExactly("planner-agent", "bi-tool");
    assertThat(node("planner-agent").children())
        .extracting(LineageNode::name)
        .containsExactly("sql-agent", "helper ×14");
    assertThat(node("csv-export").depth()).isEqualTo(3);
  }

  @Test
  void threeKindsOfParentageNeverMix() {
    assertThat(node("csv-export").edge()).isEqualTo(LineageNode.Edge.VERIFIED);
    assertThat(node("planner-agent").edge()).isEqualTo(LineageNode.Edge.DECLARED);
    assertThat(node("another client of c-6b10").edge()).isEqualTo(LineageNode.Edge.INFERRED);
    assertThat(node("reporting").edge()).isEqualTo(LineageNode.Edge.LOGIN);
  }

  @Test
  void foldedSiblingsLoseNothing() {
    long folded =
        LineageTree.of(uses, true).stream()
            .flatMap(tree -> tree.all().stream())
            .mapToLong(LineageNode::statements)
            .sum();
    long open =
        LineageTree.of(uses, false).stream()
            .flatMap(tree -> tree.all().stream())
            .mapToLong(LineageNode::statements)
            .sum();

    assertThat(folded)
        .isEqualTo(open)
        .isEqualTo(uses.stream().mapToLong(CredentialUse::statements).sum());
  }

  @Test
  void theBlastRadiusIsThatOfAllDescendants() {
    List<Touch> radius = LineageTree.blastRadius(node("sql-agent"));

    assertThat(radius)
        .filteredOn(touch -> touch.relation().equals("public.customers"))
        .singleElement()
        .satisfies(touch -> {
          assertThat(touch.statements()).isEqualTo(3);
          assertThat(touch.rows()).isEqualTo(4_300);
        });
    assertThat(radius)
        .filteredOn(touch -> touch.relation().equals("app.settings"))
        .singleElement()
        .satisfies(touch -> assertThat(touch.outcome().blocked()).isEqualTo(12));
  }

  @Test
  void aChildThatOutlivesItsParentSaysSo() {
    assertThat(node("csv-export").note()).isEqualTo("outlives parent by 32 min");
    assertThat(node("sql-agent").note()).isEqualTo("ended with its parent");
    assertThat(node("planner-agent").note()).isEqualTo("revoked");
  }

  @Test
  void everyCredentialHasOnePlace() {
    List<LineageNode> trees = LineageTree.of(uses, true);

    for (CredentialUse use : uses) {
      List<LineageNode> path = LineageTree.path(trees, use.key());
      assertThat(path).as(use.credential().label()).isNotEmpty();
      assertThat(path.getFirst().depth()).isZero();
    }
  }
}
