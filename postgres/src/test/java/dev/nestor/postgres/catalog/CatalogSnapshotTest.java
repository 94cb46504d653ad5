package dev.nestor.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogSnapshotTest {
  private static Relation child(String name, int oid, String... parents) {
    return new Relation(
        new RelationName("public", name),
        oid,
        RelationKind.TABLE,
        List.of(new Column(1, "id", 23)),
        Optional.empty(),
        List.of(parents).stream().map(parent -> new RelationName("public", parent)).toList(),
        false);
  }

  @Test
  void descendantsAreFoundAtAnyDepthAndOnce() {
    CatalogSnapshot catalog =
        CatalogSnapshot.builder()
            .relation(child("a", 1))
            .relation(child("b", 2, "a"))
            .relation(child("c", 3, "a", "b"))
            .relation(child("d", 4, "c"))
            .build();

    assertThat(catalog.descendants(new RelationName("public", "a")))
        .extracting(relation -> relation.name().name())
        .containsExactlyInAnyOrder("b", "c", "d");
    assertThat(catalog.descendants(new RelationName("public", "d"))).isEmpty();
  }

  @Test // a damaged catalog must not hang the gateway
  void aCircleOfParentsEnds() {
    CatalogSnapshot catalog =
        CatalogSnapshot.builder().relation(child("a", 1, "b")).relation(child("b", 2, "a")).build();

    assertThat(catalog.descendants(new RelationName("public", "a")))
        .extracting(relation -> relation.name().name())
        .containsExactly("b");
  }

  @Test
  void theSystemCatalogIsThereFromTheStart() {
    assertThat(CatalogSnapshot.SYSTEM.relation("pg_catalog", "pg_class").orElseThrow().columns())
        .extracting(Column::name)
        .contains("oid", "relname", "relnamespace");
    assertThat(CatalogSnapshot.SYSTEM.relation("information_schema", "tables")).isPresent();
    assertThat(CatalogSnapshot.SYSTEM.functions("now")).hasSize(1);
    assertThat(CatalogSnapshot.SYSTEM.function(1299).orElseThrow().name()).isEqualTo("now");
  }

  @Test
  void rowsOfAServerBecomeASnapshot() {
    CatalogQueries.Reader reader = CatalogQueries.reader();
    reader.row(CatalogQueries.Query.SCHEMAS, List.of(Optional.of("app")));
    reader.row(
        CatalogQueries.Query.RELATIONS,
        List.of(
            Optional.of("app"),
            Optional.of("t"),
            Optional.of("16384"),
            Optional.of("r"),
            Optional.of("false"),
            Optional.empty()));
    reader.row(
        CatalogQueries.Query.COLUMNS,
        List.of(Optional.of("16384"), Optional.of("2"), Optional.of("b"), Optional.of("25")));

    CatalogSnapshot catalog = reader.snapshot(7);

    assertThat(catalog.epoch()).isEqualTo(7);
    assertThat(catalog.relation("app", "t").orElseThrow().column("b").orElseThrow().number())
        .isEqualTo(2);
    assertThat(catalog.relation(16384).orElseThrow().name().toString()).isEqualTo("app.t");
  }

  @Test
  void aRowOfAnotherFormIsRefused() {
    CatalogQueries.Reader reader = CatalogQueries.reader();

    assertThatThrownBy(() -> reader.row(CatalogQueries.Query.COLUMNS, List.of(Optional.of("x"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.row(CatalogQueries.Query.SCHEMAS, List.of(Optional.empty())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
