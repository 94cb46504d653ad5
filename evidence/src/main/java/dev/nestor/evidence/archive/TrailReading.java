package dev.nestor.evidence.archive;

import dev.nestor.evidence.index.StatementBlock;
import dev.nestor.evidence.index.StatementIndex;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads statements and events of an archive as flat values.
final class TrailReading {
  private static final int CLIENTS_MAX = 1_000_000;
  private static final int SNAPSHOTS_MAX = 256;

  private TrailReading() {}

  static Trail trail(Archive archive, StatementIndex index, Parties parties) throws IOException {
    Map<Long, RecordedEvent.Credential> known = new LinkedHashMap<>(archive.credentials());
    Map<Long, List<CredentialFact.Change>> changes = new HashMap<>();
    List<RecordedFinding> findings = new ArrayList<>();
    Map<Long, String> clients = new HashMap<>();
    Map<Bytes, Frame> snapshots = new LinkedHashMap<>();
    try (Stream<Frame> events = IndexedEvents.of(archive, index, StatementBlock.EVENT_TRAIL)) {
      events.forEach(frame ->
          frame
              .event()
              .ifPresent(event -> {
                long session = frame.meta().session();
                switch (event) {
                  case RecordedEvent.Credential credential ->
                      known.putIfAbsent(credential.no(), credential);
                  case RecordedEvent.CredentialChange change ->
                      changes
                          .computeIfAbsent(change.no(), _ -> new ArrayList<>())
                          .add(change(frame, change, parties));
                  case RecordedEvent.Finding finding -> findings.add(finding(frame, finding));
                  case RecordedEvent.Client client -> {
                    if (clients.size() < CLIENTS_MAX) {
                      clients.putIfAbsent(session, address(client));
                    }
                  }
                  case RecordedEvent.Entitlements snapshot -> {
                    if (snapshots.size() < SNAPSHOTS_MAX) {
                      snapshots.putIfAbsent(snapshot.sha256(), frame);
                    }
                  }
                  default -> {}
                }
              }));
    }
    List<CredentialFact> credentials = new ArrayList<>();
    known
        .values()
        .forEach(each ->
            credentials.add(credential(each, parties, changes.getOrDefault(each.no(), List.of()))));
    List<Entitlements> entitlements = new ArrayList<>();
    for (Frame each : snapshots.values()) {
      entitlements(archive, each).ifPresent(entitlements::add);
    }
    return new Trail(credentials, findings, clients, entitlements, archive.damage().isEmpty());
  }

  private static Optional<Entitlements> entitlements(Archive archive, Frame frame)
      throws IOException {
    if (!(frame.event().orElse(null) instanceof RecordedEvent.Entitlements snapshot)) {
      return Optional.empty();
    }
    Instant taken = Instants.of(snapshot.takenAt() == 0 ? frame.meta().ts() : snapshot.takenAt());
    return archive
        .attachment(snapshot.sha256())
        .map(content -> EntitlementReading.read(frame.no(), taken, snapshot.database(), content));
  }

  private static CredentialFact.Change change(
      Frame frame, RecordedEvent.CredentialChange change, Parties parties) {
    Instant at = Instants.of(frame.meta().ts());
    return new CredentialFact.Change(
        frame.no(),
        at,
        change.effective() == 0 ? at : Instants.of(change.effective()),
        switch (change.step()) {
          case UNSET -> CredentialFact.Step.OTHER;
          case ISSUED -> CredentialFact.Step.ISSUED;
          case EXCHANGED -> CredentialFact.Step.EXCHANGED;
          case REFUSED -> CredentialFact.Step.REFUSED;
          case REVOKED -> CredentialFact.Step.REVOKED;
          case EXPIRED -> CredentialFact.Step.EXPIRED;
          case PARENT_ENDED -> CredentialFact.Step.PARENT_ENDED;
          case USED_AFTER_END -> CredentialFact.Step.USED_AFTER_END;
          case BOUND -> CredentialFact.Step.BOUND;
          case UNBOUND -> CredentialFact.Step.UNBOUND;
        },
        change.by() == 0 ? "" : parties.name(change.by()),
        EventText.words(change.source()),
        change.reasonCode(),
        change.ticket());
  }

  private static RecordedFinding finding(Frame frame, RecordedEvent.Finding finding) {
    List<String> about = new ArrayList<>();
    if (!finding.role().isEmpty()) {
      about.add("role " + finding.role());
    }
    if (!finding.applicationName().isEmpty()) {
      about.add("application " + finding.applicationName());
    }
    if (finding.backendPid() != 0) {
      about.add("server process " + finding.backendPid());
    }
    if (!finding.column().isEmpty()) {
      about.add("column " + finding.column());
    }
    return new RecordedFinding(
        frame.no(),
        Instants.of(frame.meta().ts()),
        finding.rule(),
        finding.severity().toLowerCase(Locale.ROOT),
        String.join(", ", about),
        frame.meta().session(),
        finding.statement(),
        finding.credential(),
        finding.besideSession());
  }

  private static String address(RecordedEvent.Client client) {
    byte[] bytes = client.address().toArray();
    StringBuilder text = new StringBuilder();
    if (bytes.length == 4) {
      for (byte each : bytes) {
        text.append(text.isEmpty() ? "" : ".").append(each & 0xff);
      }
    } else if (bytes.length == 16) {
      for (int i = 0; i < bytes.length; i += 2) {
        text.append(i == 0 ? "" : ":")
            .append(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)));
      }
    }
    return text.isEmpty() ? "unknown" : text.toString();
  }

  private static CredentialFact credential(
      RecordedEvent.Credential credential, Parties parties, List<CredentialFact.Change> changes) {
    List<Party> declared = new ArrayList<>();
    credential.declaredChain().forEach(number -> parties.party(number).ifPresent(declared::add));
    Optional<Party> subject = parties.party(credential.subject());
    return new CredentialFact(
        credential.no(),
        credential.kind(),
        credential.tokenSha256().toHex(),
        credential.actor() == credential.subject()
            ? Optional.empty()
            : parties.party(credential.actor()),
        subject,
        credential.parentNo(),
        credential.lineage() == RecordedEvent.Lineage.UNSET
            ? ""
            : EventText.words(credential.lineage()),
        declared,
        instant(credential.issued()),
        instant(credential.expires()),
        credential.scope(),
        credential.audience(),
        credential.depth(),
        changes);
  }

  private static Optional<Instant> instant(long micros) {
    return micros == 0 ? Optional.empty() : Optional.of(Instants.of(micros));
  }

  /// A statement as a flat value.
  ///
  /// @param sessionCredential what counts where the statement names none of its own
  static StatementFact fact(Statement statement, long sessionCredential) {
    Optional<ArchiveObject.Facts> facts = statement.facts();
    Optional<ArchiveObject.Decision> said = statement.policyDecision();
    ReplayRow.Statement row = StatementRows.row(statement, "", 0);
    List<String> outputs = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    facts.ifPresent(each -> {
      for (ArchiveObject.ColumnUse use : each.columns()) {
        ArchiveObject.Column column = use.column();
        if (column == null) {
          continue;
        }
        if ((use.use() & ArchiveObject.USE_OUTPUT) != 0) {
          outputs.add(qualified(column));
        }
        if (!column.label().isEmpty() && !labels.contains(column.label())) {
          labels.add(column.label());
        }
      }
    });
    DecisionCode dryRun =
        said.map(ArchiveObject.Decision::dryRunCode).orElse(DecisionCode.AS_PLANNED);
    return new StatementFact(
        statement.session(),
        statement.number(),
        statement.anchorFrame(),
        row.at(),
        row.decision(),
        dryRun == DecisionCode.AS_PLANNED ? null : Decisions.kind(dryRun),
        facts.map(ArchiveObject.Facts::verb).orElse(""),
        facts.map(each -> names(each.reads())).orElse(List.of()),
        facts.map(each -> names(each.writes())).orElse(List.of()),
        List.copyOf(outputs),
        List.copyOf(labels),
        said.map(each -> each.rules().stream().map(ArchiveObject.Rule::id).toList())
            .orElse(List.of()),
        statement
            .mask()
            .map(mask ->
                mask.columns().stream()
                    .map(ArchiveObject.MaskedColumn::column)
                    .map(column -> column == null ? "(computed)" : qualified(column))
                    .toList())
            .orElse(List.of()),
        facts.map(ArchiveObject.Facts::flags).orElse(List.of()),
        facts.filter(each -> each.status() == ArchiveObject.FactsStatus.OK).isPresent(),
        statement.template(),
        row.rows(),
        statement.commandTag(),
        statement.sqlState(),
        row.outcome(),
        row.durationMicros(),
        statement.bytes(),
        statement.credential() != 0 ? statement.credential() : sessionCredential);
  }

  private static String qualified(ArchiveObject.Column column) {
    ArchiveObject.Relation relation = column.relation();
    return relation == null
        ? column.name()
        : relation.schema() + "." + relation.name() + "." + column.name();
  }

  private static List<String> names(List<ArchiveObject.Relation> relations) {
    return relations.stream().map(each -> each.schema() + "." + each.name()).distinct().toList();
  }
}
