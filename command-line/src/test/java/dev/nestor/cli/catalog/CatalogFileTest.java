package dev.nestor.cli.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Column;
import dev.nestor.postgres.catalog.Function;
import dev.nestor.postgres.catalog.HiddenCode;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationKind;
import dev.nestor.postgres.catalog.RelationName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogFileTest {
  @TempDir private Path folder;

  @Test
  void whatIsExportedIsReadBack() throws IOException {
    CatalogSnapshot catalog =
        CatalogSnapshot.builder()
            .table("public", "orders", "id", "total")
            .view("public", "totals", "SELECT orders.total FROM public.orders", "total")
            .function(new Function("public", "f", 40_001, "plpgsql", 'v', true, "me", List.of("a")))
            .userOperator("=?")
            .relation(
                new Relation(
                    new RelationName("public", "audited"),
                    40_002,
                    RelationKind.TABLE,
                    List.of(new Column(1, "id", 23)),
                    Optional.empty(),
                    List.of(),
                    false,
                    new HiddenCode(List.of("public.sees"), List.of("public.f", "public.g"))))
            .build();
    Path file = Files.writeString(folder.resolve("c.json"), CatalogFile.write(catalog));

    CatalogSnapshot read = CatalogFile.read(file);

    RelationName view = new RelationName("public", "totals");
    assertThat(read.relation(view)).isEqualTo(catalog.relation(view)).isPresent();
    RelationName audited = new RelationName("public", "audited");
    assertThat(read.relation(audited)).isEqualTo(catalog.relation(audited)).isPresent();
    assertThat(read.functions("f")).isEqualTo(catalog.functions("f")).hasSize(1);
    assertThat(read.functions()).hasSameSizeAs(catalog.functions());
    assertThat(read.hasUserOperator("=?")).isTrue();
  }

  @Test
  void whatIsNoCatalogIsNamedWithItsPlace() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"version\": 1,\n  nonsense}");
    Path other = Files.writeString(folder.resolve("other.json"), "{\"version\": 7}");
    Path wrong =
        Files.writeString(
            folder.resolve("wrong.json"),
            "{\"version\":1,\"relations\":[{\"schema\":\"public\",\"name\":\"t\",\"oid\":-1,\"kind\":\"r\"}]}");

    assertThatThrownBy(() -> CatalogFile.read(broken)).hasMessageContaining("broken.json:2:");
    assertThatThrownBy(() -> CatalogFile.read(other)).hasMessageContaining("version 1");
    assertThatThrownBy(() -> CatalogFile.read(wrong)).hasMessageContaining("\"oid\"");
  }

  @Test
  void urlsOfLibpqBecomeJdbcs() {
    assertThat(CatalogSource.jdbc("postgresql://me:p%40ss@db1:5433/orders?sslmode=require"))
        .isEqualTo("jdbc:postgresql://db1:5433/orders?sslmode=require&user=me&password=p%40ss");
    assertThat(CatalogSource.jdbc("postgres://localhost/orders"))
        .isEqualTo("jdbc:postgresql://localhost/orders");
    assertThat(CatalogSource.jdbc("jdbc:postgresql://h/d?user=x"))
        .isEqualTo("jdbc:postgresql://h/d?user=x");
  }
}
