package dev.nestor.evidence.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A result in the forms in which people take it along. Each of the nine states of a cell reads
/// differently in each form, as far as the form can say it; only [Format#JSON_PROVENANCE] says all.
public final class ResultText {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// A form.
  public enum Format {
    TEXT("Text", "tab between columns"),
    CSV("CSV", "RFC 4180; NULL is nothing, empty text is \"\""),
    JSON("JSON", "values as text, NULL as null"),
    JSON_PROVENANCE("JSON with provenance", "each state of a cell, and where it was taken from"),
    SQL_INSERT("SQL INSERT", "begins with a comment that names source and masks"),
    MARKDOWN("Markdown", "a table");

    private final String word;
    private final String about;

    Format(String word, String about) {
      this.word = word;
      this.about = about;
    }

    /// As a menu has it.
    public String word() {
      return word;
    }

    /// What is special about it.
    public String about() {
      return about;
    }
  }

  private ResultText() {}

  /// The rows of a table, with the names of the columns.
  ///
  /// @param rows all of the table's, or some
  public static String of(
      Format format, ResultView.Table table, List<List<ResultCell>> rows, Provenance source) {
    return switch (format) {
      case TEXT -> text(table, rows);
      case CSV -> csv(table, rows);
      case JSON -> json(table, rows, null);
      case JSON_PROVENANCE -> json(table, rows, source);
      case SQL_INSERT -> insert(table, rows, source);
      case MARKDOWN -> markdown(table, rows);
    };
  }

  private static String text(ResultView.Table table, List<List<ResultCell>> rows) {
    StringBuilder out = new StringBuilder();
    out.append(names(table, "\t", name -> name.replaceAll("[\t\r\n]", " "))).append('\n');
    for (List<ResultCell> row : rows) {
      out.append(
              row.stream()
                  .map(cell -> cell instanceof ResultCell.Empty ? "" : cell.display())
                  .map(value -> value.replaceAll("[\t\r\n]", " "))
                  .collect(Collectors.joining("\t")))
          .append('\n');
    }
    return out.toString();
  }

  private static String names(
      ResultView.Table table, String between, java.util.function.UnaryOperator<String> each) {
    return table.columns().stream()
        .map(ResultView.Column::name)
        .map(each)
        .collect(Collectors.joining(between));
  }

  private static String csv(ResultView.Table table, List<List<ResultCell>> rows) {
    StringBuilder out = new StringBuilder();
    out.append(names(table, ",", ResultText::csvValue)).append("\r\n");
    for (List<ResultCell> row : rows) {
      out.append(row.stream().map(ResultText::csvCell).collect(Collectors.joining(",")))
          .append("\r\n");
    }
    return out.toString();
  }

  /// A cell as CSV has it.
  public static String csvCell(ResultCell cell) {
    return switch (cell) {
      case ResultCell.Null() -> "";
      case ResultCell.Empty() -> "\"\"";
      case ResultCell.Redacted() -> "[redacted]";
      case ResultCell.NotRecorded() -> "[not recorded]";
      case ResultCell.Truncated(String start, _, long total) ->
          csvValue(start + String.format(Locale.ROOT, "… [truncated, %d bytes]", total));
      case ResultCell.Original(_) -> "[original, not exported]";
      case ResultCell.Value(String value) -> csvValue(value);
      case ResultCell.Masked(String value, _) -> csvValue(value);
      case ResultCell.Undecodable(String hex) -> csvValue(hex);
    };
  }

  /// A text as CSV has it: quoted where it must be, and never a formula.
  public static String csvValue(String value) {
    String safe = isFormula(value) ? "'" + value : value;
    return safe.isEmpty() || safe.matches("(?s).*[\",\r\n].*")
        ? "\"" + safe.replace("\"", "\"\"") + "\""
        : safe;
  }

  /// What a spreadsheet would compute; a plain number is none.
  private static boolean isFormula(String value) {
    return !value.isEmpty()
        && "=+-@\t\r".indexOf(value.charAt(0)) >= 0
        && !value.matches("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  }

  private static String json(
      ResultView.Table table,
      List<List<ResultCell>> rows,
      @org.jspecify.annotations.Nullable Provenance source) {
    ArrayNode array = JSON.createArrayNode();
    for (List<ResultCell> row : rows) {
      ObjectNode object = array.addObject();
      for (int i = 0; i < Math.min(row.size(), table.columns().size()); i++) {
        put(object, key(table, i), row.get(i), source != null);
      }
    }
    if (source == null) {
      return array.toPrettyString() + "\n";
    }
    ObjectNode document = JSON.createObjectNode();
    ObjectNode from = document.putObject("source");
    from.put("archive", source.archive());
    from.put("archiveId", source.archiveId());
    from.put("citation", source.citation());
    from.put("session", source.session());
    from.put("statement", source.statement());
    from.put("frame", source.frame());
    from.put("at", source.at().toString());
    from.put("subject", source.subject());
    from.put("policy", source.policy());
    from.put("integrity", source.integrity());
    ArrayNode columns = document.putArray("columns");
    table
        .columns()
        .forEach(each -> {
          ObjectNode column = columns.addObject().put("name", each.name()).put("type", each.type());
          if (!each.maskRule().isEmpty()) {
            column.put("maskedBy", each.maskRule()).put("method", each.maskMethod());
          }
        });
    document.put("rowCount", table.rowCount());
    document.put("rowsNotRecorded", table.elided());
    document.set("rows", array);
    return document.toPrettyString() + "\n";
  }

  /// The name of a column, numbered where another has it too.
  private static String key(ResultView.Table table, int at) {
    String name = table.columns().get(at).name();
    int before = 0;
    for (int i = 0; i < at; i++) {
      before += table.columns().get(i).name().equals(name) ? 1 : 0;
    }
    return before == 0 ? name : name + "#" + (before + 1);
  }

  private static void put(ObjectNode into, String name, ResultCell cell, boolean exact) {
    if (!exact) {
      switch (cell) {
        case ResultCell.Null() -> into.putNull(name);
        case ResultCell.Empty() -> into.put(name, "");
        case ResultCell.Redacted() -> into.put(name, "[redacted]");
        case ResultCell.NotRecorded() -> into.put(name, "[not recorded]");
        case ResultCell.Original(_) -> into.put(name, "[original, not exported]");
        case ResultCell.Truncated(String start, _, _) -> into.put(name, start + "… [truncated]");
        case ResultCell.Value(String value) -> into.put(name, value);
        case ResultCell.Masked(String value, _) -> into.put(name, value);
        case ResultCell.Undecodable(String hex) -> into.put(name, hex);
      }
      return;
    }
    switch (cell) {
      case ResultCell.Null() -> into.putNull(name);
      case ResultCell.Empty() -> into.put(name, "");
      case ResultCell.Value(String value) -> into.put(name, value);
      case ResultCell.Masked(String value, String rule) ->
          into.putObject(name).put("v", value).put("masked", rule);
      case ResultCell.Original(_) -> into.putObject(name).put("original", false);
      case ResultCell.Redacted() -> into.putObject(name).put("redacted", true);
      case ResultCell.Truncated(String start, _, long total) ->
          into.putObject(name).put("v", start).put("truncated", total);
      case ResultCell.NotRecorded() -> into.putObject(name).put("recorded", false);
      case ResultCell.Undecodable(String hex) -> into.putObject(name).put("hex", hex);
    }
  }

  private static String insert(
      ResultView.Table table, List<List<ResultCell>> rows, Provenance source) {
    String masked =
        table.columns().stream()
            .filter(each -> !each.maskRule().isEmpty())
            .map(each -> comment(each.name()) + " by rule " + comment(each.maskRule()))
            .collect(Collectors.joining(", "));
    StringBuilder out = new StringBuilder();
    out.append("-- from ").append(comment(source.archive()));
    out.append(", ").append(comment(source.citation())).append(", ").append(source.at());
    out.append("\n-- masked: ").append(masked.isEmpty() ? "nothing" : masked).append('\n');
    String head = "INSERT INTO recorded_result (" + names(table, ", ", ResultText::identifier);
    for (List<ResultCell> row : rows) {
      out.append(head).append(") VALUES (");
      out.append(row.stream().map(ResultText::literal).collect(Collectors.joining(", ")));
      out.append(");\n");
    }
    return out.toString();
  }

  private static String comment(String text) {
    return text.replaceAll("[\r\n]", " ");
  }

  private static String identifier(String name) {
    return "\"" + name.replace("\"", "\"\"").replace("\0", "") + "\"";
  }

  private static String literal(ResultCell cell) {
    return switch (cell) {
      case ResultCell.Null() -> "NULL";
      case ResultCell.Empty() -> "''";
      case ResultCell.Redacted() -> "NULL /* redacted */";
      case ResultCell.NotRecorded() -> "NULL /* not recorded */";
      case ResultCell.Original(_) -> "NULL /* original, not exported */";
      case ResultCell.Truncated(String start, _, _) -> quoted(start) + " /* truncated */";
      case ResultCell.Value(String value) -> quoted(value);
      case ResultCell.Masked(String value, _) -> quoted(value) + " /* masked */";
      case ResultCell.Undecodable(String hex) ->
          hex.matches("[0-9a-fA-F ]*")
              ? "'\\x" + hex.replace(" ", "") + "'"
              : "NULL /* not decoded */";
    };
  }

  /// As standard_conforming_strings reads it; a backslash needs the E form to mean itself anywhere.
  private static String quoted(String value) {
    String doubled = value.replace("'", "''").replace("\0", "");
    return doubled.indexOf('\\') >= 0
        ? "E'" + doubled.replace("\\", "\\\\") + "'"
        : "'" + doubled + "'";
  }

  private static String markdown(ResultView.Table table, List<List<ResultCell>> rows) {
    StringBuilder out = new StringBuilder();
    out.append("| ").append(names(table, " | ", ResultText::cell)).append(" |\n|");
    table.columns().forEach(each -> out.append(each.numeric() ? " ---: |" : " --- |"));
    out.append('\n');
    for (List<ResultCell> row : rows) {
      out.append("| ");
      out.append(row.stream().map(each -> cell(each.display())).collect(Collectors.joining(" | ")));
      out.append(" |\n");
    }
    return out.toString();
  }

  private static String cell(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replaceAll("[\r\n]+", " ");
  }
}
