package dev.nestor.postgres.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// What `pg_catalog` and `information_schema` of PostgreSQL 18 hold, from a resource that
/// `postgres/tables/extract_catalog.py` makes. Views in it are not expanded: who may read one sees
/// what PostgreSQL shows there.
final class SystemCatalog {
  private static final String RESOURCE = "system-catalog-18.tsv.gz";

  private static final List<Relation> RELATIONS = new ArrayList<>();
  private static final List<Function> FUNCTIONS = new ArrayList<>();

  static {
    try (InputStream in = SystemCatalog.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing");
      }
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read(line.split("\t", -1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SystemCatalog() {}

  private static void read(String[] cells) {
    int oid = Integer.parseUnsignedInt(cells[3]);
    if (cells[0].equals("R")) {
      List<Column> columns = new ArrayList<>();
      for (String column : cells[5].split(",", -1)) {
        int colon = column.indexOf(':');
        columns.add(
            new Column(
                columns.size() + 1,
                column.substring(0, colon),
                Integer.parseUnsignedInt(column, colon + 1, column.length(), 10)));
      }
      RELATIONS.add(
          new Relation(
              new RelationName(cells[1], cells[2]),
              oid,
              RelationKind.ofCode(cells[4].charAt(0)),
              columns,
              Optional.empty(),
              List.of(),
              false));
    } else {
      List<String> outputs = cells[7].isEmpty() ? List.of() : List.of(cells[7].split(",", -1));
      FUNCTIONS.add(
          new Function(
              cells[1],
              cells[2],
              oid,
              cells[4],
              cells[5].charAt(0),
              cells[6].equals("t"),
              "postgres",
              outputs));
    }
  }

  static void addTo(CatalogSnapshot.Builder builder) {
    builder.schema("pg_catalog").schema("information_schema").schema("pg_toast").schema("public");
    builder.relations(RELATIONS);
    FUNCTIONS.forEach(builder::function);
  }
}
