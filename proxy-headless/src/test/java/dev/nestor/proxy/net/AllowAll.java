package dev.nestor.proxy.net;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.SessionNames;
import dev.nestor.postgres.sql.SqlAnalyzer;
import dev.nestor.postgres.sql.SqlSettings;
import dev.nestor.proxy.decision.KnownNames;
import dev.nestor.proxy.decision.NameChange;
import dev.nestor.proxy.decision.Ruling;
import dev.nestor.proxy.decision.SessionSettings;
import dev.nestor.proxy.decision.StatementDecider;
import dev.nestor.proxy.masking.RowRule;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.recording.ObjectTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides by words in the text, so that a script says what happens: `/*block*/`, `/*kill*/`,
/// `/*settings*/`, `/*names*/`, `/*parts=n*/`; everything else is allowed.
final class AllowAll implements StatementDecider {
  private final int plan;

  private final RowRule rows;
  private final SqlAnalyzer analyzer = new SqlAnalyzer();

  AllowAll(ObjectTable objects) {
    this(objects, RowRule.CLEAR);
  }

  /// @param rows how the rows of everything may reach the client
  AllowAll(ObjectTable objects, RowRule rows) {
    this.rows = rows;
    ArchiveObject.Decision decision =
        new ArchiveObject.Decision(
            DecisionCode.ALLOW, null, List.of(), List.of(), 0, "", "", DecisionCode.AS_PLANNED);
    plan =
        objects.intern(
            new ArchiveObject.Plan(
                null,
                null,
                decision,
                null,
                ArchiveObject.Capture.MASKED,
                ArchiveObject.Forwarded.AS_IS));
  }

  @Override
  public Ruling decide(byte[] sql, SessionSettings settings, KnownNames names) {
    String text = new String(sql, StandardCharsets.UTF_8);
    Set<Ruling.Effect> effects =
        text.contains("/*settings*/")
            ? Set.of(Ruling.Effect.SETTINGS)
            : text.contains("/*names*/") ? Set.of(Ruling.Effect.NAMES) : Set.of();
    Ruling.Verdict verdict =
        text.contains("/*block*/")
            ? Ruling.Verdict.BLOCK
            : text.contains("/*kill*/") ? Ruling.Verdict.KILL : Ruling.Verdict.ALLOW;
    return new Ruling(
        verdict,
        parts(sql, effects),
        verdict == Ruling.Verdict.ALLOW
            ? Optional.empty()
            : Optional.of(new Ruling.Refusal("test.rule", "stopped by test.rule", "ask nicely")),
        sql,
        0);
  }

  /// Where rows are looked at, each statement has its own part, and its names are followed.
  private List<Ruling.Part> parts(byte[] sql, Set<Ruling.Effect> effects) {
    if (rows instanceof RowRule.Clear) {
      return List.of(part(effects, Optional.empty()));
    }
    return analyzer
        .analyze(sql, SqlSettings.DEFAULT, CatalogSnapshot.SYSTEM, SessionNames.of("postgres"))
        .stream()
        .map(facts -> part(effects, naming(facts)))
        .toList();
  }

  private static Optional<NameChange> naming(Facts facts) {
    return switch (facts.verb()) {
      case DECLARE -> named(NameChange.Kind.DECLARED, facts);
      case PREPARE -> named(NameChange.Kind.PREPARED, facts);
      default -> Optional.empty();
    };
  }

  private static Optional<NameChange> named(NameChange.Kind kind, Facts facts) {
    return facts.names().stream().findFirst().map(name -> new NameChange(kind, name));
  }

  private Ruling.Part part(Set<Ruling.Effect> effects, Optional<NameChange> naming) {
    return new Ruling.Part(plan, effects, naming, Ruling.Part.opaque(plan).facts(), rows);
  }

  @Override
  public Ruling decideAgain(Ruling earlier, SessionSettings settings, KnownNames names) {
    return earlier;
  }

  @Override
  public Ruling decideUnknownName(String what) {
    return allowed();
  }

  @Override
  public Ruling decideFunctionCall(int function) {
    return allowed();
  }

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public void catalogChanged() {}

  @Override
  public void ownObjects(List<Relation> temporary, String catalogDigest) {}

  private Ruling allowed() {
    return new Ruling(
        Ruling.Verdict.ALLOW,
        List.of(
            new Ruling.Part(
                plan, Set.of(), Optional.empty(), Ruling.Part.opaque(plan).facts(), rows)),
        Optional.empty(),
        new byte[0],
        0);
  }
}
