package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Walks one top-level statement and collects its facts.
final class StatementWalker {
  private static final int TRANSACTION = Symbols.of("TransactionStmt");
  private static final int TRANSACTION_LEGACY = Symbols.of("TransactionStmtLegacy");
  private static final int SET_STMT = Symbols.of("VariableSetStmt");
  private static final int CONSTRAINTS_SET_STMT = Symbols.of("ConstraintsSetStmt");
  private static final int RESET_STMT = Symbols.of("VariableResetStmt");
  private static final int SHOW_STMT = Symbols.of("VariableShowStmt");
  private static final int COPY_STMT = Symbols.of("CopyStmt");
  private static final int EXPLAIN_STMT = Symbols.of("ExplainStmt");
  private static final int PREPARE_STMT = Symbols.of("PrepareStmt");
  private static final int EXECUTE_STMT = Symbols.of("ExecuteStmt");
  private static final int DECLARE_STMT = Symbols.of("DeclareCursorStmt");
  private static final int FETCH_STMT = Symbols.of("FetchStmt");
  private static final int DEALLOCATE_STMT = Symbols.of("DeallocateStmt");
  private static final int CLOSE_STMT = Symbols.of("ClosePortalStmt");
  private static final int LISTEN_STMT = Symbols.of("ListenStmt");
  private static final int DROP_STMT = Symbols.of("DropStmt");
  private static final int COMMENT_STMT = Symbols.of("CommentStmt");
  private static final int CREATE_AS_TARGET = Symbols.of("create_as_target");
  private static final int CREATE_MV_TARGET = Symbols.of("create_mv_target");
  private static final int OPT_TEMP = Symbols.of("OptTemp");
  private static final int OPT_COLUMN_LIST = Symbols.of("opt_column_list");
  private static final int UTILITY_OPTIONS = Symbols.of("utility_option_list");
  private static final int UTILITY_OPTION = Symbols.of("utility_option_elem");
  private static final int TRANSACTION_MODE = Symbols.of("transaction_mode_item");

  private static final Set<String> RELATION_WORDS =
      Set.of("table", "view", "sequence", "materialized", "trigger", "rule", "policy");

  private final Walk walk;
  private final ParseTree tree;
  private final QueryWalker queries;
  private final ExpressionWalker expressions;
  private final ModificationWalker modifications;

  /// For expressions of definitions, which name columns that do not exist yet. Queries inside of
  /// definitions run, or will run, and are walked like any other.
  private final ExpressionWalker definitions;

  StatementWalker(Walk walk) {
    this.walk = walk;
    this.tree = walk.tree;
    this.queries = new QueryWalker(walk);
    this.expressions = queries.expressions();
    this.modifications = queries.modifications();
    this.definitions = new QueryWalker(walk).expressions();
    definitions.lenient = true;
  }

  /// Walks a statement to its end.
  void walk(int statement) {
    statement(statement, Use.OUTPUT);
    walk.finish();
  }

  /// Plans a statement.
  ///
  /// @param outputs what becomes of the rows that it returns
  private void statement(int node, Use outputs) {
    int symbol = tree.symbol(node);
    Scope scope = new Scope(null);
    if (QueryWalker.isQuery(symbol)) {
      walk.facts.verb(Verb.SELECT);
      QueryResult result = new QueryResult();
      walk.plan(
          () -> queries.query(node, scope, result),
          () -> {
            if (outputs != Use.OUTPUT || !walk.facts.has(Flag.SELECT_INTO)) {
              result.use(outputs);
            }
          });
      return;
    }
    if (ModificationWalker.isModification(symbol)) {
      QueryResult result = new QueryResult();
      walk.plan(() -> modifications.modification(node, scope, result), () -> result.use(outputs));
      return;
    }
    if (symbol == TRANSACTION || symbol == TRANSACTION_LEGACY) {
      transaction(node);
      return;
    }
    StatementKinds.Kind kind = StatementKinds.of(symbol);
    if (kind == null) {
      walk.facts.verb(Verb.UNKNOWN);
      walk.facts.flag(Flag.OPAQUE_CODE);
      walk.facts.trouble(
          FactsStatus.OPAQUE, tree.start(node), "a statement of a kind that is not known");
      return;
    }
    walk.facts.verb(kind.verb());
    kind.flags().forEach(walk.facts::flag);
    if (symbol == SET_STMT
        || symbol == CONSTRAINTS_SET_STMT
        || symbol == RESET_STMT
        || symbol == SHOW_STMT) {
      variable(node, symbol);
    } else if (symbol == COPY_STMT) {
      copy(node, scope);
    } else if (symbol == EXPLAIN_STMT) {
      explain(node);
    } else if (symbol == PREPARE_STMT || symbol == DECLARE_STMT) {
      walk.facts.name(tree.text(tree.firstLeaf(tree.next(tree.firstChild(node)))));
      inner(node, Use.OUTPUT);
    } else if (symbol == EXECUTE_STMT) {
      execute(node);
    } else if (symbol == FETCH_STMT) {
      fetch(node);
    } else if (symbol == DEALLOCATE_STMT || symbol == CLOSE_STMT || symbol == LISTEN_STMT) {
      walk.facts.name(tree.text(tree.firstLeaf(tree.lastChild(node))));
    } else {
      definition(node, kind.verb(), scope);
    }
  }

  private void transaction(int node) {
    int first = tree.firstChild(node);
    Verb verb =
        switch (tree.text(tree.firstLeaf(first))) {
          case "begin", "start" -> Verb.BEGIN;
          case "commit", "end" -> Verb.COMMIT;
          case "rollback", "abort" -> Verb.ROLLBACK;
          case "savepoint" -> Verb.SAVEPOINT;
          case "release" -> Verb.RELEASE;
          default -> Verb.TWO_PHASE;
        };
    int second = tree.next(first);
    boolean prepared = second != ParseTree.NONE && tree.symbol(second) == Symbols.PREPARED_WORD;
    walk.facts.verb(prepared ? Verb.TWO_PHASE : verb);
    if (verb == Verb.BEGIN) {
      transactionModes(node, "transaction_");
    }
  }

  // --- SET, RESET, SHOW

  static void setting(FactsCollector facts, String name) {
    String setting = name.toLowerCase(Locale.ROOT);
    facts.setting(setting);
    if (SettingNames.changesMeaning(setting)) {
      facts.flag(Flag.MEANING);
    }
  }

  private void variable(int node, int symbol) {
    if (symbol == CONSTRAINTS_SET_STMT) {
      walk.facts.setting("constraints");
      return;
    }
    int first = tree.next(tree.firstChild(node));
    if (tree.symbol(first) == Symbols.LOCAL_WORD || tree.symbol(first) == Symbols.SESSION_WORD) {
      if (tree.symbol(first) == Symbols.LOCAL_WORD) {
        walk.facts.flag(Flag.LOCAL);
      }
      // SET SESSION AUTHORIZATION and RESET SESSION AUTHORIZATION begin alike.
      int second = tree.next(first);
      first = second != ParseTree.NONE && !tree.isLeaf(second) ? second : first;
    }
    String name = settingName(node, first);
    if (name.equals("transaction") || name.equals("session characteristics")) {
      transactionModes(node, name.equals("transaction") ? "transaction_" : "default_transaction_");
    } else if (symbol == SHOW_STMT) {
      walk.facts.setting(name);
    } else {
      setting(walk.facts, name);
    }
  }

  private String settingName(int node, int first) {
    int leaf = tree.firstLeaf(first);
    String word = tree.text(leaf);
    int varName = varName(first);
    if (varName != ParseTree.NONE) {
      return String.join(".", walk.nameParts(varName)).toLowerCase(Locale.ROOT);
    }
    return switch (word) {
      case "time" -> "timezone";
      case "role" -> "role";
      case "names" -> "client_encoding";
      case "schema" -> "search_path";
      case "xml" -> "xmloption";
      case "transaction" -> lastWord(node).equals("level") ? "transaction_isolation" : word;
      case "session" -> {
        String second = secondWord(first, node);
        yield second.equals("authorization") ? "session_authorization" : "session characteristics";
      }
      default -> word;
    };
  }

  private String lastWord(int node) {
    int last = node;
    while (!tree.isLeaf(last)) {
      last = tree.lastChild(last);
    }
    return tree.text(last);
  }

  private String secondWord(int first, int node) {
    List<String> words = new ArrayList<>();
    IntStack todo = new IntStack();
    walk.pushChildren(todo, tree.isLeaf(first) ? node : first, 0);
    while (!todo.isEmpty()) {
      int next = todo.pop();
      if (tree.isLeaf(next)) {
        words.add(tree.text(next));
      } else {
        walk.pushChildren(todo, next, 0);
      }
    }
    int at = words.indexOf("session");
    return at >= 0 && at + 1 < words.size() ? words.get(at + 1) : "";
  }

  private int varName(int node) {
    if (tree.symbol(node) == Symbols.VAR_NAME) {
      return node;
    }
    return tree.isLeaf(node) ? ParseTree.NONE : tree.child(node, Symbols.VAR_NAME);
  }

  private void transactionModes(int node, String prefix) {
    IntStack todo = new IntStack();
    walk.pushChildren(todo, node, 0);
    while (!todo.isEmpty()) {
      int next = todo.pop();
      if (tree.symbol(next) == TRANSACTION_MODE) {
        walk.facts.setting(
            prefix
                + switch (tree.text(tree.firstLeaf(next))) {
                  case "isolation" -> "isolation";
                  case "read" -> "read_only";
                  default -> "deferrable";
                });
      } else if (tree.isLeaf(next)) {
        if (tree.text(next).equals("snapshot")) {
          walk.facts.setting("transaction_snapshot");
        } else if (tree.text(next).equals("deferrable")) {
          walk.facts.setting(prefix + "deferrable");
        }
      } else {
        walk.pushChildren(todo, next, 0);
      }
    }
  }

  // --- statements around statements

  /// Plans the statement inside of another.
  private void inner(int node, Use outputs) {
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int symbol = tree.symbol(child);
      if (QueryWalker.isQuery(symbol)
          || ModificationWalker.isModification(symbol)
          || StatementKinds.of(symbol) != null) {
        statement(child, outputs);
        return;
      }
    }
  }

  private void explain(int node) {
    IntStack todo = new IntStack();
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int symbol = tree.symbol(child);
      if (symbol == Symbols.ANALYZE_WORD || symbol == Symbols.ANALYSE_WORD) {
        walk.facts.flag(Flag.EXPLAIN_ANALYZE);
      } else if (symbol == UTILITY_OPTION || symbol == UTILITY_OPTIONS) {
        todo.push(child, 0);
      }
    }
    while (!todo.isEmpty()) {
      int option = todo.pop();
      if (tree.symbol(option) == UTILITY_OPTION) {
        String name = tree.text(tree.firstLeaf(option));
        String value = tree.lastChild(option) == tree.firstChild(option) ? "" : lastWord(option);
        boolean off = value.equals("false") || value.equals("off") || value.equals("0");
        if ((name.equals("analyze") || name.equals("analyse")) && !off) {
          walk.facts.flag(Flag.EXPLAIN_ANALYZE);
        }
      } else if (!tree.isLeaf(option)) {
        walk.pushChildren(todo, option, 0);
      }
    }
    // Estimates and row counts answer questions about what the statement would return.
    inner(node, Use.DERIVED);
  }

  private void execute(int node) {
    int name = tree.child(node, Symbols.NAME);
    String statement = tree.text(tree.firstLeaf(name));
    walk.facts.name(statement);
    Facts known = walk.names.session().statements().get(statement);
    if (known == null) {
      walk.facts.flag(Flag.OPAQUE_CODE);
      walk.facts.trouble(
          FactsStatus.OPAQUE, tree.start(name), "a prepared statement that is not known");
    } else {
      walk.facts.include(known, tree.start(name));
    }
    int target = tree.child(node, CREATE_AS_TARGET);
    if (target != ParseTree.NONE) {
      modifications.created(tree.child(target, Symbols.QUALIFIED_NAME), new QueryResult());
    }
    expressions.uses(node, new Scope(null), Use.ARGUMENT);
  }

  private void fetch(int node) {
    int cursor = find(node, Symbols.CURSOR_NAME);
    String name = cursor == ParseTree.NONE ? "" : tree.text(tree.firstLeaf(cursor));
    walk.facts.name(name);
    Facts known = walk.names.session().cursors().get(name);
    if (known == null) {
      walk.facts.flag(Flag.OPAQUE_CODE);
      walk.facts.trouble(FactsStatus.OPAQUE, tree.start(node), "a cursor that is not known");
    } else {
      walk.facts.include(known, tree.start(node));
    }
  }

  private int find(int root, int symbol) {
    IntStack todo = new IntStack();
    todo.push(root, 0);
    while (!todo.isEmpty()) {
      int node = todo.pop();
      if (tree.symbol(node) == symbol) {
        return node;
      }
      if (!tree.isLeaf(node)) {
        walk.pushChildren(todo, node, 0);
      }
    }
    return ParseTree.NONE;
  }

  // --- COPY

  private void copy(int node, Scope scope) {
    boolean out = false;
    boolean direction = false;
    boolean program = false;
    boolean stream = false;
    int relation = ParseTree.NONE;
    int columns = ParseTree.NONE;
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int symbol = tree.symbol(child);
      if (symbol == Symbols.QUALIFIED_NAME && relation == ParseTree.NONE) {
        relation = child;
      } else if (symbol == OPT_COLUMN_LIST) {
        columns = child;
      } else if (symbol == Symbols.TO_WORD) {
        out = true;
        direction = true;
      } else if (symbol == Symbols.FROM_WORD) {
        direction = true;
      } else if (direction && symbol == Symbols.PROGRAM_WORD) {
        program = true;
      } else if (direction && (symbol == Symbols.STDIN || symbol == Symbols.STDOUT)) {
        stream = true;
      } else if (symbol == Symbols.WHERE_CLAUSE) {
        int where = child;
        walk.plan(() -> expressions.uses(where, scope, Use.PREDICATE));
      }
    }
    walk.facts.flag(out ? Flag.COPY_OUT : Flag.COPY_IN);
    if (program) {
      walk.facts.flag(Flag.PROGRAM);
    } else if (!stream) {
      walk.facts.flag(Flag.SERVER_FILE);
    }
    if (relation == ParseTree.NONE) {
      inner(node, Use.OUTPUT);
    } else {
      copyRelation(relation, columns, out, scope);
    }
  }

  private void copyRelation(int nameNode, int columns, boolean out, Scope scope) {
    Verb verb = out ? Verb.SELECT : Verb.INSERT;
    walk.facts.verb(verb);
    List<String> parts = walk.nameParts(nameNode);
    Optional<Relation> found = queries.lookup(parts);
    if (found.isEmpty()) {
      expressions.unresolved(nameNode, "a relation that the catalog does not know");
      walk.facts.relation(QueryWalker.unknownName(parts), !out, verb, null);
      return;
    }
    RelationColumns relation = queries.relation(found.get(), out, !out, verb, nameNode);
    scope.add(
        new Scope.Item(
            found.get().name().schema(), parts.getLast(), new Columns.OfRelation(relation), true));
    List<String> names = new ArrayList<>();
    if (columns == ParseTree.NONE) {
      found.get().columns().forEach(column -> names.add(column.name()));
    } else {
      names.addAll(walk.nameList(columns));
    }
    for (String name : names) {
      if (!out) {
        relation.write(name);
        continue;
      }
      OutputColumn column = relation.find(name);
      if (column == null) {
        expressions.unresolved(columns, "a column that the catalog does not know");
      } else {
        column.use(Use.OUTPUT);
      }
    }
  }

  // --- everything that defines

  private void definition(int node, Verb verb, Scope scope) {
    IntStack todo = new IntStack();
    walk.pushChildren(todo, node, 0);
    boolean dropsRelation = false;
    boolean dropsSchema = false;
    if (tree.symbol(node) == DROP_STMT || tree.symbol(node) == COMMENT_STMT) {
      String kind = tree.text(tree.firstLeaf(tree.next(tree.firstChild(node))));
      String second = kind.equals("on") || kind.equals("foreign") ? thirdWord(node) : kind;
      dropsRelation = RELATION_WORDS.contains(second);
      dropsSchema = second.equals("schema") && verb == Verb.DROP;
    }
    boolean first = true;
    while (!todo.isEmpty()) {
      int next = todo.pop();
      int symbol = tree.symbol(next);
      if (tree.isLeaf(next)) {
        word(symbol);
      } else if (symbol == Symbols.QUALIFIED_NAME) {
        relation(next, verb, scope, first);
        first = false;
      } else if (symbol == Symbols.ANY_NAME && dropsRelation) {
        relation(next, verb, scope, false);
      } else if (symbol == Symbols.NAME && dropsSchema) {
        schema(tree.text(tree.firstLeaf(next)), verb);
      } else if (symbol == CREATE_AS_TARGET || symbol == CREATE_MV_TARGET) {
        walk.facts.flag(Flag.SELECT_INTO);
        relation(tree.child(next, Symbols.QUALIFIED_NAME), verb, scope, true);
      } else if (QueryWalker.isQuery(symbol)) {
        statement(next, Use.SOURCE);
      } else if (ModificationWalker.isModification(symbol) || StatementKinds.of(symbol) != null) {
        statement(next, Use.SOURCE);
      } else if (symbol == Symbols.FUNC_APPLICATION
          || symbol == Symbols.COLUMNREF
          || symbol == Symbols.A_EXPR
          || symbol == Symbols.C_EXPR
          || symbol == Symbols.FUNC_EXPR) {
        walk.plan(() -> definitions.uses(next, scope, Use.PREDICATE));
      } else {
        if (symbol == OPT_TEMP) {
          walk.facts.flag(Flag.TEMPORARY);
        }
        walk.pushChildren(todo, next, 0);
      }
    }
  }

  private String thirdWord(int node) {
    int second = tree.next(tree.firstChild(node));
    int leaf = tree.firstLeaf(second);
    int third = tree.isLeaf(second) ? tree.next(second) : tree.next(leaf);
    return third == ParseTree.NONE ? "" : tree.text(tree.firstLeaf(third));
  }

  private void word(int symbol) {
    if (symbol == Symbols.CASCADE_WORD) {
      walk.facts.flag(Flag.CASCADE);
    } else if (symbol == Symbols.PASSWORD_WORD) {
      walk.facts.flag(Flag.SECRET);
    } else if (symbol == Symbols.TEMP_WORD || symbol == Symbols.TEMPORARY_WORD) {
      walk.facts.flag(Flag.TEMPORARY);
    }
  }

  private static boolean creates(Verb verb) {
    return verb == Verb.CREATE_TABLE || verb == Verb.CREATE_VIEW || verb == Verb.CREATE_SEQUENCE;
  }

  private void relation(int nameNode, Verb verb, Scope scope, boolean first) {
    List<String> parts = walk.nameParts(nameNode);
    Optional<Relation> found = queries.lookup(parts);
    boolean created = first && creates(verb);
    if (created) {
      walk.facts.relation(modifications.newRelation(parts), true, verb, null);
      return;
    }
    if (found.isEmpty()) {
      expressions.unresolved(nameNode, "a relation that the catalog does not know");
      walk.facts.relation(QueryWalker.unknownName(parts), true, verb, null);
      return;
    }
    boolean writes = first || !creates(verb);
    RelationColumns columns = queries.relation(found.get(), true, writes, verb, nameNode);
    scope.add(
        new Scope.Item(
            found.get().name().schema(), parts.getLast(), new Columns.OfRelation(columns), true));
  }

  private void schema(String schema, Verb verb) {
    for (Relation relation : walk.names.catalog().relations()) {
      if (relation.name().schema().equals(schema)) {
        walk.facts.relation(relation.name(), true, verb, null);
      }
    }
  }
}
