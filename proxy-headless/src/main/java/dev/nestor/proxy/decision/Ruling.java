package dev.nestor.proxy.decision;

import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.SecretLiterals.Span;
import dev.nestor.postgres.sql.Verb;
import dev.nestor.proxy.masking.RowRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What was decided of one text: a Query, a Parse, or a function call.
///
/// @param verdict what happens
/// @param parts one for each top-level statement; one that stands for all where the text cannot be
///   parsed or is empty
/// @param refusal what the client is told, if the verdict is not to allow
/// @param text what was decided, UTF-8; shared, must not be changed
/// @param epoch the catalog's epoch at which its names were resolved
/// @param secrets parts of the text that nobody may write down
/// @param hold that people must agree, where they must
public record Ruling(
    Verdict verdict,
    List<Part> parts,
    Optional<Refusal> refusal,
    byte[] text,
    long epoch,
    List<Span> secrets,
    Optional<Hold> hold) {
  /// No statement at all.
  public static final Ruling NOTHING =
      new Ruling(Verdict.BLOCK, List.of(), Optional.empty(), new byte[0], 0);

  /// Copies the lists.
  public Ruling {
    parts = List.copyOf(parts);
    secrets = List.copyOf(secrets);
  }

  /// What was decided of a text without secrets.
  public Ruling(
      Verdict verdict, List<Part> parts, Optional<Refusal> refusal, byte[] text, long epoch) {
    this(verdict, parts, refusal, text, epoch, List.of(), Optional.empty());
  }

  /// The same for another text of one statement.
  Ruling of(byte[] other, int start, int end) {
    Part part = parts.getFirst();
    return new Ruling(verdict, List.of(part.at(start, end)), refusal, other, epoch, secrets, hold);
  }

  Ruling concealing(List<Span> spans) {
    return spans.isEmpty() ? this : new Ruling(verdict, parts, refusal, text, epoch, spans, hold);
  }

  Ruling held(Hold held) {
    return new Ruling(Verdict.HOLD, parts, refusal, text, epoch, secrets, Optional.of(held));
  }

  /// One of its statements, as if it had been the whole text.
  ///
  /// @param alone its text
  public Ruling only(Part part, byte[] alone) {
    return new Ruling(verdict, List.of(part), refusal, alone, epoch, List.of(), hold);
  }

  /// What is done when people have decided, or cannot be asked.
  ///
  /// @param why for the client, where it does not run: one sentence, never data
  public Ruling settled(Hold.Outcome outcome, String why) {
    Hold settled = hold.orElseThrow().with(outcome);
    return outcome == Hold.Outcome.GRANTED
        ? new Ruling(
            Verdict.ALLOW, parts, Optional.empty(), text, epoch, secrets, Optional.of(settled))
        : new Ruling(
            Verdict.BLOCK,
            parts,
            Optional.of(
                new Refusal(
                    settled.rule(),
                    "blocked by policy rule " + settled.rule() + ": " + why,
                    "Send it again to ask again.")),
            text,
            epoch,
            secrets,
            Optional.of(settled));
  }

  /// Whether it does the same as another one of the same text: names may have got another meaning.
  public boolean does(Ruling other) {
    return parts.stream()
        .map(Part::facts)
        .toList()
        .equals(other.parts.stream().map(Part::facts).toList());
  }

  /// Whether running any of it may change what the gateway knows.
  public boolean hasEffects() {
    for (Part part : parts) {
      if (!part.effects().isEmpty() || part.naming().isPresent()) {
        return true;
      }
    }
    return false;
  }

  /// Whether it counts as masked: it may run, and values in its rows are masked.
  public boolean masks() {
    for (Part part : parts) {
      if (part.rows() instanceof RowRule.Described described && described.masks()) {
        return true;
      }
    }
    return false;
  }

  /// Whether what it does depends on what names of statements or cursors stand for.
  public boolean usesNames() {
    for (Part part : parts) {
      Facts facts = part.facts();
      if (!facts.names().isEmpty()
          && (facts.verbs().contains(Verb.EXECUTE) || facts.verbs().contains(Verb.FETCH))) {
        return true;
      }
    }
    return false;
  }

  /// What happens to a text.
  public enum Verdict {
    /// It runs.
    ALLOW,
    /// It runs if people agree.
    HOLD,
    /// The server is made to refuse it.
    BLOCK,
    /// It does not run, and the session ends.
    KILL
  }

  /// What running a statement may do to what the gateway knows of the session.
  public enum Effect {
    /// Settings that change meaning may have other values.
    SETTINGS,
    /// Names of statements and portals may stand for something else.
    NAMES,
    /// The session may have other objects of its own: temporary ones, and definitions that it has
    /// not committed.
    OBJECTS,
    /// The catalog may have changed for everybody.
    CATALOG
  }

  /// One top-level statement.
  ///
  /// @param plan identifier of the PLAN object in the archive
  /// @param effects what running it may change
  /// @param naming the name that it changes
  /// @param facts what it does
  /// @param rows how its rows may reach the client
  public record Part(
      int plan, Set<Effect> effects, Optional<NameChange> naming, Facts facts, RowRule rows) {
    /// Copies the set.
    public Part {
      effects = Set.copyOf(effects);
    }

    Part at(int start, int end) {
      return start == facts.start() && end == facts.end()
          ? this
          : new Part(plan, effects, naming, facts.at(start, end), rows);
    }

    /// A part that changes nothing that the gateway knows, and of which nothing is known.
    public static Part opaque(int plan) {
      return new Part(plan, Set.of(), Optional.empty(), OpaqueFacts.of(), RowRule.CLEAR);
    }
  }

  /// How the rows of its only or first statement may reach the client: what a portal holds.
  public RowRule rows() {
    return parts.getFirst().rows();
  }

  /// What a client is told about a block or kill.
  ///
  /// @param rule identifier of the rule, `default` where none was needed
  /// @param message one sentence; never data
  /// @param hint the command that would request the access
  /// @param lock what a kill locks besides
  public record Refusal(String rule, String message, String hint, Optional<CredentialLock> lock) {
    /// One that locks nothing.
    public Refusal(String rule, String message, String hint) {
      this(rule, message, hint, Optional.empty());
    }
  }

  /// A rule ends the caller's credential.
  ///
  /// @param rule identifier of the rule
  /// @param withDescendants whether what was issued from the credential ends with it
  public record CredentialLock(String rule, boolean withDescendants) {}
}
