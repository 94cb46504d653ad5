package dev.nestor.proxy.decision;

import dev.nestor.policy.Caller;
import dev.nestor.policy.Capability;
import dev.nestor.policy.Decision;
import dev.nestor.policy.Judgement;
import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.policy.PolicyState;
import dev.nestor.policy.mask.MaskKey;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationKind;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.RelationUse;
import dev.nestor.postgres.sql.SecretLiterals;
import dev.nestor.postgres.sql.SessionNames;
import dev.nestor.postgres.sql.SessionNames.Certainty;
import dev.nestor.postgres.sql.SqlAnalyzer;
import dev.nestor.postgres.sql.SqlLimits;
import dev.nestor.postgres.sql.SqlSettings;
import dev.nestor.postgres.sql.SqlShape;
import dev.nestor.postgres.sql.Verb;
import dev.nestor.proxy.budget.BudgetLedger;
import dev.nestor.proxy.budget.BudgetMeter;
import dev.nestor.proxy.catalog.CatalogWatch;
import dev.nestor.proxy.decision.Ruling.CredentialLock;
import dev.nestor.proxy.decision.Ruling.Effect;
import dev.nestor.proxy.decision.Ruling.Refusal;
import dev.nestor.proxy.decision.Ruling.Verdict;
import dev.nestor.proxy.masking.RowRule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides by PostgreSQL's grammar, the live catalog and the policy file.
public final class PolicyDecider implements StatementDecider {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyDecider.class);
  private static final Set<Capability> CAPABILITIES =
      Set.of(Capability.MASK, Capability.HOLD, Capability.LIMIT);
  private static final int KNOWN_MAX = 512;
  private static final int KNOWN_BYTES_MAX = 8 * 1024;

  private final LabelPins pins;
  private final Caller caller;
  private final CatalogWatch catalog;
  private final PlanRecorder plans;
  private final SqlLimits limits;
  private final String role;
  private final Runnable wake;
  private final MaskKey maskKey;
  private final BudgetLedger.Session accounts;

  /// The policy, with the labels where the catalog has their columns now.
  private PolicyDecisionPoint policy;

  private RowRules rows;
  private Budgets budgets;
  private final Map<ByteBuffer, Ruling> known = leastRecentlyUsed();

  /// Texts that differ in constants only, which their facts do not depend on.
  private final Map<SqlShape, Ruling> byShape = leastRecentlyUsed();

  private boolean constantsDoNotMatter;
  private @Nullable CatalogSnapshot knownCatalog;
  private @Nullable SessionSettings knownSettings;
  private @Nullable SessionNames knownNames;
  private final AtomicInteger refreshesAwaited = new AtomicInteger();
  private boolean firstAwaited;

  /// Relations in the session's temporary schema.
  private List<Relation> temporary = List.of();

  private Certainty certainty = Certainty.CERTAIN;

  /// The decider of one session.
  ///
  /// @param pins the policy, and where the columns with labels are
  /// @param role database role of the session
  /// @param maskKey the secret of hashes in masks
  /// @param accounts what was counted against the caller's budgets
  /// @param wake runs the session on when the catalog has been read; any thread
  public PolicyDecider(
      LabelPins pins,
      Caller caller,
      CatalogWatch catalog,
      PlanRecorder plans,
      SqlLimits limits,
      String role,
      MaskKey maskKey,
      BudgetLedger.Session accounts,
      Runnable wake) {
    this.pins = pins;
    this.policy = pins.original();
    this.maskKey = maskKey;
    this.accounts = accounts;
    this.caller = caller;
    this.catalog = catalog;
    this.plans = plans;
    this.limits = limits;
    this.role = role;
    this.wake = wake;
    this.rows = new RowRules(policy, caller, catalog.analyzer(), plans, maskKey);
    this.budgets = new Budgets(policy, caller, accounts);
  }

  private static <K> Map<K, Ruling> leastRecentlyUsed() {
    return new LinkedHashMap<>(64, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, Ruling> eldest) {
        return size() > KNOWN_MAX;
      }
    };
  }

  @Override
  public Ruling decide(byte[] sql, SessionSettings settings, KnownNames named) {
    CatalogSnapshot snapshot = catalog.snapshot();
    if (snapshot == null) {
      return refused(sql, 0, "the catalog has not been read yet");
    }
    SessionNames names = names(snapshot, settings);
    if (sql.length > KNOWN_BYTES_MAX) {
      Ruling ruling = analyze(sql, settings, snapshot, names);
      return ruling.usesNames()
          ? analyze(sql, settings, snapshot, withNamed(names, ruling, named))
          : ruling;
    }
    ByteBuffer key = ByteBuffer.wrap(sql);
    Ruling ruling = known.get(key);
    if (ruling != null) {
      return ruling;
    }
    SqlSettings lexical = new SqlSettings(settings.standardConformingStrings(), limits);
    @Nullable SqlShape shape = SqlShape.of(sql, lexical).orElse(null);
    if (shape != null) {
      Ruling alike = byShape.get(shape);
      if (alike != null) {
        return alike.of(sql, shape.start(), shape.end());
      }
    }
    ruling = analyze(sql, settings, snapshot, names);
    if (ruling.usesNames()) { // what they stand for changes more often than anything else
      return analyze(sql, settings, snapshot, withNamed(names, ruling, named));
    }
    known.put(key, ruling);
    if (shape != null && constantsDoNotMatter) {
      byShape.put(shape, ruling);
    }
    return ruling;
  }

  private static SessionNames withNamed(SessionNames names, Ruling ruling, KnownNames named) {
    Map<String, Facts> statements = new HashMap<>();
    Map<String, Facts> cursors = new HashMap<>();
    for (Ruling.Part part : ruling.parts()) {
      for (String name : part.facts().names()) {
        named.statement(name).flatMap(PolicyDecider::only).ifPresent(f -> statements.put(name, f));
        named.cursor(name).flatMap(PolicyDecider::only).ifPresent(f -> cursors.put(name, f));
      }
    }
    return names.withNamed(statements, cursors);
  }

  private static Optional<Facts> only(Ruling ruling) {
    return ruling.parts().size() == 1
        ? Optional.of(ruling.parts().getFirst().facts())
        : Optional.empty();
  }

  /// What was decided before holds while catalog and settings are the same.
  private SessionNames names(CatalogSnapshot snapshot, SessionSettings settings) {
    SessionNames names = knownNames;
    if (names == null || snapshot != knownCatalog || !settings.equals(knownSettings)) {
      known.clear();
      byShape.clear();
      labelsAt(snapshot);
      names = SessionNames.of(effectiveRole(settings), settings.searchPath());
      if (certainty != Certainty.CERTAIN || !temporary.isEmpty()) {
        names = names.withTemporary(temporary, certainty);
      }
      knownCatalog = snapshot;
      knownSettings = settings;
      knownNames = names;
    }
    return names;
  }

  private void labelsAt(CatalogSnapshot snapshot) {
    PolicyDecisionPoint now = pins.at(snapshot);
    if (now != policy) {
      policy = now;
      rows = new RowRules(now, caller, catalog.analyzer(), plans, maskKey);
      budgets = new Budgets(now, caller, accounts);
    }
  }

  private String effectiveRole(SessionSettings settings) {
    return settings.role().equals("none") ? role : settings.role();
  }

  private Ruling analyze(
      byte[] sql, SessionSettings settings, CatalogSnapshot snapshot, SessionNames names) {
    SqlSettings lexical = new SqlSettings(settings.standardConformingStrings(), limits);
    return judged(sql, lexical, settings, snapshot, names)
        .concealing(SecretLiterals.in(sql, lexical));
  }

  private Ruling judged(
      byte[] sql,
      SqlSettings lexical,
      SessionSettings settings,
      CatalogSnapshot snapshot,
      SessionNames names) {
    constantsDoNotMatter = false;
    try {
      SqlAnalyzer.Analysis analysis = catalog.analyzer().analysis(sql, lexical, snapshot, names);
      List<Facts> facts = analysis.facts();
      constantsDoNotMatter =
          analysis.independentOfConstants()
              && facts.size() == 1
              && facts.getFirst().status() == FactsStatus.OK;
      Judgement judgement = policy.decide(caller, facts, CAPABILITIES);
      return ruling(sql, facts, judgement, snapshot, settings);
    } catch (RuntimeException | StackOverflowError e) { // an exception inside policy is a block
      LOG.error("fault while deciding a statement of {} bytes", sql.length, e);
      return refused(sql, snapshot.epoch(), "the gateway could not decide it");
    }
  }

  private Ruling ruling(
      byte[] sql,
      List<Facts> facts,
      Judgement judgement,
      CatalogSnapshot snapshot,
      SessionSettings settings) {
    Decision decision = judgement.decision();
    Verdict verdict =
        switch (decision) {
          case Decision.Allow _, Decision.Mask _ -> Verdict.ALLOW;
          case Decision.Kill _ -> Verdict.KILL;
          case Decision.Hold _ -> Verdict.HOLD;
          case Decision.Block _ -> Verdict.BLOCK;
        };
    boolean mayRun = verdict == Verdict.ALLOW || verdict == Verdict.HOLD;
    List<Ruling.Part> parts = new ArrayList<>(facts.size());
    for (Facts statement : facts) {
      int plan =
          plans.plan(sql, statement, judgement, snapshot, settings.standardConformingStrings());
      parts.add(
          mayRun
              ? new Ruling.Part(
                  plan,
                  effects(statement),
                  NameChange.of(statement),
                  statement,
                  rows.of(statement, snapshot, temporary))
              : new Ruling.Part(plan, Set.of(), Optional.empty(), statement, RowRule.CLEAR));
    }
    if (parts.isEmpty()) {
      parts.add(Ruling.Part.opaque(plans.emptyPlan(judgement)));
    }
    Ruling ruling =
        new Ruling(
            verdict,
            parts,
            verdict == Verdict.ALLOW ? Optional.empty() : Optional.of(refusal(decision, facts)),
            sql,
            snapshot.epoch());
    return decision instanceof Decision.Hold hold
        ? ruling.held(new Hold(hold.approval(), rule(hold), hold.reason(), Optional.empty()))
        : ruling;
  }

  private static String rule(Decision decision) {
    return decision.basis().rules().isEmpty()
        ? "default"
        : decision.basis().rules().getFirst().id();
  }

  private static Set<Effect> effects(Facts facts) {
    EnumSet<Effect> effects = EnumSet.noneOf(Effect.class);
    boolean anything = facts.status() != FactsStatus.OK || facts.flags().contains(Flag.OPAQUE_CODE);
    if (anything) {
      return EnumSet.allOf(Effect.class);
    }
    if (facts.flags().contains(Flag.MEANING)) {
      effects.add(Effect.SETTINGS);
    }
    if (facts.verb() == Verb.DISCARD) {
      effects.add(Effect.OBJECTS);
    }
    if (facts.flags().contains(Flag.NAMES)
        && (facts.verb() == Verb.DISCARD || NameChange.of(facts).isEmpty())) {
      effects.add(Effect.NAMES);
    }
    if (facts.flags().contains(Flag.DEFINITION)) {
      effects.add(Effect.OBJECTS);
      if (!onlyTemporary(facts)) {
        effects.add(Effect.CATALOG);
      }
    }
    if (facts.flags().contains(Flag.TEMPORARY)) {
      effects.add(Effect.OBJECTS);
    }
    return effects;
  }

  /// Whether nobody else can see what it defines.
  private static boolean onlyTemporary(Facts facts) {
    List<RelationUse> written = facts.relations().stream().filter(RelationUse::writes).toList();
    return !written.isEmpty()
        && written.stream().allMatch(use -> use.relation().schema().equals("pg_temp"));
  }

  private Refusal refusal(Decision decision, List<Facts> facts) {
    String rule = rule(decision);
    String word = decision instanceof Decision.Kill ? "ended by" : "blocked by";
    return new Refusal(
        rule,
        rule.equals("default")
            ? word + " the policy: " + decision.reason()
            : word + " policy rule " + rule + ": " + decision.reason(),
        AccessHint.of(
            caller.database(),
            policy.offersFor(caller, facts, CAPABILITIES),
            described(facts),
            mustBeReadable(facts)),
        decision instanceof Decision.Kill kill
            ? kill.lock()
                .map(lock ->
                    new CredentialLock(rule, lock == Decision.Lock.CREDENTIAL_AND_DESCENDANTS))
            : Optional.empty());
  }

  /// Whether what it does is unknown: then no scope helps, but another wording may.
  private static Optional<FactsStatus> mustBeReadable(List<Facts> facts) {
    return facts.stream().map(Facts::status).filter(status -> status != FactsStatus.OK).findFirst();
  }

  private static String described(List<Facts> facts) {
    StringBuilder text = new StringBuilder();
    for (Facts statement : facts) {
      text.append(text.isEmpty() ? "" : "; ").append(statement.verb());
      statement.relations().stream()
          .filter(use -> use.via().isEmpty())
          .map(use -> use.relation().toString())
          .distinct()
          .limit(3)
          .forEach(relation -> text.append(' ').append(relation));
      if (text.length() > 200) {
        break;
      }
    }
    return text.toString();
  }

  private Ruling refused(byte[] sql, long epoch, String reason) {
    return new Ruling(
        Verdict.BLOCK,
        List.of(Ruling.Part.opaque(plans.faultPlan(reason))),
        Optional.of(new Refusal("default", "blocked by the gateway: " + reason, "")),
        sql,
        epoch);
  }

  @Override
  public Ruling decideAgain(Ruling earlier, SessionSettings settings, KnownNames named) {
    CatalogSnapshot snapshot = catalog.snapshot();
    boolean same =
        snapshot != null
            && snapshot == knownCatalog
            && snapshot.epoch() == earlier.epoch()
            && settings.equals(knownSettings)
            && certainty == Certainty.CERTAIN
            && temporary.isEmpty()
            && !earlier.usesNames();
    return same ? earlier : decide(earlier.text(), settings, named);
  }

  @Override
  public Ruling decideUnknownName(String what) {
    return decideOpaque("a " + what + " whose content is not known");
  }

  @Override
  public Ruling decideFunctionCall(int function) {
    return decideOpaque("a function call by object id");
  }

  /// Only a rule for any status lets it run.
  private Ruling decideOpaque(String what) {
    byte[] text = ("-- " + what).getBytes(StandardCharsets.UTF_8);
    CatalogSnapshot snapshot =
        Objects.requireNonNullElse(catalog.snapshot(), CatalogSnapshot.SYSTEM);
    try {
      Facts facts = OpaqueFacts.of();
      Judgement judgement = policy.decide(caller, List.of(facts), CAPABILITIES);
      return ruling(
          text, List.of(facts), judgement, snapshot, new SessionSettings(true, "", "none"));
    } catch (RuntimeException e) { // an exception inside policy is a block
      LOG.error("fault while deciding {}", what, e);
      return refused(text, snapshot.epoch(), "the gateway could not decide it");
    }
  }

  @Override
  public Ruling withinBudgets(Ruling ruling) {
    CatalogSnapshot snapshot = catalog.snapshot();
    if (ruling.verdict() != Verdict.ALLOW || snapshot == null) {
      return ruling;
    }
    try {
      for (Ruling.Part part : ruling.parts()) {
        Optional<BudgetMeter.Spent> spent = budgets.spent(part);
        if (spent.isPresent()) {
          return spent(ruling, Budgets.block(spent.get()), snapshot);
        }
      }
      return ruling;
    } catch (RuntimeException e) { // an exception inside policy is a block
      LOG.error("fault while counting a budget", e);
      return refused(ruling.text(), snapshot.epoch(), "the gateway could not decide it");
    }
  }

  private Ruling spent(Ruling ruling, Decision.Block block, CatalogSnapshot snapshot) {
    SessionSettings settings =
        Objects.requireNonNullElse(knownSettings, new SessionSettings(true, "", "none"));
    // places in the text are its own: what was decided may be that of another text of its shape
    List<Facts> facts =
        catalog
            .analyzer()
            .analyze(
                ruling.text(),
                new SqlSettings(settings.standardConformingStrings(), limits),
                snapshot,
                names(snapshot, settings));
    Decision carriedOut = observesOnly() ? new Decision.Allow(block.basis()) : block;
    Judgement judgement = new Judgement(carriedOut, block, policy.policy().state());
    return ruling(ruling.text(), facts, judgement, snapshot, settings);
  }

  @Override
  public @Nullable BudgetMeter meter(Ruling.Part part) {
    return budgets.meter(part);
  }

  @Override
  public boolean observesOnly() {
    return policy.policy().state() != PolicyState.ACTIVE;
  }

  @Override
  public void certainty(Certainty known) {
    if (known != certainty) {
      certainty = known;
      knownNames = null;
    }
  }

  @Override
  public boolean masks() {
    return rows.mask();
  }

  @Override
  public boolean ready() {
    if (catalog.snapshot() != null) {
      return refreshesAwaited.get() == 0;
    }
    if (!firstAwaited) {
      firstAwaited = true;
      catalog.refresh().thenRun(wake);
    }
    return false;
  }

  @Override
  public void ownObjects(List<Relation> relations, String catalogDigest) {
    temporary = List.copyOf(relations);
    boolean uncommitted = !catalogDigest.isEmpty() && !catalog.agrees(catalogDigest);
    // what hides behind a temporary view is not known
    boolean hidden = relations.stream().anyMatch(relation -> relation.kind() == RelationKind.VIEW);
    certainty = uncommitted ? Certainty.UNCOMMITTED : hidden ? Certainty.HIDDEN : Certainty.CERTAIN;
    knownNames = null;
  }

  @Override
  public void catalogChanged() {
    refreshesAwaited.incrementAndGet();
    catalog
        .refresh()
        .thenRun(() -> {
          refreshesAwaited.decrementAndGet();
          wake.run();
        });
  }
}
