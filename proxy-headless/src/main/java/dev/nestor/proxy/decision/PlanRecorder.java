package dev.nestor.proxy.decision;

import dev.nestor.policy.Decision;
import dev.nestor.policy.Judgement;
import dev.nestor.policy.PolicyState;
import dev.nestor.policy.RuleRef;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.Column;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationName;
import dev.nestor.postgres.sql.ColumnUse;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.RelationUse;
import dev.nestor.postgres.sql.SqlTemplate;
import dev.nestor.postgres.sql.Use;
import dev.nestor.proxy.masking.MaskedOutput;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.recording.ObjectTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Writes what was decided into the archive's table of shared objects: one PLAN for each different
/// combination of template, facts and decision. Thread-safe.
public final class PlanRecorder {
  private static final int TEMPLATE_BYTES_MAX = 16 * 1024;
  private static final int LIST_MAX = 1024;
  private static final int PLANS_MAX = 8192;

  private final Map<PlanKey, Integer> plans = new ConcurrentHashMap<>();
  private final ObjectTable objects;
  private final ArchiveObject.Policy policy;
  private final ArchiveObject.Capture capture;
  private final int rules;
  private final UnaryOperator<String> reasonOfRule;
  private final MaskRecorder masks;

  /// A recorder for one policy.
  ///
  /// @param policy as the archive names it
  /// @param capture how much of results is kept
  /// @param rules how many rules the policy has
  /// @param reasonOfRule the reason that the policy gives for a rule, by its id; may be empty
  public PlanRecorder(
      ObjectTable objects,
      ArchiveObject.Policy policy,
      ArchiveObject.Capture capture,
      int rules,
      UnaryOperator<String> reasonOfRule) {
    this.objects = objects;
    this.policy = policy;
    this.capture = capture;
    this.rules = rules;
    this.reasonOfRule = reasonOfRule;
    this.masks = new MaskRecorder(objects, reasonOfRule);
  }

  /// What is masked in a result.
  ///
  /// @return its number in the object table
  int masks(List<MaskedOutput> outputs, long epoch) {
    return masks.mask(outputs, epoch);
  }

  /// The plan of one statement of a text.
  ///
  /// @return its number in the object table
  int plan(
      byte[] sql,
      Facts facts,
      Judgement judgement,
      CatalogSnapshot catalog,
      boolean standardConformingStrings) {
    ArchiveObject.Template template = template(sql, facts, standardConformingStrings);
    PlanKey key = new PlanKey(template.text(), facts, judgement, catalog.epoch());
    Integer known = plans.get(key);
    if (known != null) {
      return known;
    }
    int plan =
        objects.intern(
            new ArchiveObject.Plan(
                template,
                facts(facts, catalog),
                decision(judgement),
                null,
                capture,
                forwarded(judgement.decision())));
    if (plans.size() >= PLANS_MAX) {
      plans.clear(); // rare, and only costs making them again
    }
    plans.put(key, plan);
    return plan;
  }

  /// What makes two plans the same, without making either. Places in the text do not matter.
  private record PlanKey(String template, Facts facts, Judgement judgement, long epoch) {
    @Override
    public boolean equals(Object other) {
      return other instanceof PlanKey that
          && template.equals(that.template)
          && epoch == that.epoch
          && facts.status() == that.facts.status()
          && facts.problem().equals(that.facts.problem())
          && facts.verbs().equals(that.facts.verbs())
          && facts.flags().equals(that.facts.flags())
          && facts.settings().equals(that.facts.settings())
          && facts.relations().equals(that.facts.relations())
          && facts.columns().equals(that.facts.columns())
          && facts.functions().equals(that.facts.functions())
          && judgement.equals(that.judgement);
    }

    @Override
    public int hashCode() {
      return template.hashCode() * 31 + Long.hashCode(epoch); // cheap; equals does the rest
    }
  }

  /// The plan of a text without a statement.
  int emptyPlan(Judgement judgement) {
    return objects.intern(
        new ArchiveObject.Plan(
            new ArchiveObject.Template("", 0),
            null,
            decision(judgement),
            null,
            capture,
            forwarded(judgement.decision())));
  }

  /// The plan of what could not be decided.
  int faultPlan(String reason) {
    return objects.intern(
        new ArchiveObject.Plan(
            new ArchiveObject.Template("", 0),
            null,
            new ArchiveObject.Decision(
                DecisionCode.BLOCK,
                policy,
                List.of(new ArchiveObject.Rule("default", 0, reason)),
                List.of(),
                0,
                "42501",
                reason,
                DecisionCode.AS_PLANNED),
            null,
            capture,
            ArchiveObject.Forwarded.REPLACED));
  }

  private static ArchiveObject.Forwarded forwarded(Decision decision) {
    return switch (decision) {
      case Decision.Allow _ -> ArchiveObject.Forwarded.AS_IS;
      case Decision.Kill _ -> ArchiveObject.Forwarded.NOT;
      case Decision.Mask _ -> ArchiveObject.Forwarded.PORTAL_DESCRIBED;
      case Decision.Hold _, Decision.Block _ -> ArchiveObject.Forwarded.REPLACED;
    };
  }

  private static ArchiveObject.Template template(
      byte[] sql, Facts facts, boolean standardConformingStrings) {
    if (facts.status() == FactsStatus.UNLEXABLE || facts.end() <= facts.start()) {
      return new ArchiveObject.Template("", 0);
    }
    String text = SqlTemplate.of(sql, facts.start(), facts.end(), standardConformingStrings).text();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= TEMPLATE_BYTES_MAX) {
      return new ArchiveObject.Template(text, 0);
    }
    int end = TEMPLATE_BYTES_MAX;
    while ((utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return new ArchiveObject.Template(
        new String(utf8, 0, end, StandardCharsets.UTF_8), utf8.length);
  }

  private ArchiveObject.Decision decision(Judgement judgement) {
    Decision decision = judgement.decision();
    List<ArchiveObject.Rule> named = new ArrayList<>();
    for (RuleRef rule : decision.basis().rules()) {
      String reason = reasonOfRule.apply(rule.id());
      named.add(
          new ArchiveObject.Rule(
              rule.id(), rule.line(), reason.isEmpty() ? decision.reason() : reason));
    }
    List<ArchiveObject.Input> inputs = new ArrayList<>();
    for (String input : decision.basis().inputs()) {
      int blank = input.indexOf(' '); // `verb select`, `reads public.orders`
      inputs.add(
          blank < 0
              ? new ArchiveObject.Input(input, "")
              : new ArchiveObject.Input(input.substring(0, blank), input.substring(blank + 1)));
    }
    boolean stopped = decision instanceof Decision.Block || decision instanceof Decision.Kill;
    return new ArchiveObject.Decision(
        code(decision),
        policy,
        cut(named),
        cut(inputs),
        rules,
        stopped ? "42501" : "",
        decision.reason(),
        judgement.state() == PolicyState.DRY_RUN
            ? code(judgement.verdict())
            : DecisionCode.AS_PLANNED);
  }

  private static DecisionCode code(Decision decision) {
    return switch (decision) {
      case Decision.Allow _ -> DecisionCode.ALLOW;
      case Decision.Mask _ -> DecisionCode.MASK;
      case Decision.Hold _ -> DecisionCode.HOLD;
      case Decision.Block _ -> DecisionCode.BLOCK;
      case Decision.Kill _ -> DecisionCode.KILL;
    };
  }

  private static ArchiveObject.Facts facts(Facts facts, CatalogSnapshot catalog) {
    Map<RelationName, ArchiveObject.Relation> relations = new LinkedHashMap<>();
    List<ArchiveObject.Relation> reads = new ArrayList<>();
    List<ArchiveObject.Relation> writes = new ArrayList<>();
    List<ArchiveObject.Relation> behind = new ArrayList<>();
    for (RelationUse use : facts.relations()) {
      ArchiveObject.Relation relation =
          relations.computeIfAbsent(use.relation(), name -> relation(name, catalog));
      List<ArchiveObject.Relation> list =
          use.via().isPresent() ? behind : use.writes() ? writes : reads;
      if (!list.contains(relation)) {
        list.add(relation);
      }
    }
    List<ArchiveObject.ColumnUse> columns = new ArrayList<>();
    for (ColumnUse use : facts.columns()) {
      columns.add(
          new ArchiveObject.ColumnUse(
              column(
                  relations.computeIfAbsent(use.relation(), name -> relation(name, catalog)),
                  use,
                  catalog),
              bits(use)));
    }
    return new ArchiveObject.Facts(
        status(facts.status()),
        facts.verb().toString(),
        cut(reads),
        cut(writes),
        cut(columns),
        cut(
            facts.functions().stream()
                .map(function ->
                    new ArchiveObject.Function(
                        0,
                        function.name(),
                        function.harmless()
                            ? ArchiveObject.FunctionClass.LISTED
                            : ArchiveObject.FunctionClass.UNLISTED))
                .toList()),
        facts.flags().stream().map(Flag::word).sorted().toList(),
        facts.problem().map(problem -> problem.offset() + 1).orElse(0),
        facts.isSystem() ? ArchiveObject.FactsClass.SYSTEM : ArchiveObject.FactsClass.USER,
        facts.settings().stream().sorted().limit(LIST_MAX).toList(),
        cut(behind));
  }

  private static <T> List<T> cut(List<T> list) {
    return list.size() <= LIST_MAX ? list : list.subList(0, LIST_MAX);
  }

  private static ArchiveObject.Relation relation(RelationName name, CatalogSnapshot catalog) {
    Optional<Relation> known = catalog.relation(name);
    return new ArchiveObject.Relation(
        known.map(relation -> Integer.toUnsignedLong(relation.oid())).orElse(0L),
        name.schema(),
        name.name(),
        known.map(relation -> String.valueOf(relation.kind().code())).orElse(""),
        List.of(),
        catalog.epoch());
  }

  private static ArchiveObject.Column column(
      ArchiveObject.Relation relation, ColumnUse use, CatalogSnapshot catalog) {
    @Nullable Column column =
        catalog.relation(use.relation()).flatMap(known -> known.column(use.column())).orElse(null);
    return new ArchiveObject.Column(
        relation,
        column == null ? 0 : column.number(),
        use.column(),
        column == null ? 0 : Integer.toUnsignedLong(column.type()),
        "");
  }

  private static int bits(ColumnUse use) {
    int bits = 0;
    for (Use each : use.uses()) {
      bits |=
          switch (each) {
            case OUTPUT, DERIVED -> ArchiveObject.USE_OUTPUT;
            case STAR -> ArchiveObject.USE_STAR;
            case PREDICATE -> ArchiveObject.USE_PREDICATE;
            case JOIN -> ArchiveObject.USE_JOIN;
            case GROUP -> ArchiveObject.USE_GROUP;
            case ORDER -> ArchiveObject.USE_ORDER;
            case ARGUMENT -> ArchiveObject.USE_ARGUMENT;
            case SET -> ArchiveObject.USE_SET;
            case RETURNING -> ArchiveObject.USE_RETURNING;
            case READ, SOURCE -> 0;
          };
    }
    return bits;
  }

  private static ArchiveObject.FactsStatus status(FactsStatus status) {
    return switch (status) {
      case OK -> ArchiveObject.FactsStatus.OK;
      case OPAQUE -> ArchiveObject.FactsStatus.OPAQUE;
      case UNRESOLVED -> ArchiveObject.FactsStatus.UNRESOLVED;
      case SYNTAX -> ArchiveObject.FactsStatus.SYNTAX;
      case UNLEXABLE -> ArchiveObject.FactsStatus.UNLEXABLE;
      case TOO_DEEP -> ArchiveObject.FactsStatus.TOO_DEEP;
      case TOO_LONG -> ArchiveObject.FactsStatus.TOO_LONG;
    };
  }
}
