package dev.nestor.policy;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.FunctionUse;
import dev.nestor.postgres.sql.Verb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A rule's `when`: a boolean expression in CEL over a statement's facts and its caller.
/// Thread-safe.
///
/// Source: [Common Expression Language](https://github.com/google/cel-spec).
final class Condition {
  private static final ListType WORDS = ListType.create(SimpleType.STRING);

  /// What a condition may name.
  record Variable(String name, CelType type, String meaning) {}

  static final List<Variable> VARIABLES =
      List.of(
          new Variable("verb", SimpleType.STRING, "the statement's own verb"),
          new Variable("verbs", WORDS, "all of its verbs"),
          new Variable("status", SimpleType.STRING, "its status"),
          new Variable("system", SimpleType.BOOL, "whether it only reads system relations"),
          new Variable("reads", WORDS, "relations that it reads, as `schema.name`"),
          new Variable("writes", WORDS, "relations that it writes, as `schema.name`"),
          new Variable("columns", WORDS, "columns that it uses, as `schema.relation.column`"),
          new Variable("functions", WORDS, "functions that it calls, as `schema.name`"),
          new Variable("flags", WORDS, "its flags"),
          new Variable("settings", WORDS, "settings that it changes or shows, in lower case"),
          new Variable(
              "kind", SimpleType.STRING, "the caller's kind: human, service, agent, unknown"),
          new Variable("subject", SimpleType.STRING, "the caller's subject"),
          new Variable("name", SimpleType.STRING, "the caller's name"),
          new Variable("groups", WORDS, "the caller's groups"),
          new Variable("scopes", WORDS, "the caller's scopes"),
          new Variable("database", SimpleType.STRING, "the database that the caller asked for"));

  private static final CelCompiler COMPILER = compiler();

  private static CelCompiler compiler() {
    CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder();
    VARIABLES.forEach(variable -> builder.addVar(variable.name(), variable.type()));
    return builder.setResultType(SimpleType.BOOL).build();
  }

  private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder().build();

  private final String text;
  private final CelRuntime.Program program;

  private Condition(String text, CelRuntime.Program program) {
    this.text = text;
    this.program = program;
  }

  /// An expression that does not compile.
  static final class InvalidException extends Exception {
    InvalidException(String message) {
      super(message);
    }
  }

  static Condition compile(String text) throws InvalidException {
    try {
      return new Condition(text, RUNTIME.createProgram(COMPILER.compile(text).getAst()));
    } catch (CelValidationException | CelEvaluationException e) {
      String message = String.valueOf(e.getMessage());
      int line = message.indexOf('\n');
      throw new InvalidException(line < 0 ? message : message.substring(0, line));
    }
  }

  /// @throws IllegalStateException if it cannot be evaluated; the caller blocks
  boolean holds(Facts facts, Caller caller) {
    Map<String, Object> values = new HashMap<>();
    values.put("verb", facts.verb().word());
    values.put("verbs", facts.verbs().stream().map(Verb::word).toList());
    values.put("status", facts.status().word());
    values.put("system", facts.isSystem());
    values.put("reads", relations(facts, false));
    values.put("writes", relations(facts, true));
    values.put("columns", facts.columns().stream().map(Object::toString).toList());
    values.put("functions", facts.functions().stream().map(FunctionUse::name).toList());
    values.put("flags", facts.flags().stream().map(Flag::word).toList());
    values.put("settings", List.copyOf(facts.settings()));
    values.put("kind", caller.kind().word());
    values.put("subject", caller.subject());
    values.put("name", caller.name());
    values.put("groups", List.copyOf(caller.groups()));
    values.put("scopes", List.copyOf(caller.scopes()));
    values.put("database", caller.database());
    try {
      return Boolean.TRUE.equals(program.eval(values));
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("condition cannot be evaluated", e);
    }
  }

  private static List<String> relations(Facts facts, boolean written) {
    return facts.relations().stream()
        .filter(use -> use.writes() == written)
        .map(use -> use.relation().toString())
        .toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
