package dev.nestor.evidence.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.ResultView;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResultTextTest {
  private static final Provenance SOURCE =
      new Provenance(
          "x.pgrec",
          "7f1c",
          "pgrec:7f1c/s/1/f/9",
          1,
          2,
          9,
          Instant.parse("2026-11-19T02:14:07.572Z"),
          "ana",
          "p 1",
          "Verified, this frame is proved");

  private static final List<ResultCell> STATES =
      List.of(
          new ResultCell.Value("gold"),
          new ResultCell.Empty(),
          new ResultCell.Null(),
          new ResultCell.Masked("•••@x.example", "pii.masked"),
          new ResultCell.Original("ana@x.example"),
          new ResultCell.Redacted(),
          new ResultCell.Truncated("lorem", 5, 81_920),
          new ResultCell.NotRecorded(),
          new ResultCell.Undecodable("0a ff"));

  private static ResultView.Table table(List<ResultCell> row) {
    List<ResultView.Column> columns =
        java.util.stream.IntStream.range(0, row.size())
            .mapToObj(i -> new ResultView.Column("c" + i, "text", false, i == 3 ? "pii" : "", ""))
            .toList();
    return new ResultView.Table(columns, List.of(row), 1, 0);
  }

  private static String of(ResultText.Format format, List<ResultCell> row) {
    ResultView.Table table = table(row);
    return ResultText.of(format, table, table.rows(), SOURCE);
  }

  @Test
  void noTwoStatesAreCopiedAlikeWithProvenance() throws Exception {
    JsonNode row =
        new ObjectMapper()
            .readTree(of(ResultText.Format.JSON_PROVENANCE, STATES))
            .path("rows")
            .path(0);
    Set<String> seen = new HashSet<>();

    row.forEach(cell -> seen.add(cell.isTextual() ? "text" + cell.asText() : cell.toString()));

    assertThat(seen).hasSize(STATES.size());
  }

  @Test
  void nullIsNothingAndEmptyTextIsQuotesInCsv() {
    assertThat(ResultText.csvCell(new ResultCell.Null())).isEmpty();
    assertThat(ResultText.csvCell(new ResultCell.Empty())).isEqualTo("\"\"");
  }

  @Test
  void aRevealedOriginalIsNeverExported() {
    for (ResultText.Format format :
        List.of(
            ResultText.Format.CSV,
            ResultText.Format.JSON,
            ResultText.Format.JSON_PROVENANCE,
            ResultText.Format.SQL_INSERT)) {
      assertThat(of(format, STATES)).as("%s", format).doesNotContain("ana@x.example");
    }
  }

  @Test
  void noFormulaLeavesInCsv() {
    for (String hostile :
        List.of("=cmd|' /C calc'!A0", "+1+2", "-2+3", "@SUM(A1)", "\t=1", "\r=1")) {
      assertThat(ResultText.csvValue(hostile).replaceFirst("^\"", "")).startsWith("'");
    }
    assertThat(ResultText.csvValue("-12.50")).isEqualTo("-12.50");
  }

  @Test
  void noLiteralEndsItsQuotes() {
    String sql =
        of(ResultText.Format.SQL_INSERT, List.of(new ResultCell.Value("a'); drop table x; --\\")));

    assertThat(sql).contains("E'a''); drop table x; --\\\\'");
  }

  @Test
  void sqlNamesItsSourceAndItsMasks() {
    assertThat(of(ResultText.Format.SQL_INSERT, STATES))
        .startsWith("-- from x.pgrec, pgrec:7f1c/s/1/f/9")
        .contains("-- masked: c3 by rule pii");
  }

  @Test
  void aMarkdownCellStaysInItsTable() {
    String text = of(ResultText.Format.MARKDOWN, List.of(new ResultCell.Value("a|b\n<script>")));

    assertThat(text.lines().toList()).hasSize(3);
    assertThat(text).contains("a\\|b &lt;script>");
  }
}
