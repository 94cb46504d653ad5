package dev.nestor.evidence.archive;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// A statement as `nestor archive show` prints it.
///
/// @param session number in the archive
/// @param statement number in the session
/// @param firstFrame frame with the message that runs it
/// @param startedAt archive clock of that frame
/// @param subject name of who it was done for; empty if unknown
/// @param actors names from the one next to the subject to the one that acted
/// @param credential label such as `c-7e21`; empty without one
/// @param application name that the client gave
/// @param sql text as sent; the template where it was not kept
/// @param parameters values as text; NULL is the text `NULL`
/// @param decision word as in JSON
/// @param rules ids, the deciding one first
/// @param masks columns of the result that were masked
/// @param rows affected or returned; absent where nothing ran to an end
/// @param tag of CommandComplete; empty without one
/// @param sqlState of the error; empty without one
/// @param durationMicros without the time it was held
public record ShownStatement(
    long session,
    long statement,
    long firstFrame,
    Instant startedAt,
    String subject,
    List<String> actors,
    String credential,
    String application,
    String sql,
    List<String> parameters,
    String decision,
    List<String> rules,
    List<String> masks,
    OptionalLong rows,
    String tag,
    String sqlState,
    OptionalLong durationMicros) {
  public ShownStatement {
    actors = List.copyOf(actors);
    parameters = List.copyOf(parameters);
    rules = List.copyOf(rules);
    masks = List.copyOf(masks);
  }

  static ShownStatement of(StatementDetail detail) {
    ReplayRow.Statement row = detail.row();
    SessionCard session = detail.session();
    return new ShownStatement(
        row.session(),
        row.statement(),
        row.frame(),
        row.at(),
        session.subject().map(Party::name).orElse(""),
        session.actors().stream().map(Party::name).toList(),
        session.credential().map(CredentialCard::label).orElse(""),
        session.application(),
        detail.sql(),
        detail.parameters().stream().map(each -> each.value().display()).toList(),
        row.decision().json(),
        detail.decision().rules().stream().map(DecisionDetail.FiredRule::id).toList(),
        detail.decision().masks().stream().map(DecisionDetail.MaskedOutput::column).toList(),
        row.rows(),
        row.tag(),
        row.sqlState(),
        row.durationMicros());
  }
}
