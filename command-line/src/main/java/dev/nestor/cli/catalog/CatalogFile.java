package dev.nestor.cli.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A catalog as a JSON file: `nestor catalog export` writes it, `nestor policy explain --catalog`
/// reads it. It holds names and definitions, never data.
public final class CatalogFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;

  /// Smaller numbers belong to what initdb makes; `access/transam.h` of PostgreSQL.
  private static final int FIRST_NORMAL_OBJECT_ID = 16_384;

  private CatalogFile() {}

  static String write(CatalogSnapshot catalog) {
    ObjectNode root = JSON.createObjectNode().put("version", VERSION);
    ArrayNode schemas = root.putArray("schemas");
    catalog.schemas().stream().sorted().forEach(schemas::add);
    ArrayNode relations = root.putArray("relations");
    catalog.relations().stream()
        .filter(relation -> !relation.name().isSystem())
        .forEach(relation -> relation(relations.addObject(), relation));
    ArrayNode functions = root.putArray("functions");
    catalog.functions().stream()
        .filter(function -> !isPostgresOwn(function))
        .forEach(function -> function(functions.addObject(), function));
    ArrayNode operators = root.putArray("operators");
    catalog.userOperators().stream().sorted().forEach(operators::add);
    return root.toString();
  }

  /// What comes with PostgreSQL is known without a file.
  private static boolean isPostgresOwn(Function function) {
    return function.schema().equals("information_schema")
        || (function.schema().equals("pg_catalog")
            && Integer.compareUnsigned(function.oid(), FIRST_NORMAL_OBJECT_ID) < 0);
  }

  private static void relation(ObjectNode node, Relation relation) {
    node.put("schema", relation.name().schema())
        .put("name", relation.name().name())
        .put("oid", Integer.toUnsignedLong(relation.oid()))
        .put("kind", String.valueOf(relation.kind().code()))
        .put("rules", relation.rules());
    ArrayNode columns = node.putArray("columns");
    for (Column column : relation.columns()) {
      columns
          .addObject()
          .put("number", column.number())
          .put("name", column.name())
          .put("type", Integer.toUnsignedLong(column.type()));
    }
    relation.definition().ifPresent(definition -> node.put("definition", definition));
    ArrayNode parents = node.putArray("parents");
    for (RelationName parent : relation.parents()) {
      parents.addObject().put("schema", parent.schema()).put("name", parent.name());
    }
    names(node, "runsOnRead", relation.hiddenCode().onRead());
    names(node, "runsOnWrite", relation.hiddenCode().onWrite());
  }

  /// Names of functions, where there are any.
  private static void names(ObjectNode node, String key, List<String> names) {
    if (!names.isEmpty()) {
      ArrayNode list = node.putArray(key);
      names.forEach(list::add);
    }
  }

  private static List<String> names(JsonNode node, String key) {
    List<String> names = new ArrayList<>();
    node.path(key).forEach(name -> names.add(name.asText()));
    return names;
  }

  private static void function(ObjectNode node, Function function) {
    node.put("schema", function.schema())
        .put("name", function.name())
        .put("oid", Integer.toUnsignedLong(function.oid()))
        .put("language", function.language())
        .put("volatility", String.valueOf(function.volatility()))
        .put("securityDefiner", function.securityDefiner())
        .put("owner", function.owner());
    ArrayNode outputs = node.putArray("outputs");
    function.outputs().forEach(outputs::add);
  }

  /// Reads a file.
  ///
  /// @throws IOException if it cannot be read, or is not an exported catalog; the message names the
  ///   file, the place and the fix
  public static CatalogSnapshot read(Path file) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IOException(
          file
              + ":"
              + e.getLocation().getLineNr()
              + ":"
              + e.getLocation().getColumnNr()
              + ": not JSON; `nestor catalog export` writes such a file");
    }
    if (root.path("version").asInt() != VERSION) {
      throw new IOException(
          file + ": not a catalog of version 1; `nestor catalog export` writes one");
    }
    try {
      CatalogSnapshot.Builder catalog = CatalogSnapshot.builder().epoch(1);
      root.path("schemas").forEach(schema -> catalog.schema(schema.asText()));
      root.path("relations").forEach(relation -> catalog.relation(relation(relation)));
      root.path("functions").forEach(function -> catalog.function(function(function)));
      root.path("operators").forEach(operator -> catalog.userOperator(operator.asText()));
      return catalog.build();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage() + "; export it again");
    }
  }

  private static Relation relation(JsonNode node) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : node.path("columns")) {
      columns.add(
          new Column(number(column, "number"), text(column, "name"), number(column, "type")));
    }
    List<RelationName> parents = new ArrayList<>();
    for (JsonNode parent : node.path("parents")) {
      parents.add(new RelationName(text(parent, "schema"), text(parent, "name")));
    }
    return new Relation(
        new RelationName(text(node, "schema"), text(node, "name")),
        number(node, "oid"),
        RelationKind.ofCode(letter(node, "kind")),
        columns,
        Optional.ofNullable(node.path("definition").textValue()),
        parents,
        node.path("rules").asBoolean(),
        new HiddenCode(names(node, "runsOnRead"), names(node, "runsOnWrite")));
  }

  private static Function function(JsonNode node) {
    List<String> outputs = new ArrayList<>();
    node.path("outputs").forEach(output -> outputs.add(output.asText()));
    return new Function(
        text(node, "schema"),
        text(node, "name"),
        number(node, "oid"),
        text(node, "language"),
        letter(node, "volatility"),
        node.path("securityDefiner").asBoolean(),
        text(node, "owner"),
        outputs);
  }

  private static String text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("\"" + key + "\" is not a text in " + node);
    }
    return value.asText();
  }

  private static char letter(JsonNode node, String key) {
    String text = text(node, key);
    if (text.length() != 1) {
      throw new IllegalArgumentException("\"" + key + "\" is not one letter in " + node);
    }
    return text.charAt(0);
  }

  private static int number(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.canConvertToLong() || value.asLong() >>> 32 != 0) {
      throw new IllegalArgumentException(
          "\"" + key + "\" is not a number from 0 to 4294967295 in " + node);
    }
    return (int) value.asLong();
  }
}
