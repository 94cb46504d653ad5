package dev.nestor.cli.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.cli.catalog.CatalogFile;
import dev.nestor.cli.catalog.CatalogSource;
import dev.nestor.policy.AccessOffer;
import dev.nestor.policy.Caller;
import dev.nestor.policy.CallerKind;
import dev.nestor.policy.Capability;
import dev.nestor.policy.ColumnMask;
import dev.nestor.policy.Decision;
import dev.nestor.policy.Judgement;
import dev.nestor.policy.Policy;
import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.policy.PolicyFile;
import dev.nestor.policy.RuleRef;
import dev.nestor.policy.document.DocumentError;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.sql.ColumnUse;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.FunctionUse;
import dev.nestor.postgres.sql.RelationUse;
import dev.nestor.postgres.sql.SessionNames;
import dev.nestor.postgres.sql.SqlAnalyzer;
import dev.nestor.postgres.sql.SqlSettings;
import dev.nestor.postgres.sql.Use;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor policy explain`.
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Says what a policy makes of a statement, and why. Exit code 0 whatever the decision.",
      "Without --database or --catalog, only PostgreSQL's own catalog is known."
    },
    footer = {
      "",
      "Example: nestor policy explain --policy orders.yaml --database"
          + " postgresql://me@localhost/orders \\",
      "  --as kind=agent,scope=orders.read \"select email from customers\""
    })
final class ExplainCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--policy", required = true, description = "The policy.")
  private Path policy = Path.of("policy.yaml");

  @ArgGroup private @Nullable Names names;

  /// Where names are looked up.
  static final class Names {
    @Option(
        names = "--database",
        description = "The database whose catalog is used: postgresql://user@host:port/database.")
    private @Nullable String database;

    @Option(names = "--catalog", description = "A file that `nestor catalog export` wrote.")
    private @Nullable Path catalog;
  }

  @Option(
      names = "--as",
      required = true,
      description = "The caller: kind=…,name=…,group=…,scope=…; a key may come more than once.")
  private String caller = "";

  @Option(names = "--role", defaultValue = "app_rw", description = "The session's database role.")
  private String role = "app_rw";

  @Option(names = "--json", description = "One JSON document instead of words.")
  private boolean json;

  @Parameters(paramLabel = "SQL", description = "One or more statements.")
  private String sql = "";

  @Override
  public Integer call() {
    Policy read;
    switch (PolicyFile.read(policy)) {
      case PolicyFile.Valid(Policy valid) -> read = valid;
      case PolicyFile.Invalid(List<DocumentError> errors) -> {
        errors.forEach(error ->
            System.err.println(
                "nestor: "
                    + policy
                    + ":"
                    + error.line()
                    + ":"
                    + error.column()
                    + ": "
                    + error.message()));
        return ExitCode.USAGE;
      }
    }
    Optional<Caller> parsed = caller();
    if (parsed.isEmpty()) {
      System.err.println(
          "nestor: --as " + caller + ": expected kind=human|service|agent,group=…,scope=…,name=…");
      return ExitCode.USAGE;
    }
    CatalogSnapshot catalog;
    try {
      catalog = catalog();
    } catch (IOException e) {
      System.err.println("nestor: " + e.getMessage());
      return ExitCode.USAGE;
    } catch (SQLException e) {
      System.err.println("nestor: the catalog cannot be read: " + e.getMessage());
      return ExitCode.INCOMPLETE;
    }
    List<Facts> facts =
        new SqlAnalyzer()
            .analyze(
                sql.getBytes(StandardCharsets.UTF_8),
                SqlSettings.DEFAULT,
                catalog,
                SessionNames.of(role));
    PolicyDecisionPoint point = new PolicyDecisionPoint(read);
    Set<Capability> everything = EnumSet.allOf(Capability.class);
    Judgement judgement = point.decide(parsed.get(), facts, everything);
    List<AccessOffer> offers = point.offersFor(parsed.get(), facts, everything);
    if (json) {
      System.out.println(document(facts, judgement, offers));
    } else {
      print(facts, judgement, offers);
    }
    return ExitCode.OK;
  }

  private Optional<Caller> caller() {
    CallerKind kind = CallerKind.UNKNOWN;
    String name = "you";
    Set<String> groups = new HashSet<>();
    Set<String> scopes = new HashSet<>();
    for (String pair : caller.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      String value = pair.substring(equals + 1);
      switch (pair.substring(0, equals)) {
        case "kind" -> {
          Optional<CallerKind> found = CallerKind.ofWord(value);
          if (found.isEmpty()) {
            return Optional.empty();
          }
          kind = found.get();
        }
        case "name" -> name = value;
        case "group" -> groups.add(value);
        case "scope" -> scopes.addAll(List.of(value.trim().split("\\s+", -1)));
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(Caller.of(kind, name, groups, scopes));
  }

  private CatalogSnapshot catalog() throws SQLException, IOException {
    if (names == null) {
      return CatalogSnapshot.SYSTEM;
    }
    return names.database != null
        ? CatalogSource.read(names.database)
        : CatalogFile.read(Objects.requireNonNull(names.catalog));
  }

  private static ObjectNode document(
      List<Facts> statements, Judgement judgement, List<AccessOffer> offers) {
    ObjectNode document = JSON.createObjectNode();
    if (statements.size() == 1) {
      facts(document.putObject("facts"), statements.getFirst());
    } else {
      ArrayNode list = document.putArray("facts");
      statements.forEach(statement -> facts(list.addObject(), statement));
    }
    Decision decision = judgement.decision();
    document.put("decision", decision.word());
    if (!judgement.verdict().word().equals(decision.word())) {
      document.put("verdict", judgement.verdict().word());
    }
    ArrayNode rules = document.putArray("rules");
    decision.basis().rules().forEach(rule -> rules.add(rule.id()));
    ArrayNode masks = document.putArray("masks");
    if (judgement.verdict() instanceof Decision.Mask mask) {
      for (ColumnMask column : mask.columns()) {
        masks
            .addObject()
            .put("column", column.relation() + "." + column.column())
            .put("label", column.label())
            .put("method", column.form().word());
      }
    }
    document.put("reason", decision.reason());
    ArrayNode access = document.putArray("access");
    for (AccessOffer offer : offers) {
      access
          .addObject()
          .put("scope", offer.scope())
          .put("approvers", offer.approvers())
          .put("count", offer.count())
          .put("seconds", offer.most().toSeconds());
    }
    return document;
  }

  private static void facts(ObjectNode node, Facts facts) {
    node.put("status", facts.status().word()).put("verb", facts.verb().word());
    ArrayNode reads = node.putArray("reads");
    ArrayNode writes = node.putArray("writes");
    for (RelationUse use : facts.relations()) {
      (use.writes() ? writes : reads).add(use.relation().toString());
    }
    ArrayNode columns = node.putArray("columns");
    for (ColumnUse use : facts.columns()) {
      ObjectNode column = columns.addObject();
      column.put("relation", use.relation().toString()).put("column", use.column());
      ArrayNode uses = column.putArray("uses");
      use.uses().stream().map(Use::word).forEach(uses::add);
    }
    ArrayNode functions = node.putArray("functions");
    facts.functions().stream().map(FunctionUse::name).forEach(functions::add);
    ArrayNode flags = node.putArray("flags");
    facts.flags().stream().map(Flag::word).sorted().forEach(flags::add);
  }

  private static void print(List<Facts> statements, Judgement judgement, List<AccessOffer> offers) {
    for (Facts facts : statements) {
      System.out.println("facts      " + facts.status() + ", " + facts.verbs());
      facts
          .problem()
          .ifPresent(problem ->
              System.out.println(
                  "           line "
                      + problem.line()
                      + ", column "
                      + problem.column()
                      + ": "
                      + problem.message()));
      for (RelationUse use : facts.relations()) {
        System.out.println(
            "           "
                + (use.writes() ? "writes " : "reads ")
                + use.relation()
                + use.via().map(via -> " behind " + via).orElse(""));
      }
      for (ColumnUse use : facts.columns()) {
        System.out.println("           column " + use + " " + use.uses());
      }
      if (!facts.functions().isEmpty()) {
        System.out.println("           calls " + facts.functions());
      }
      if (!facts.flags().isEmpty()) {
        System.out.println(
            "           flags " + facts.flags().stream().map(Flag::word).sorted().toList());
      }
    }
    Decision decision = judgement.decision();
    System.out.println("decision   " + decision.word());
    System.out.println(
        "rules      "
            + String.join(", ", decision.basis().rules().stream().map(RuleRef::id).toList()));
    if (!decision.reason().isEmpty()) {
      System.out.println("reason     " + decision.reason());
    }
    for (AccessOffer offer : offers) {
      System.out.println(
          "access     the scope "
              + offer.scope()
              + " would let it run: nestor access request --scope "
              + offer.scope());
    }
  }
}
