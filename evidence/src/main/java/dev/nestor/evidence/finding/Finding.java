package dev.nestor.evidence.finding;

import java.time.Instant;
import java.util.List;

/// Something that a person should look at, and what it rests on.
///
/// @param rule short name of the rule that found it, such as `used-after-revocation`
/// @param reason one sentence
/// @param why what the sentence rests on, one sentence each
/// @param credential label of the credential that it is about; empty if of none
/// @param holder who held or acted; empty if unknown
/// @param subject on whose behalf; empty if unknown
/// @param at when it showed
/// @param statements that it rests on, at most 100 of [#statementCount]
/// @param observed false where the recording has holes, so that absence of use is not shown
/// @param anchor what it is about, the same in every run over the same evidence
public record Finding(
    String rule,
    Severity severity,
    String reason,
    List<String> why,
    String credential,
    String holder,
    String subject,
    Instant at,
    List<StatementRef> statements,
    long statementCount,
    boolean observed,
    String anchor) {
  /// More are counted and not listed.
  public static final int STATEMENTS_MAX = 100;

  public Finding {
    why = List.copyOf(why);
    statements = List.copyOf(statements);
  }

  /// A name that stays the same over runs, for what people write about it.
  public String key() {
    return rule + "/" + anchor;
  }
}
