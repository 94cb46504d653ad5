package dev.nestor.recorder.event;

import dev.nestor.recorder.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What statements share: written once per chunk and referred to by number. A component that is
/// itself an archive object is such a reference.
public sealed interface ArchiveObject {
  /// Columns are used as; an or of these bits stands in [ColumnUse#use()].
  int USE_OUTPUT = 1;

  int USE_PREDICATE = 2;
  int USE_JOIN = 4;
  int USE_GROUP = 8;
  int USE_ORDER = 16;
  int USE_ARGUMENT = 32;
  int USE_SET = 64;
  int USE_RETURNING = 128;
  int USE_STAR = 256;

  /// The text of a statement with its constants taken out.
  ///
  /// @param text the tokens, `$` for a constant, one blank between; empty if the lexer failed; at
  ///   most 16 KiB of UTF-8
  /// @param trueLength length in bytes of the uncut text, 0 if it is not cut
  record Template(String text, int trueLength) implements ArchiveObject {}

  /// The policy in force.
  record Policy(Bytes sha256, String name, String version, String state) implements ArchiveObject {}

  /// A relation as the catalog named it at that moment.
  ///
  /// @param relkind `pg_class.relkind`, one letter
  record Relation(
      long oid, String schema, String name, String relkind, List<String> labels, long catalogEpoch)
      implements ArchiveObject {
    public Relation {
      labels = List.copyOf(labels);
    }
  }

  /// A column; negative numbers are system columns.
  record Column(
      @Nullable Relation relation,
      @Signed int attributeNumber,
      String name,
      long typeOid,
      String label)
      implements ArchiveObject {}

  record Function(long oid, String signature, FunctionClass functionClass)
      implements ArchiveObject {}

  enum FunctionClass {
    UNSET,
    LISTED,
    UNLISTED,
    OPAQUE
  }

  /// What a statement does, as resolved against the catalog.
  ///
  /// @param errorPosition 1-based character of a syntax error, 0 for none
  /// @param behind relations behind views and rules
  record Facts(
      FactsStatus status,
      String verb,
      List<Relation> reads,
      List<Relation> writes,
      List<ColumnUse> columns,
      List<Function> functions,
      List<String> flags,
      int errorPosition,
      FactsClass factsClass,
      List<String> settings,
      List<Relation> behind)
      implements ArchiveObject {
    public Facts {
      reads = List.copyOf(reads);
      writes = List.copyOf(writes);
      columns = List.copyOf(columns);
      functions = List.copyOf(functions);
      flags = List.copyOf(flags);
      settings = List.copyOf(settings);
      behind = List.copyOf(behind);
    }
  }

  enum FactsStatus {
    UNSET,
    OK,
    SYNTAX,
    UNRESOLVED,
    OPAQUE,
    TOO_DEEP,
    TOO_LONG,
    UNLEXABLE,
    NO_SQL
  }

  enum FactsClass {
    UNSET,
    USER,
    SYSTEM
  }

  /// A column and how it is used: bits of [#USE_OUTPUT] and its neighbours.
  record ColumnUse(@Nullable Column column, int use) {}

  record Rule(String id, int line, String reason) implements ArchiveObject {}

  /// What policy said.
  ///
  /// @param dryRunCode what an enforcing policy would have said, [DecisionCode#AS_PLANNED] outside
  ///   a dry run
  record Decision(
      DecisionCode code,
      @Nullable Policy policy,
      List<Rule> rules,
      List<Input> inputs,
      int rulesEvaluated,
      String sqlState,
      String message,
      DecisionCode dryRunCode)
      implements ArchiveObject {
    public Decision {
      rules = List.copyOf(rules);
      inputs = List.copyOf(inputs);
    }
  }

  record Mask(List<MaskedColumn> columns, boolean nullsMaskedToo) implements ArchiveObject {
    public Mask {
      columns = List.copyOf(columns);
    }
  }

  /// A column of a result that is masked.
  ///
  /// @param outputNumber 1-based position in the result
  /// @param format 0 text, 1 binary
  record MaskedColumn(
      int outputNumber,
      @Nullable Column column,
      long typeOid,
      int format,
      @Nullable Rule rule,
      String method,
      String parameter,
      Provenance provenance) {}

  enum Provenance {
    UNSET,
    COLUMN,
    VIEW,
    FACTS,
    UNKNOWN
  }

  /// Everything that executions of one prepared text have in common.
  record Plan(
      @Nullable Template template,
      @Nullable Facts facts,
      @Nullable Decision decision,
      @Nullable Mask mask,
      Capture capture,
      Forwarded forwarded)
      implements ArchiveObject {}

  /// How much of results is kept.
  enum Capture {
    UNSET,
    NONE,
    SHAPE,
    MASKED,
    FULL
  }

  enum Forwarded {
    UNSET,
    AS_IS,
    REPLACED,
    PORTAL_DESCRIBED,
    NOT
  }

  /// A text that rows refer to: a command tag without its last number (`SELECT `, `INSERT 0 `,
  /// `BEGIN`).
  record Text(String text) implements ArchiveObject {}

  /// An input of a decision: a name and a counter, never a cell or parameter.
  record Input(String name, String value) implements ArchiveObject {}

  /// A type that is not built in and occurs in results or parameters.
  record Type(long oid, String schema, String name, String typtype, long elementOid)
      implements ArchiveObject {}

  record Inputs(List<Input> inputs) implements ArchiveObject {
    public Inputs {
      inputs = List.copyOf(inputs);
    }
  }

  /// An object of a kind that a newer version wrote.
  record Unknown(int kind, Bytes body) implements ArchiveObject {}
}
