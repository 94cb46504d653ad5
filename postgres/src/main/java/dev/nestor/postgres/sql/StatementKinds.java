package dev.nestor.postgres.sql;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a statement by the symbol of the grammar alone.
final class StatementKinds {
  /// A kind of statement.
  ///
  /// @param flags that all of them have
  record Kind(Verb verb, Set<Flag> flags) {}

  private static final Map<Integer, Kind> KINDS = new HashMap<>();

  private StatementKinds() {}

  private static void kind(Verb verb, Set<Flag> flags, String... symbols) {
    for (String symbol : symbols) {
      KINDS.put(Symbols.of(symbol), new Kind(verb, flags));
    }
  }

  static {
    Set<Flag> none = Set.of();
    Set<Flag> definition = EnumSet.of(Flag.DEFINITION);
    Set<Flag> code = EnumSet.of(Flag.DEFINITION, Flag.OPAQUE_CODE);
    Set<Flag> secret = EnumSet.of(Flag.DEFINITION, Flag.OPAQUE_CODE, Flag.SECRET);
    Set<Flag> naming = EnumSet.of(Flag.NAMES);
    kind(Verb.CREATE_TABLE, definition, "CreateStmt", "CreateForeignTableStmt");
    kind(Verb.CREATE_VIEW, definition, "ViewStmt");
    kind(Verb.CREATE_INDEX, definition, "IndexStmt");
    kind(Verb.CREATE_SEQUENCE, definition, "CreateSeqStmt");
    kind(Verb.CREATE_SCHEMA, definition, "CreateSchemaStmt");
    kind(Verb.CREATE_FUNCTION, code, "CreateFunctionStmt");
    kind(Verb.CREATE_TRIGGER, code, "CreateTrigStmt", "CreateEventTrigStmt", "RuleStmt");
    kind(Verb.CREATE_ROLE, definition, "CreateRoleStmt", "CreateUserStmt", "CreateGroupStmt");
    kind(Verb.CREATE_EXTENSION, code, "CreateExtensionStmt");
    kind(
        Verb.CREATE,
        definition,
        "CreateStatsStmt",
        "CreateDomainStmt",
        "CreatePolicyStmt",
        "CreatedbStmt",
        "CreateTableSpaceStmt",
        "CreatePublicationStmt",
        "CreateAssertionStmt",
        "CreateOpFamilyStmt");
    kind(
        Verb.CREATE,
        code,
        "DefineStmt",
        "CreatePLangStmt",
        "CreateFdwStmt",
        "CreateAmStmt",
        "CreateOpClassStmt",
        "CreateCastStmt",
        "CreateTransformStmt",
        "CreateConversionStmt");
    kind(
        Verb.CREATE,
        secret,
        "CreateForeignServerStmt",
        "CreateUserMappingStmt",
        "CreateSubscriptionStmt");
    kind(Verb.ALTER_ROLE, definition, "AlterRoleStmt", "AlterRoleSetStmt", "AlterGroupStmt");
    kind(Verb.ALTER_TABLE, definition, "AlterTableStmt", "AlterSeqStmt");
    kind(Verb.ALTER_SYSTEM, code, "AlterSystemStmt");
    kind(
        Verb.ALTER,
        definition,
        "AlterCompositeTypeStmt",
        "AlterStatsStmt",
        "AlterExtensionStmt",
        "AlterExtensionContentsStmt",
        "AlterPolicyStmt",
        "AlterEventTrigStmt",
        "AlterEnumStmt",
        "AlterOpFamilyStmt",
        "AlterDefaultPrivilegesStmt",
        "AlterFunctionStmt",
        "AlterTblSpcStmt",
        "AlterObjectDependsStmt",
        "AlterObjectSchemaStmt",
        "AlterOperatorStmt",
        "AlterTypeStmt",
        "AlterPublicationStmt",
        "AlterDatabaseStmt",
        "AlterDatabaseSetStmt",
        "AlterCollationStmt",
        "AlterDomainStmt",
        "AlterTSDictionaryStmt",
        "AlterTSConfigurationStmt");
    kind(
        Verb.ALTER,
        secret,
        "AlterFdwStmt",
        "AlterForeignServerStmt",
        "AlterUserMappingStmt",
        "AlterSubscriptionStmt");
    kind(Verb.RENAME, definition, "RenameStmt");
    kind(Verb.OWNER, definition, "AlterOwnerStmt", "ReassignOwnedStmt");
    kind(
        Verb.DROP,
        definition,
        "DropStmt",
        "DropRoleStmt",
        "DropTableSpaceStmt",
        "DropUserMappingStmt",
        "DropOpClassStmt",
        "DropOpFamilyStmt",
        "DropOwnedStmt",
        "RemoveFuncStmt",
        "RemoveAggrStmt",
        "RemoveOperStmt",
        "DropCastStmt",
        "DropTransformStmt",
        "DropSubscriptionStmt",
        "DropdbStmt");
    kind(Verb.TRUNCATE, none, "TruncateStmt");
    kind(Verb.GRANT, none, "GrantStmt", "GrantRoleStmt");
    kind(Verb.REVOKE, none, "RevokeStmt", "RevokeRoleStmt");
    kind(Verb.COMMENT, none, "CommentStmt", "SecLabelStmt");
    kind(Verb.DO, EnumSet.of(Flag.OPAQUE_CODE), "DoStmt");
    kind(Verb.CALL, none, "CallStmt");
    kind(Verb.LOAD, EnumSet.of(Flag.OPAQUE_CODE), "LoadStmt");
    kind(Verb.LOCK, none, "LockStmt");
    kind(Verb.VACUUM, none, "VacuumStmt");
    kind(Verb.ANALYZE, none, "AnalyzeStmt");
    kind(Verb.CLUSTER, none, "ClusterStmt");
    kind(Verb.REINDEX, none, "ReindexStmt");
    kind(Verb.REFRESH, none, "RefreshMatViewStmt");
    kind(Verb.CHECKPOINT, none, "CheckPointStmt");
    kind(Verb.IMPORT, code, "ImportForeignSchemaStmt");
    kind(Verb.LISTEN, none, "ListenStmt");
    kind(Verb.UNLISTEN, none, "UnlistenStmt");
    kind(Verb.NOTIFY, none, "NotifyStmt");
    kind(Verb.DISCARD, EnumSet.of(Flag.NAMES, Flag.MEANING), "DiscardStmt");
    kind(Verb.PREPARE, naming, "PrepareStmt");
    kind(Verb.EXECUTE, none, "ExecuteStmt");
    kind(Verb.DEALLOCATE, naming, "DeallocateStmt");
    kind(Verb.DECLARE, naming, "DeclareCursorStmt");
    kind(Verb.FETCH, none, "FetchStmt");
    kind(Verb.CLOSE, naming, "ClosePortalStmt");
    kind(Verb.EXPLAIN, none, "ExplainStmt");
    kind(Verb.COPY, none, "CopyStmt");
    kind(Verb.CREATE_TABLE, definition, "CreateAsStmt");
    kind(Verb.CREATE_VIEW, definition, "CreateMatViewStmt");
    kind(Verb.SET, none, "VariableSetStmt", "ConstraintsSetStmt");
    kind(Verb.RESET, none, "VariableResetStmt");
    kind(Verb.SHOW, none, "VariableShowStmt");
  }

  static @Nullable Kind of(int symbol) {
    return KINDS.get(symbol);
  }
}
