package dev.nestor.evidence.archive;

import dev.nestor.evidence.archive.StatementDetail.Parameter;
import dev.nestor.evidence.archive.StatementDetail.ServerText;
import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.Bytes;
import dev.nestor.postgres.protocol.ColumnDescription;
import dev.nestor.postgres.protocol.DiagnosticFields;
import dev.nestor.postgres.protocol.FormatCode;
import dev.nestor.postgres.protocol.FrontendMessage;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one statement with everything that belongs to it.
final class StatementReading {
  private static final int DESCRIPTIONS_BACK = 200;
  private static final int COPY_TEXT_BYTES = 64 << 10;
  private static final long CELL_BYTES_MAX = 64L << 20;
  private static final int NOTICES_MAX = 100;

  private final Archive archive;
  private final RecordedReplay replay;
  private final int position;
  private final Statement statement;
  private final long heldMicros;
  private final SqlTexts texts;

  private @Nullable List<ColumnDescription> columns;
  private final List<List<Optional<Bytes>>> rows = new ArrayList<>();
  private long cellBytes;
  private long rowCount;
  private long elidedRows;
  private final List<ServerText> notices = new ArrayList<>();
  private final StringBuilder copyText = new StringBuilder();
  private long copyBytes;
  private boolean copyOut;
  private boolean copyIn;
  private boolean copyKept = true;

  StatementReading(
      Archive archive, RecordedReplay replay, int position, Statement statement, long heldMicros) {
    this.position = position;
    this.archive = archive;
    this.replay = replay;
    this.statement = statement;
    this.heldMicros = heldMicros;
    this.texts = new SqlTexts(archive, replay);
  }

  StatementDetail read() {
    SqlTexts.Asked asked = texts.asked(statement);
    answers();
    String sql = asked.sql().orElse(statement.template());
    List<Parameter> parameters = parameters(asked);
    DecisionDetail decision = decision();
    return new StatementDetail(
        StatementRows.row(
            statement, MessageText.cut(sql.isEmpty() ? texts.line(statement) : sql), heldMicros),
        replay.session(),
        sql,
        asked.sql().isPresent(),
        sql.length(),
        parameters,
        decision,
        result(asked, decision),
        notices,
        List.of());
  }

  // ---- what came back ----

  /// Walks over the answers of this statement: behind those of the one before it, up to its own
  /// last.
  private void answers() {
    if (statement.endFrame() == 0) {
      // It has no answer of its own; what the gateway said before it cut the client follows it.
      replay.answersBehind(position).forEach(frame -> walk(frame, 0));
      return;
    }
    long fromFrame = statement.anchorFrame();
    int fromMessage = -1;
    for (Statement before : replay.before(position, 1)) {
      if (before.endFrame() >= statement.anchorFrame()) {
        fromFrame = before.endFrame();
        fromMessage = before.endMessage();
      }
    }
    if (fromMessage >= 0) {
      walk(fromFrame, fromMessage + 1);
    }
    for (long frame : replay.messageFrames(fromFrame, statement.endFrame())) {
      walk(frame, 0);
    }
  }

  private void walk(long number, int fromMessage) {
    Frame frame = archive.frame(number).orElse(null);
    if (frame == null) {
      return;
    }
    List<WireMessages.Piece> pieces = WireMessages.of(frame);
    if (pieces.size() == 1 && Fragments.isFirst(frame)) {
      pieces = Fragments.join(archive, replay, frame, pieces.getFirst());
    }
    int end =
        number == statement.endFrame()
            ? Math.min(pieces.size(), statement.endMessage() + 1)
            : pieces.size();
    for (WireMessages.Piece piece : pieces.subList(Math.min(fromMessage, end), end)) {
      if (piece.type() == WireMessages.ELIDED) {
        elided(MessageText.Elided.of(piece.bytes()));
      } else if (piece.fromClient()) {
        if (piece.type() == 'd'
            && SqlTexts.decode(piece) instanceof FrontendMessage.CopyData data) {
          copyIn = true;
          copy(data.data());
        }
      } else {
        message(SqlTexts.decodeBackend(piece), number);
      }
    }
  }

  private void elided(MessageText.Elided elided) {
    if (elided.type() == 'D') {
      rowCount += elided.messages();
      elidedRows += elided.messages();
    } else if (elided.type() == 'd') {
      copyBytes += elided.bytes();
      copyKept = false;
      copyOut = copyOut || !copyIn;
    }
  }

  private void message(@Nullable BackendMessage message, long frame) {
    switch (message) {
      case BackendMessage.RowDescription description -> columns = description.columns();
      case BackendMessage.DataRow row -> {
        rowCount++;
        if (rows.size() < ResultView.Table.ROWS_MAX && cellBytes < CELL_BYTES_MAX) {
          rows.add(row.cells());
          row.cells().forEach(cell -> cellBytes += cell.map(Bytes::size).orElse(0));
        }
      }
      case BackendMessage.CopyOutResponse _ -> copyOut = true;
      case BackendMessage.CopyInResponse _ -> copyIn = true;
      case BackendMessage.CopyData data -> {
        copyOut = true;
        copy(data.data());
      }
      case BackendMessage.ErrorResponse error -> notice(error.fields(), frame);
      case BackendMessage.NoticeResponse notice -> notice(notice.fields(), frame);
      case null, default -> {}
    }
  }

  private void copy(Bytes data) {
    copyBytes += data.size();
    if (copyText.length() < COPY_TEXT_BYTES) {
      copyText.append(data.text());
    }
  }

  private void notice(DiagnosticFields fields, long frame) {
    if (notices.size() < NOTICES_MAX) {
      notices.add(
          new ServerText(
              fields.severity(),
              fields.sqlState(),
              fields.message(),
              fields.first(DiagnosticFields.DETAIL).orElse(""),
              fields.first(DiagnosticFields.HINT).orElse(""),
              frame));
    }
  }

  // ---- result ----

  private ResultView result(SqlTexts.Asked asked, DecisionDetail decision) {
    if (copyOut || copyIn) {
      return new ResultView.Copy(copyOut, copyText.toString(), copyBytes, copyKept);
    }
    if (columns == null && rowCount > 0) {
      columns = describedBefore();
    }
    List<ColumnDescription> known = columns;
    if (known != null || rowCount > 0) {
      return table(known == null ? List.of() : known, asked);
    }
    if (decision.kind() == DecisionKind.BLOCK || decision.kind() == DecisionKind.KILL) {
      return new ResultView.None(
          decision.forwarded().equals("as is")
              ? "Stopped after it had begun; no rows were sent."
              : decision.kind().word() + ": the server never received it.");
    }
    return new ResultView.None(
        notices.stream().anyMatch(ServerText::isError)
            ? "This statement ended with an error and returned no rows."
            : "This statement returned no rows.");
  }

  /// Columns as an earlier execution of the same text described them.
  private @Nullable List<ColumnDescription> describedBefore() {
    int width = rows.isEmpty() ? -1 : rows.getFirst().size();
    for (Statement before : replay.before(position, DESCRIPTIONS_BACK)) {
      if (!before.template().equals(statement.template()) || before.endFrame() == 0) {
        continue;
      }
      List<Long> frames = new ArrayList<>();
      frames.add(before.anchorFrame());
      replay.messageFrames(before.anchorFrame(), before.endFrame()).forEach(frames::add);
      for (long frame : frames) {
        for (WireMessages.Piece piece :
            archive.frame(frame).map(WireMessages::of).orElse(List.of())) {
          if (piece.type() == 'T'
              && SqlTexts.decodeBackend(piece)
                  instanceof BackendMessage.RowDescription(List<ColumnDescription> found)
              && (width < 0 || found.size() == width)) {
            return found;
          }
        }
      }
    }
    return null;
  }

  private ResultView.Table table(List<ColumnDescription> described, SqlTexts.Asked asked) {
    int width = rows.isEmpty() ? described.size() : rows.getFirst().size();
    Map<Integer, ArchiveObject.MaskedColumn> masked = new HashMap<>();
    statement
        .mask()
        .ifPresent(mask -> mask.columns().forEach(c -> masked.put(c.outputNumber(), c)));
    List<ResultView.Column> heads = new ArrayList<>();
    for (int i = 0; i < Math.max(width, described.size()); i++) {
      ColumnDescription column = i < described.size() ? described.get(i) : null;
      ArchiveObject.MaskedColumn mask = masked.get(i + 1);
      heads.add(
          new ResultView.Column(
              column == null ? "column " + (i + 1) : column.name(),
              column == null ? "unknown" : Values.typeName(column.type()),
              column != null && Values.isNumeric(column.type()),
              mask == null ? "" : ruleOf(mask),
              mask == null ? "" : mask.method()));
    }
    boolean nullsToo = statement.mask().map(ArchiveObject.Mask::nullsMaskedToo).orElse(false);
    List<List<ResultCell>> cells = new ArrayList<>(rows.size());
    for (List<Optional<Bytes>> row : rows) {
      List<ResultCell> line = new ArrayList<>(row.size());
      for (int i = 0; i < row.size(); i++) {
        ColumnDescription column = i < described.size() ? described.get(i) : null;
        ResultCell cell =
            Values.cell(row.get(i), column == null ? 0 : column.type(), format(asked, column, i));
        ArchiveObject.MaskedColumn mask = masked.get(i + 1);
        boolean hides = mask != null && (nullsToo || row.get(i).isPresent());
        line.add(
            hides && mask != null ? new ResultCell.Masked(cell.display(), ruleOf(mask)) : cell);
      }
      cells.add(line);
    }
    return new ResultView.Table(heads, cells, rowCount, elidedRows);
  }

  private static String ruleOf(ArchiveObject.MaskedColumn mask) {
    ArchiveObject.Rule rule = mask.rule();
    return rule == null || rule.id().isEmpty() ? "unknown" : rule.id();
  }

  private static FormatCode format(
      SqlTexts.Asked asked, @Nullable ColumnDescription column, int index) {
    if (asked.bind().isPresent()) {
      List<FormatCode> formats = asked.bind().get().resultFormats();
      if (formats.isEmpty()) {
        return FormatCode.TEXT;
      }
      return formats.size() == 1
          ? formats.getFirst()
          : index < formats.size() ? formats.get(index) : FormatCode.TEXT;
    }
    return column == null ? FormatCode.TEXT : column.format();
  }

  // ---- parameters ----

  private List<Parameter> parameters(SqlTexts.Asked asked) {
    if (asked.bind().isEmpty()) {
      return List.of();
    }
    FrontendMessage.Bind bind = asked.bind().get();
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < bind.parameters().size(); i++) {
      int type = i < asked.parameterTypes().size() ? asked.parameterTypes().get(i) : 0;
      parameters.add(
          new Parameter(
              i + 1,
              Values.typeName(type),
              Values.cell(bind.parameters().get(i), type, bind.parameterFormat(i)),
              asked.bindFrame(),
              asked.bindMessage()));
    }
    return parameters;
  }

  // ---- decision ----

  private DecisionDetail decision() {
    Optional<ArchiveObject.Decision> said = statement.policyDecision();
    Optional<ArchiveObject.Facts> facts = statement.facts();
    ArchiveObject.Policy policy = said.map(ArchiveObject.Decision::policy).orElse(null);
    Map<String, String> inputs = new LinkedHashMap<>();
    said.ifPresent(each -> each.inputs().forEach(input -> inputs.put(input.name(), input.value())));
    statement.inputs().forEach(input -> inputs.put(input.name(), input.value()));
    Set<String> labels = new LinkedHashSet<>();
    facts.ifPresent(each ->
        each.columns().stream()
            .map(ArchiveObject.ColumnUse::column)
            .filter(column -> column != null && !column.label().isEmpty())
            .forEach(column -> labels.add(column.label())));
    return new DecisionDetail(
        Decisions.kind(statement.counted()),
        Decisions.how(statement.decision()),
        replay.votes(statement.number()),
        said.map(each -> each.rules().stream().map(StatementReading::rule).toList())
            .orElse(List.of()),
        inputs,
        facts.map(each -> names(each.reads())).orElse(List.of()),
        facts.map(each -> names(each.writes())).orElse(List.of()),
        List.copyOf(labels),
        statement.mask().map(StatementReading::masks).orElse(List.of()),
        facts.map(ArchiveObject.Facts::verb).orElse(""),
        facts.map(each -> EventText.words(each.status())).orElse(""),
        policy == null ? "" : (policy.name() + " " + policy.version()).strip(),
        policy == null ? "" : policy.sha256().toHex(),
        said.map(ArchiveObject.Decision::dryRunCode)
            .filter(code -> code != DecisionCode.AS_PLANNED)
            .map(code -> Decisions.kind(code).word().toLowerCase(java.util.Locale.ROOT))
            .orElse(""),
        said.map(ArchiveObject.Decision::rulesEvaluated).orElse(0),
        statement.decideMicrosBelow(),
        said.map(ArchiveObject.Decision::message).orElse(""),
        said.map(ArchiveObject.Decision::sqlState).orElse(""),
        forwarded());
  }

  private String forwarded() {
    ArchiveObject.Plan plan = statement.plan();
    return plan == null ? "unknown" : EventText.words(plan.forwarded());
  }

  private static DecisionDetail.FiredRule rule(ArchiveObject.Rule rule) {
    return new DecisionDetail.FiredRule(rule.id(), rule.line(), rule.reason());
  }

  private static List<String> names(List<ArchiveObject.Relation> relations) {
    return relations.stream().map(each -> each.schema() + "." + each.name()).distinct().toList();
  }

  private static List<DecisionDetail.MaskedOutput> masks(ArchiveObject.Mask mask) {
    List<DecisionDetail.MaskedOutput> outputs = new ArrayList<>();
    for (ArchiveObject.MaskedColumn each : mask.columns()) {
      ArchiveObject.Column column = each.column();
      ArchiveObject.Relation relation = column == null ? null : column.relation();
      String name =
          column == null
              ? ""
              : relation == null
                  ? column.name()
                  : relation.schema() + "." + relation.name() + "." + column.name();
      outputs.add(
          new DecisionDetail.MaskedOutput(
              each.outputNumber(),
              name,
              column == null ? "" : column.label(),
              each.method(),
              ruleOf(each)));
    }
    return outputs;
  }
}
