package dev.nestor.evidence.search;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.FactFilter;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Says of whole sessions, and of all statements of one shape, that a query cannot want them.
final class Prefilter implements FactFilter {
  /// What is known of a part of the query.
  private enum Answer {
    NO,
    MAYBE,
    YES
  }

  private final Query query;
  private final ArchiveCard card;
  private final Map<Long, SessionCard> sessions;
  private final boolean templatesOnly;
  private final BooleanSupplier goOn;

  /// @param templatesOnly whether texts are compared without their constants
  Prefilter(
      Query query,
      ArchiveCard card,
      Map<Long, SessionCard> sessions,
      boolean templatesOnly,
      BooleanSupplier goOn) {
    this.query = query;
    this.card = card;
    this.sessions = sessions;
    this.templatesOnly = templatesOnly;
    this.goOn = goOn;
  }

  @Override
  public boolean goOn() {
    return goOn.getAsBoolean();
  }

  /// Sessions are not refused: statements whose text could not be parsed are counted in all.
  @Override
  public boolean session(long number) {
    return sessions.containsKey(number);
  }

  @Override
  public boolean shape(StatementFact shape) {
    SessionCard any = sessions.get(shape.session());
    if (!shape.factsKnown() || any == null) {
      return true;
    }
    Candidate candidate = new Candidate(card.path(), card.id(), any, shape, shape::template);
    return answer(query, candidate) != Answer.NO;
  }

  private Answer answer(Query part, Candidate shape) {
    return switch (part) {
      case Query.All() -> Answer.YES;
      case Query.And(List<Query> parts) ->
          parts.stream().map(each -> answer(each, shape)).min(Answer::compareTo).orElse(Answer.YES);
      case Query.Or(List<Query> parts) ->
          parts.stream().map(each -> answer(each, shape)).max(Answer::compareTo).orElse(Answer.NO);
      case Query.Not(Query negated) ->
          switch (answer(negated, shape)) {
            case NO -> Answer.YES;
            case MAYBE -> Answer.MAYBE;
            case YES -> Answer.NO;
          };
      case Query.Word word when isOfShape(word.field()) ->
          Matches.of(word, shape) ? Answer.YES : Answer.NO;
      case Query.Word _, Query.Between _, Query.During _, Query.Daily _, Query.Via _ ->
          Answer.MAYBE;
    };
  }

  private boolean isOfShape(Field field) {
    return switch (field) {
      case VERB, TABLE, SCHEMA, COLUMN, LABEL, DECISION, RULE, FLAG -> true;
      case TEXT, SQL -> templatesOnly;
      default -> false;
    };
  }
}
