package dev.nestor.policy;

import dev.nestor.policy.Decision.Basis;
import dev.nestor.postgres.sql.ColumnUse;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.FunctionUse;
import dev.nestor.postgres.sql.RelationUse;
import dev.nestor.postgres.sql.Verb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Applies a policy to statements. A pure function; thread-safe. Whatever goes wrong inside is a
/// [Decision.Block].
public final class PolicyDecisionPoint {
  private static final String DEFAULT = "default";
  private static final int INPUT_RELATIONS_MAX = 8;

  /// What ends something is never blocked: otherwise a client could not leave.
  private static final Set<Verb> LEAVING =
      EnumSet.of(Verb.EMPTY, Verb.ROLLBACK, Verb.DEALLOCATE, Verb.CLOSE, Verb.UNLISTEN);

  /// Verbs whose result may hold rows of relations.
  private static final Set<Verb> RETURNING_ROWS =
      EnumSet.of(Verb.SELECT, Verb.FETCH, Verb.EXECUTE, Verb.CALL);

  private final Policy policy;
  private volatile @Nullable CallerRules lastRules;

  /// Applies this policy.
  public PolicyDecisionPoint(Policy policy) {
    this.policy = policy;
  }

  /// The policy that is applied.
  public Policy policy() {
    return policy;
  }

  /// Decides the statements of one text, as one: the strongest decision is that of all.
  ///
  /// @param statements in their order; empty for a text without a statement
  /// @param can what the caller of this method can carry out; a decision outside becomes a block
  ///   whose reason says so
  public Judgement decide(Caller caller, List<Facts> statements, Set<Capability> can) {
    Decision strongest = new Decision.Allow(Basis.NONE);
    for (Facts facts : statements) {
      Decision decision;
      try {
        decision = decide(caller, facts, can);
      } catch (RuntimeException e) { // fail closed: what cannot be decided does not run
        decision = new Decision.Block(Basis.NONE, "the policy could not be applied to it");
      }
      strongest = stronger(strongest, decision);
    }
    Decision carriedOut = capable(strongest, can);
    return new Judgement(
        policy.state() == PolicyState.ACTIVE ? carriedOut : new Decision.Allow(strongest.basis()),
        strongest,
        policy.state());
  }

  /// Scopes that the policy offers, each of which alone would let statements run that are blocked,
  /// if only behind a mask or an approval.
  ///
  /// @return empty where nothing is blocked
  public List<AccessOffer> offersFor(Caller caller, List<Facts> statements, Set<Capability> can) {
    if (policy.offers().isEmpty() || !isStopped(caller, statements, can)) {
      return List.of();
    }
    return policy.offers().stream()
        .filter(offer -> !caller.scopes().contains(offer.scope()))
        .filter(offer -> !isStopped(caller.withScope(offer.scope()), statements, can))
        .toList();
  }

  private boolean isStopped(Caller caller, List<Facts> statements, Set<Capability> can) {
    Decision decision = decide(caller, statements, can).decision();
    return decision instanceof Decision.Block || decision instanceof Decision.Kill;
  }

  private static Decision stronger(Decision first, Decision second) {
    if (strength(first) == 0 && strength(second) == 0) {
      LinkedHashSet<RuleRef> rules = new LinkedHashSet<>(first.basis().rules());
      rules.addAll(second.basis().rules());
      return new Decision.Allow(new Basis(List.copyOf(rules), List.of()));
    }
    return strength(second) > strength(first) ? second : first;
  }

  /// Two restrictions of one statement: the stronger; of two alike, what both say.
  private static Decision together(Decision first, Decision second) {
    if (first instanceof Decision.Mask one && second instanceof Decision.Mask other) {
      LinkedHashSet<ColumnMask> masks = new LinkedHashSet<>(one.columns());
      masks.addAll(other.columns());
      return new Decision.Mask(
          both(first, second),
          List.copyOf(masks),
          one.derivedNull() || other.derivedNull(),
          one.reason());
    }
    if (first instanceof Decision.Block block && second instanceof Decision.Block) {
      return new Decision.Block(both(first, second), block.reason());
    }
    return strength(second) > strength(first) ? second : first;
  }

  private static Basis both(Decision first, Decision second) {
    LinkedHashSet<RuleRef> rules = new LinkedHashSet<>(first.basis().rules());
    rules.addAll(second.basis().rules());
    LinkedHashSet<String> inputs = new LinkedHashSet<>(first.basis().inputs());
    inputs.addAll(second.basis().inputs());
    return new Basis(List.copyOf(rules), List.copyOf(inputs));
  }

  private static int strength(Decision decision) {
    return switch (decision) {
      case Decision.Allow _ -> 0;
      case Decision.Mask _ -> 1;
      case Decision.Hold _ -> 2;
      case Decision.Block _ -> 3;
      case Decision.Kill _ -> 4;
    };
  }

  private static Decision capable(Decision decision, Set<Capability> can) {
    return switch (decision) {
      case Decision.Mask mask when !can.contains(Capability.MASK) ->
          new Decision.Block(mask.basis(), mask.reason() + "; " + notYet(Capability.MASK));
      case Decision.Hold hold when !can.contains(Capability.HOLD) ->
          new Decision.Block(hold.basis(), hold.reason() + "; " + notYet(Capability.HOLD));
      default -> decision;
    };
  }

  private static String notYet(Capability capability) {
    return "this gateway cannot carry out " + capability.plural() + " yet";
  }

  private Decision decide(Caller caller, Facts facts, Set<Capability> can) {
    if (facts.status() == FactsStatus.OK && LEAVING.containsAll(facts.verbs())) {
      return new Decision.Allow(Basis.NONE);
    }
    @Nullable Decision restriction = null;
    CallerRules rules = rulesOf(caller);
    List<Rule> grants = rules.grants(facts);
    for (Rule rule : rules.restrictions()) {
      if (rule.what().touches(facts, policy.labels()) && rule.conditionHolds(facts, caller)) {
        Decision found = restrict(rule, facts, can, grants);
        if (!(found instanceof Decision.Allow)) {
          restriction = restriction == null ? found : together(restriction, found);
        }
      }
    }
    Decision granted = grant(grants, facts);
    Decision decision =
        restriction == null || strength(granted) > strength(restriction) ? granted : restriction;
    if (decision instanceof Decision.Block || decision instanceof Decision.Kill) {
      return decision;
    }
    return rules
        .masked()
        .<Decision>flatMap(masked -> masked.refusal(facts, grants))
        .orElse(decision);
  }

  /// The rules of the last caller are kept: statements of one session come in runs.
  private CallerRules rulesOf(Caller caller) {
    CallerRules rules = lastRules;
    if (rules == null || !rules.caller().equals(caller)) {
      rules = CallerRules.of(policy, caller);
      lastRules = rules;
    }
    return rules;
  }

  // ---- restrictions

  private Decision restrict(Rule rule, Facts facts, Set<Capability> can, List<Rule> grants) {
    Basis basis = new Basis(List.of(rule.ref()), inputs(rule, facts));
    return switch (rule.then()) {
      case KILL -> new Decision.Kill(basis, rule.lock(), reason(rule, facts, "ends the session"));
      case BLOCK -> {
        if (rule.limited() && (can.contains(Capability.LIMIT) || !returnsRows(facts))) {
          yield new Decision.Allow(basis); // whoever counts decides later
        }
        yield new Decision.Block(
            basis,
            rule.limited()
                ? "it is limited by a budget; " + notYet(Capability.LIMIT)
                : reason(rule, facts, "is not allowed"));
      }
      case MASK -> MaskRule.apply(rule, facts, basis, policy.labels(), opened(grants));
      case ALLOW, HOLD -> throw new IllegalStateException("a grant is no restriction");
    };
  }

  /// Whether a budget of rows or bytes can be touched: rows of PostgreSQL's own relations and
  /// values without any relation do not count.
  private static boolean returnsRows(Facts facts) {
    if (facts.status() != FactsStatus.OK) {
      return true;
    }
    boolean rows =
        !Collections.disjoint(facts.verbs(), RETURNING_ROWS)
            || facts.flags().contains(Flag.RETURNING)
            || facts.flags().contains(Flag.COPY_OUT);
    return rows && !facts.isSystem() && !facts.relations().isEmpty();
  }

  private String reason(Rule rule, Facts facts, String consequence) {
    if (!rule.reason().isEmpty()) {
      return rule.reason();
    }
    Set<String> probed = rule.what().predicateOn();
    if (!probed.isEmpty()) {
      List<Labels.Labelled> columns = policy.labels().probed(facts, probed);
      if (!columns.isEmpty()) {
        return MaskRule.probing(columns.getFirst());
      }
    }
    return facts.verb().word() + " " + consequence;
  }

  private List<String> inputs(Rule rule, Facts facts) {
    List<String> inputs = new ArrayList<>();
    inputs.add("verb " + facts.verb());
    for (What what : rule.what().alternatives()) {
      facts.flags().stream()
          .filter(what.flags()::contains)
          .forEach(flag -> inputs.add("flag " + flag));
      policy.labels().read(facts, what.reads()).forEach(column -> inputs.add("reads " + column));
      policy
          .labels()
          .probed(facts, what.predicateOn())
          .forEach(column -> inputs.add("condition on " + column));
    }
    return inputs.stream().distinct().limit(20).toList();
  }

  /// Labels whose columns may stand in conditions, by the grants of the caller.
  private static Set<String> opened(List<Rule> grants) {
    Set<String> opened = new LinkedHashSet<>();
    for (Rule grant : grants) {
      grant.what().alternatives().forEach(what -> opened.addAll(what.predicateOn()));
    }
    return opened;
  }

  /// Whether any rule masks something for this caller: its texts must be sanitised, and its rows
  /// looked at.
  public boolean masks(Caller caller) {
    return policy.state() == PolicyState.ACTIVE
        && policy.ruleList().stream()
            .anyMatch(rule -> rule.then() == Rule.Then.MASK && rule.concerns(caller));
  }

  /// The masks of a statement's rows, whatever else was decided about it: one that was held and
  /// approved is masked all the same. Empty if nothing in its rows is to be masked.
  ///
  /// @throws IllegalStateException if a condition cannot be evaluated; the caller blocks
  public Optional<Decision.Mask> masks(Caller caller, Facts facts) {
    @Nullable Decision masks = null;
    List<Rule> grants =
        policy.ruleList().stream()
            .filter(rule -> rule.then().grants() && rule.concerns(caller))
            .filter(rule -> rule.conditionHolds(facts, caller))
            .toList();
    for (Rule rule : policy.ruleList()) {
      if (rule.then() == Rule.Then.MASK
          && rule.concerns(caller)
          && rule.what().touches(facts, policy.labels())
          && rule.conditionHolds(facts, caller)
          && restrict(rule, facts, Set.of(), grants) instanceof Decision.Mask found) {
        masks = masks == null ? found : together(masks, found);
      }
    }
    return masks instanceof Decision.Mask found ? Optional.of(found) : Optional.empty();
  }

  /// Whether any budget concerns this caller.
  public boolean limits(Caller caller) {
    return policy.state() != PolicyState.DRAFT
        && policy.ruleList().stream()
            .anyMatch(rule -> rule.limit().isPresent() && rule.concerns(caller));
  }

  /// The budgets that count what a statement returns to a caller.
  ///
  /// @throws IllegalStateException if a condition cannot be evaluated; the caller blocks
  public List<Budget> budgets(Caller caller, Facts facts) {
    List<Budget> budgets = new ArrayList<>();
    if (policy.state() == PolicyState.DRAFT || !returnsRows(facts)) {
      return budgets;
    }
    for (Rule rule : policy.ruleList()) {
      if (rule.limit().isPresent()
          && rule.concerns(caller)
          && rule.what().touches(facts, policy.labels())
          && rule.conditionHolds(facts, caller)) {
        Limit limit = rule.limit().get();
        budgets.add(
            new Budget(
                rule.ref(),
                limit,
                rule.reason().isEmpty()
                    ? "you may be sent " + limit.words() + ", and no more"
                    : rule.reason()));
      }
    }
    return budgets;
  }

  /// Columns with a mask for this caller in some statement, each as `schema.relation.column`.
  public Set<String> maskedColumns(Caller caller) {
    Set<String> columns = new LinkedHashSet<>();
    for (Rule rule : policy.ruleList()) {
      if (rule.then() == Rule.Then.MASK && rule.concerns(caller)) {
        rule.masks().keySet().forEach(label -> columns.addAll(policy.labels().columns(label)));
      }
    }
    return columns;
  }

  // ---- grants

  private Decision grant(List<Rule> grants, Facts facts) {
    Coverage coverage = new Coverage(facts, grants);
    Optional<String> gap = coverage.gap();
    if (gap.isPresent()) {
      if (policy.allowByDefault() && facts.status() == FactsStatus.OK) {
        return new Decision.Allow(new Basis(List.of(new RuleRef(DEFAULT, 0)), List.of()));
      }
      return new Decision.Block(
          new Basis(List.of(new RuleRef(DEFAULT, 0)), coverage.inputs()), gap.get());
    }
    for (Rule rule : grants) {
      if (rule.then() == Rule.Then.HOLD && rule.what().touches(facts, policy.labels())) {
        Decision.Approval approval = rule.approval().orElseThrow();
        return new Decision.Hold(
            new Basis(List.of(rule.ref()), List.of("verb " + facts.verb())),
            approval,
            rule.reason().isEmpty()
                ? facts.verb().word()
                    + " needs the approval of "
                    + approval.count()
                    + " of the group "
                    + approval.approvers()
                : rule.reason());
      }
    }
    return new Decision.Allow(new Basis(List.copyOf(coverage.used), coverage.inputs()));
  }

  /// Which parts of a statement the grants of a caller cover, as a union.
  private static final class Coverage {
    private final Facts facts;
    private final List<What> alternatives = new ArrayList<>();
    private final List<RuleRef> owners = new ArrayList<>();
    private final LinkedHashSet<RuleRef> used = new LinkedHashSet<>();

    Coverage(Facts facts, List<Rule> grants) {
      this.facts = facts;
      for (Rule rule : grants) {
        for (What what : rule.what().alternatives()) {
          if (what.appliesTo(facts)) {
            alternatives.add(what);
            owners.add(rule.ref());
          }
        }
      }
    }

    private boolean covered(Predicate<What> part) {
      for (int i = 0; i < alternatives.size(); i++) {
        if (part.test(alternatives.get(i))) {
          used.add(owners.get(i));
          return true;
        }
      }
      return false;
    }

    /// The first part that no grant covers, as a sentence.
    Optional<String> gap() {
      if (facts.status() != FactsStatus.OK && !covered(this::coversStatus)) {
        return Optional.of(unnamedFunction().orElseGet(this::unreadable));
      }
      for (Verb verb : facts.verbs()) {
        if (!covered(what -> what.grantsVerb(verb, facts) && coversStatus(what))) {
          return Optional.of("no rule allows you to run " + verb.word());
        }
      }
      for (RelationUse use : facts.relations()) {
        if (use.via().isPresent() && !use.writes()) {
          continue; // what a view reads, it reads on behalf of its owner; restrictions still see it
        }
        if (!covered(what -> what.coversRelation(use))) {
          return Optional.of("no rule allows you to " + use.verb() + " " + use.relation());
        }
      }
      for (ColumnUse use : facts.columns()) {
        if (use.via().isPresent() && !use.writes()) {
          continue;
        }
        if (!covered(what -> what.coversColumn(use))) {
          return Optional.of("no rule allows you to " + use.verb() + " the column " + use);
        }
      }
      for (FunctionUse use : facts.functions()) {
        if (!covered(what -> what.coversFunction(use, facts.verb()))) {
          return Optional.of(
              "no rule allows you to call "
                  + use.name()
                  + ", which is not in the list of harmless functions");
        }
      }
      for (Flag flag : facts.flags()) {
        if (!covered(what -> what.coversFlag(flag))) {
          return Optional.of("no rule allows it: it " + flag.meaning());
        }
      }
      for (Verb verb : List.of(Verb.SET, Verb.RESET)) {
        if (!facts.verbs().contains(verb)) {
          continue;
        }
        for (String setting : facts.settings()) {
          if (!covered(what -> what.coversVerb(verb) && what.coversSetting(setting))) {
            return Optional.of("no rule allows you to change the setting " + setting);
          }
        }
      }
      return Optional.empty();
    }

    /// A statement that is opaque only because of functions is not, once rules name them all.
    private boolean coversStatus(What what) {
      return what.coversStatus(facts.status())
          || (facts.opaqueByFunctionsOnly() && unnamedFunction().isEmpty());
    }

    private Optional<String> unnamedFunction() {
      if (!facts.opaqueByFunctionsOnly()) {
        return Optional.empty();
      }
      for (FunctionUse use : facts.functions()) {
        boolean named =
            use.harmless() || alternatives.stream().anyMatch(what -> what.namesFunction(use));
        if (!named) {
          return Optional.of(
              "no rule allows you to call "
                  + use.name()
                  + ", which is not in the list of harmless functions");
        }
      }
      return Optional.empty();
    }

    private String unreadable() {
      return "the statement is not allowed because "
          + facts.status().meaning()
          + facts
              .problem()
              .map(problem ->
                  " (line "
                      + problem.line()
                      + ", column "
                      + problem.column()
                      + ": "
                      + problem.message()
                      + ")")
              .orElse("");
    }

    List<String> inputs() {
      List<String> inputs = new ArrayList<>();
      inputs.add("verb " + facts.verb());
      for (RelationUse use : facts.relations()) {
        if (inputs.size() > INPUT_RELATIONS_MAX) {
          break;
        }
        inputs.add((use.writes() ? "writes " : "reads ") + use.relation());
      }
      return inputs;
    }
  }
}
