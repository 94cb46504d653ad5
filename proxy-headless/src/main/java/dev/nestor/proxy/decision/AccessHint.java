package dev.nestor.proxy.decision;

import dev.nestor.policy.AccessOffer;
import dev.nestor.postgres.sql.FactsStatus;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a refused client can do next: the command that asks for the access, where the policy offers
/// any that would help.
final class AccessHint {
  /// What a shell takes as it is.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/@%+=,-]+");

  private AccessHint() {}

  /// The text of the HINT field.
  ///
  /// @param offers of which each alone would let it run
  /// @param does what the statement does, in a few words
  /// @param unreadable why it is not known what it does; empty if it is
  static String of(
      String database, List<AccessOffer> offers, String does, Optional<FactsStatus> unreadable) {
    if (!offers.isEmpty() && database.codePoints().noneMatch(Character::isISOControl)) {
      return "Ask for access: nestor access request --database "
          + quoted(database)
          + " --scope "
          + quoted(offers.getFirst().scope())
          + " --reason 'why you need it'";
    }
    String owner = "The policy offers no access that would help; ask its owner, and name the rule";
    return unreadable
        .map(status ->
            switch (status) {
              case UNRESOLVED ->
                  "Write names with their schema, and make what does not exist in a statement of"
                      + " its own first.";
              case SYNTAX, UNLEXABLE ->
                  "Check the statement: PostgreSQL would not read it either, or it needs a"
                      + " version newer than 18.";
              case TOO_DEEP, TOO_LONG ->
                  "Split the statement, or ask for other limits in the gateway's configuration.";
              case OPAQUE ->
                  "Name the tables instead of code that reaches them unseen. " + owner + ".";
              case OK -> owner + ".";
            })
        .orElse(owner + " and what the statement does (" + does + ").");
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
