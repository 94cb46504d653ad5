package dev.nestor.cli.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.CredentialCard;
import dev.nestor.evidence.archive.DecisionDetail;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.ResultCell;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.evidence.archive.StatementDetail;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor archive show`: each statement, one a line.
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Prints each statement of a recording, in the order of its sessions.",
    footer = {"", "Example: nestor archive show demo-out/3-quiet-export.pgrec --json"})
final class ShowCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(
      paramLabel = "PATH",
      description = "A .pgrec file, a recorder's directory, or a folder.")
  private Path path = Path.of(".");

  @Option(names = "--json", description = "One JSON document a line.")
  private boolean json;

  @Option(names = "--events", description = "Also events, refused log-ins among them.")
  private boolean events;

  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

  @Override
  public Integer call() {
    try {
      for (Path archive : ArchiveFiles.of(path)) {
        try (EvidenceArchive evidence = EvidenceArchives.open(archive)) {
          for (SessionCard session : evidence.sessions()) {
            show(evidence.replay(session.number()));
          }
          if (events) {
            evidence.eventsOfNoSession().forEach(event -> event(0, event));
          }
        }
      }
      out.flush();
      return out.checkError() ? ExitCode.INCOMPLETE : ExitCode.OK;
    } catch (IOException e) {
      out.flush();
      System.err.println("nestor: " + e.getMessage());
      return ExitCode.USAGE;
    }
  }

  private void show(SessionReplay replay) throws IOException {
    SessionCard session = replay.session();
    if (events && !session.refusal().isEmpty()) {
      refused(session);
    }
    for (long position = 0; position < replay.size(); position++) {
      switch (replay.row(position)) {
        case ReplayRow.Statement _ -> {
          Optional<StatementDetail> detail = replay.detail(position);
          if (detail.isPresent()) {
            statement(detail.get());
          }
        }
        case ReplayRow.Event event -> {
          if (events) {
            event(session.number(), event);
          }
        }
      }
    }
  }

  private void refused(SessionCard session) {
    if (json) {
      ObjectNode node = JSON.createObjectNode();
      node.put("event", "refused").put("session", session.number());
      node.put("startedAt", session.started().toString());
      node.put("subject", name(session.subject())).put("reason", session.refusal());
      node.put("client", session.client());
      out.println(node);
    } else {
      out.printf(
          "%4d       %s  refused   %-16s %s%n",
          session.number(), session.started(), name(session.subject()), session.refusal());
    }
  }

  /// @param session 0 for an event of no session
  private void event(long session, ReplayRow.Event event) {
    if (json) {
      ObjectNode node = JSON.createObjectNode();
      node.put("event", event.kind().name().toLowerCase(java.util.Locale.ROOT));
      node.put("session", session).put("firstFrame", event.frame());
      node.put("startedAt", event.at().toString()).put("text", event.text());
      out.println(node);
    } else {
      out.printf("%4d       %s  %s%n", session, event.at(), event.text());
    }
  }

  private static String name(Optional<Party> party) {
    return party.map(Party::name).orElse("");
  }

  private void statement(StatementDetail detail) {
    ReplayRow.Statement row = detail.row();
    SessionCard session = detail.session();
    if (!json) {
      out.printf(
          "%4d.%-5d %s  %-8s %-16s %6s  %s%n",
          row.session(),
          row.statement(),
          row.at(),
          row.decision().word(),
          name(session.current()),
          row.rows().isPresent() ? Long.toString(row.rows().getAsLong()) : row.sqlState(),
          row.sql());
      return;
    }
    ObjectNode node = JSON.createObjectNode();
    node.put("session", row.session()).put("statement", row.statement());
    node.put("firstFrame", row.frame()).put("startedAt", row.at().toString());
    node.put("subject", name(session.subject()));
    ArrayNode actors = node.putArray("actors");
    session.actors().forEach(actor -> actors.add(actor.name()));
    node.put("credential", session.credential().map(CredentialCard::label).orElse(""));
    node.put("application", session.application());
    node.put("sql", detail.sql());
    ArrayNode parameters = node.putArray("parameters");
    for (StatementDetail.Parameter parameter : detail.parameters()) {
      parameter(parameters, parameter.value());
    }
    node.put("decision", row.decision().json());
    ArrayNode rules = node.putArray("rules");
    detail.decision().rules().forEach(rule -> rules.add(rule.id()));
    ArrayNode masks = node.putArray("masks");
    for (DecisionDetail.MaskedOutput mask : detail.decision().masks()) {
      masks
          .addObject()
          .put("output", mask.output())
          .put("column", mask.column())
          .put("method", mask.method())
          .put("rule", mask.rule());
    }
    row.rows().ifPresentOrElse(rows -> node.put("rows", rows), () -> node.putNull("rows"));
    node.put("tag", row.tag()).put("sqlState", row.sqlState());
    row.durationMicros()
        .ifPresentOrElse(
            micros -> node.put("durationMicros", micros), () -> node.putNull("durationMicros"));
    out.println(node);
  }

  private static void parameter(ArrayNode parameters, ResultCell cell) {
    switch (cell) {
      case ResultCell.Null _ -> parameters.addNull();
      case ResultCell.Empty _ -> parameters.add("");
      default -> parameters.add(cell.display());
    }
  }
}
