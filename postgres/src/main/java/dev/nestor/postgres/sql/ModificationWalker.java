package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.Column;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Walks INSERT, UPDATE, DELETE and MERGE.
final class ModificationWalker {
  private final Walk walk;
  private final ParseTree tree;
  private final QueryWalker queries;
  private final ExpressionWalker expressions;

  ModificationWalker(Walk walk, QueryWalker queries, ExpressionWalker expressions) {
    this.walk = walk;
    this.tree = walk.tree;
    this.queries = queries;
    this.expressions = expressions;
  }

  static boolean isModification(int symbol) {
    return symbol == Symbols.INSERT_STMT
        || symbol == Symbols.UPDATE_STMT
        || symbol == Symbols.DELETE_STMT
        || symbol == Symbols.MERGE_STMT;
  }

  /// The relation that a statement changes, and what its expressions call it.
  private record Target(@Nullable RelationColumns relation, Scope.Item item) {
    void write(String column) {
      if (relation != null) {
        relation.write(column);
      }
    }

    void writeAll() {
      if (relation != null) {
        for (Column column : relation.relation().columns()) {
          relation.write(column.name());
        }
      }
    }
  }

  /// Plans the walk of a statement.
  ///
  /// @param result takes the columns of RETURNING
  void modification(int node, Scope outer, QueryResult result) {
    Scope scope = new Scope(outer);
    int with = tree.child(node, Symbols.WITH_CLAUSE);
    if (with != ParseTree.NONE) {
      walk.plan(() -> queries.with(with, scope), () -> withoutWith(node, scope, result));
    } else {
      withoutWith(node, scope, result);
    }
  }

  private void withoutWith(int node, Scope scope, QueryResult result) {
    int symbol = tree.symbol(node);
    if (symbol == Symbols.INSERT_STMT) {
      insert(node, scope, result);
    } else if (symbol == Symbols.UPDATE_STMT) {
      update(node, scope, result);
    } else if (symbol == Symbols.DELETE_STMT) {
      delete(node, scope, result);
    } else {
      merge(node, scope, result);
    }
  }

  private Target target(int node, Verb verb) {
    String alias = "";
    boolean only = false;
    int nameNode = node;
    if (tree.symbol(node) == Symbols.RELATION_EXPR_OPT_ALIAS
        || tree.symbol(node) == Symbols.INSERT_TARGET) {
      nameNode = tree.firstChild(node);
      int last = tree.lastChild(node);
      alias = last == nameNode ? "" : tree.text(tree.firstLeaf(last));
    }
    if (tree.symbol(nameNode) == Symbols.EXTENDED_RELATION_EXPR) {
      only = tree.child(nameNode, Symbols.ONLY) != ParseTree.NONE;
      nameNode = tree.child(nameNode, Symbols.QUALIFIED_NAME);
    }
    List<String> parts = walk.nameParts(nameNode);
    String itemName = alias.isEmpty() ? parts.getLast() : alias;
    Optional<Relation> found = queries.lookup(parts);
    if (found.isEmpty()) {
      expressions.unresolved(nameNode, "a relation that the catalog does not know");
      walk.facts.relation(QueryWalker.unknownName(parts), true, verb, null);
      Columns unknown = new Columns.Listed(List.of(), true);
      return new Target(null, new Scope.Item("", itemName, unknown, true));
    }
    RelationColumns columns = queries.relation(found.get(), only, true, verb, nameNode);
    String schema = alias.isEmpty() ? found.get().name().schema() : "";
    return new Target(
        columns, new Scope.Item(schema, itemName, new Columns.OfRelation(columns), true));
  }

  // --- INSERT

  private void insert(int node, Scope scope, QueryResult result) {
    walk.facts.verb(Verb.INSERT);
    Target target = target(tree.child(node, Symbols.INSERT_TARGET), Verb.INSERT);
    List<Walk.Step> steps = new ArrayList<>();
    int rest = tree.child(node, Symbols.INSERT_REST);
    int holder = rest == ParseTree.NONE ? node : rest;
    boolean listed = false;
    for (int child = tree.firstChild(holder); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      int symbol = tree.symbol(part);
      if (symbol == Symbols.INSERT_COLUMN_LIST || symbol == Symbols.INSERT_COLUMN_ITEM) {
        insertColumns(part, target, scope);
        listed = true;
      } else if (QueryWalker.isQuery(symbol)) {
        if (!listed) {
          target.writeAll();
        }
        QueryResult source = new QueryResult();
        steps.add(() -> queries.query(part, scope, source));
        steps.add(() -> source.use(Use.SOURCE));
      }
    }
    int conflict = tree.child(node, Symbols.OPT_ON_CONFLICT);
    if (conflict != ParseTree.NONE) {
      steps.add(() -> conflict(conflict, node, target, scope));
    }
    returning(node, target, scope, result, steps);
    walk.plan(steps);
  }

  private void insertColumns(int node, Target target, Scope scope) {
    if (tree.symbol(node) == Symbols.INSERT_COLUMN_ITEM) {
      assigned(node, target, scope);
      return;
    }
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      if (!tree.isLeaf(child)) {
        assigned(child, target, scope);
      }
    }
  }

  /// A column that is written, perhaps with a subscript.
  private void assigned(int node, Target target, Scope scope) {
    target.write(tree.text(tree.firstLeaf(node)));
    int behind = tree.child(node, Symbols.OPT_INDIRECTION);
    if (behind != ParseTree.NONE) {
      expressions.uses(behind, scope, Use.ARGUMENT);
    }
    if (target.relation() != null
        && !target.relation().relation().hasColumn(tree.text(tree.firstLeaf(node)))) {
      expressions.unresolved(node, "a column that the catalog does not know");
    }
  }

  private void conflict(int node, int insert, Target target, Scope scope) {
    Scope inside = new Scope(scope);
    inside.add(target.item());
    List<OutputColumn> proposed = new ArrayList<>();
    if (target.relation() != null) {
      for (Column column : target.relation().relation().columns()) {
        proposed.add(new OutputColumn(column.name(), List.of(), column.type()));
      }
    }
    inside.addName(
        new Scope.Item(
            "", "excluded", new Columns.Listed(proposed, target.relation() == null), false));
    Target updated = target;
    List<Walk.Step> steps = new ArrayList<>();
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      int symbol = tree.symbol(part);
      if (symbol == Symbols.OPT_CONF_EXPR) {
        conflictColumns(part, target, inside);
      } else if (symbol == Symbols.UPDATE_WORD) {
        walk.facts.verb(Verb.UPDATE);
        int name = tree.child(insert, Symbols.INSERT_TARGET);
        updated = target(name, Verb.UPDATE);
      } else if (symbol == Symbols.SET_CLAUSE_LIST || symbol == Symbols.SET_CLAUSE) {
        Target changed = updated;
        steps.add(() -> setClauses(part, changed, inside));
      } else if (symbol == Symbols.WHERE_CLAUSE) {
        steps.add(() -> expressions.uses(part, inside, Use.PREDICATE));
      }
    }
    walk.plan(steps);
  }

  private void conflictColumns(int node, Target target, Scope scope) {
    IntStack todo = new IntStack();
    walk.pushChildren(todo, node, 0);
    while (!todo.isEmpty()) {
      int next = todo.pop();
      int symbol = tree.symbol(next);
      if (symbol == Symbols.INDEX_ELEM) {
        int first = tree.firstChild(next);
        if (tree.isLeaf(first) && tree.symbol(first) != Symbols.OPEN) {
          OutputColumn column = target.item().columns().find(tree.text(first));
          if (column != null) {
            column.use(Use.PREDICATE);
          }
        } else {
          expressions.uses(next, scope, Use.PREDICATE);
        }
      } else if (symbol == Symbols.WHERE_CLAUSE) {
        expressions.uses(next, scope, Use.PREDICATE);
      } else if (!tree.isLeaf(next)) {
        walk.pushChildren(todo, next, 0);
      }
    }
  }

  // --- UPDATE, DELETE

  private void update(int node, Scope scope, QueryResult result) {
    walk.facts.verb(Verb.UPDATE);
    change(node, Verb.UPDATE, scope, result);
  }

  private void delete(int node, Scope scope, QueryResult result) {
    walk.facts.verb(Verb.DELETE);
    change(node, Verb.DELETE, scope, result);
  }

  private void change(int node, Verb verb, Scope scope, QueryResult result) {
    Scope inside = new Scope(scope);
    List<Walk.Step> steps = new ArrayList<>();
    Target target = null;
    boolean where = false;
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      int symbol = tree.symbol(part);
      if (target == null
          && (symbol == Symbols.QUALIFIED_NAME
              || symbol == Symbols.EXTENDED_RELATION_EXPR
              || symbol == Symbols.RELATION_EXPR_OPT_ALIAS)) {
        target = target(part, verb);
        inside.add(target.item());
      } else if (symbol == Symbols.FROM_CLAUSE || symbol == Symbols.USING_CLAUSE) {
        // Its items must be known before SET is walked.
        steps.addFirst(() -> queries.from(part, inside));
      } else if (symbol == Symbols.SET_CLAUSE_LIST || symbol == Symbols.SET_CLAUSE) {
        Target changed = target;
        steps.add(() -> {
          if (changed != null) {
            setClauses(part, changed, inside);
          }
        });
      } else if (symbol == Symbols.WHERE_CLAUSE || symbol == Symbols.WHERE_OR_CURRENT_CLAUSE) {
        where = true;
        cursorName(part);
        steps.add(() -> expressions.uses(part, inside, Use.PREDICATE));
      }
    }
    if (!where) {
      walk.facts.flag(Flag.WITHOUT_WHERE);
    }
    if (target != null) {
      returning(node, target, inside, result, steps);
    }
    walk.plan(steps);
  }

  private void cursorName(int where) {
    int cursor = tree.child(where, Symbols.CURSOR_NAME);
    if (cursor != ParseTree.NONE) {
      walk.facts.name(tree.text(tree.firstLeaf(cursor)));
    }
  }

  private void setClauses(int node, Target target, Scope scope) {
    IntStack todo = new IntStack();
    todo.push(node, 0);
    while (!todo.isEmpty()) {
      int next = todo.pop();
      int symbol = tree.symbol(next);
      if (symbol == Symbols.SET_TARGET) {
        assigned(next, target, scope);
      } else if (symbol == Symbols.SET_CLAUSE_LIST
          || symbol == Symbols.SET_CLAUSE
          || symbol == Symbols.SET_TARGET_LIST) {
        walk.pushChildren(todo, next, 0);
      } else if (!tree.isLeaf(next)) {
        expressions.uses(next, scope, Use.SOURCE);
      }
    }
  }

  // --- MERGE

  private void merge(int node, Scope scope, QueryResult result) {
    walk.facts.verb(Verb.MERGE);
    Scope inside = new Scope(scope);
    List<Walk.Step> steps = new ArrayList<>();
    Target target = null;
    int targetNode = ParseTree.NONE;
    int before = ParseTree.NONE;
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      int symbol = tree.symbol(part);
      int previous = before == ParseTree.NONE ? ParseTree.NONE : tree.symbol(before);
      if (previous == Symbols.INTO_WORD) {
        targetNode = part;
        target = target(part, Verb.MERGE);
        inside.add(target.item());
      } else if (previous == Symbols.USING) {
        steps.add(() -> queries.item(part, inside));
      } else if (previous == Symbols.ON_WORD) {
        steps.add(() -> expressions.uses(part, inside, Use.JOIN));
      } else if (symbol == Symbols.MERGE_WHEN_LIST || symbol == Symbols.MERGE_WHEN_CLAUSE) {
        int name = targetNode;
        steps.add(() -> mergeActions(part, name, inside));
      }
      before = part;
    }
    if (target != null) {
      returning(node, target, inside, result, steps);
    }
    walk.plan(steps);
  }

  private void mergeActions(int node, int targetNode, Scope scope) {
    IntStack todo = new IntStack();
    todo.push(node, 0);
    while (!todo.isEmpty()) {
      int next = todo.pop();
      int symbol = tree.symbol(next);
      if (symbol == Symbols.MERGE_UPDATE) {
        walk.facts.verb(Verb.UPDATE);
        Target updated = target(targetNode, Verb.UPDATE);
        for (int child = tree.firstChild(next); child != ParseTree.NONE; child = tree.next(child)) {
          if (!tree.isLeaf(child)) {
            setClauses(child, updated, scope);
          }
        }
      } else if (symbol == Symbols.MERGE_INSERT) {
        walk.facts.verb(Verb.INSERT);
        mergeInsert(next, target(targetNode, Verb.INSERT), scope);
      } else if (symbol == Symbols.DELETE_WORD) {
        walk.facts.verb(Verb.DELETE);
        target(targetNode, Verb.DELETE);
      } else if (symbol == Symbols.MERGE_WHEN_LIST || symbol == Symbols.MERGE_WHEN_CLAUSE) {
        walk.pushChildren(todo, next, 0);
      } else if (!tree.isLeaf(next)) {
        expressions.uses(next, scope, Use.PREDICATE);
      }
    }
  }

  private void mergeInsert(int node, Target target, Scope scope) {
    boolean listed = false;
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int symbol = tree.symbol(child);
      if (symbol == Symbols.INSERT_COLUMN_LIST || symbol == Symbols.INSERT_COLUMN_ITEM) {
        insertColumns(child, target, scope);
        listed = true;
      } else if (symbol == Symbols.MERGE_VALUES_CLAUSE) {
        if (!listed) {
          target.writeAll();
        }
        expressions.uses(child, scope, Use.SOURCE);
      }
    }
  }

  // --- RETURNING, INTO

  private void returning(
      int node, Target target, Scope scope, QueryResult result, List<Walk.Step> steps) {
    int clause = tree.child(node, Symbols.RETURNING_CLAUSE);
    if (clause == ParseTree.NONE) {
      return;
    }
    walk.facts.flag(Flag.RETURNING);
    Scope inside;
    if (scope.items().isEmpty()) {
      inside = new Scope(scope);
      inside.add(target.item());
    } else {
      inside = scope;
    }
    steps.add(() -> {
      rowVersions(clause, target, inside);
      int list = tree.child(clause, Symbols.TARGET_LIST);
      queries.targets(
          list == ParseTree.NONE ? tree.child(clause, Symbols.TARGET_EL) : list, inside, result);
    });
    steps.add(() -> result.use(Use.RETURNING));
  }

  /// OLD and NEW, or what WITH calls them.
  private void rowVersions(int clause, Target target, Scope scope) {
    int with = tree.child(clause, Symbols.RETURNING_WITH_CLAUSE);
    List<String> names = new ArrayList<>(List.of("old", "new"));
    if (with != ParseTree.NONE) {
      names.addAll(walk.nameList(with));
    }
    for (String name : names) {
      if (!scope.hasItemNamed(name)) {
        scope.addName(new Scope.Item("", name, target.item().columns(), true));
      }
    }
  }

  /// SELECT … INTO.
  void selectInto(int clause, QueryResult result) {
    int target = tree.child(clause, Symbols.OPT_TEMP_TABLE_NAME);
    int holder = target == ParseTree.NONE ? clause : target;
    int name = tree.child(holder, Symbols.QUALIFIED_NAME);
    for (int child = tree.firstChild(holder); child != ParseTree.NONE; child = tree.next(child)) {
      int symbol = tree.symbol(child);
      if (symbol == Symbols.TEMP_WORD || symbol == Symbols.TEMPORARY_WORD) {
        walk.facts.flag(Flag.TEMPORARY);
      }
    }
    created(name, result);
  }

  /// A table that takes the result of a query.
  void created(int nameNode, QueryResult result) {
    walk.facts.flag(Flag.SELECT_INTO);
    walk.facts.flag(Flag.DEFINITION);
    walk.facts.verb(Verb.CREATE_TABLE);
    walk.facts.relation(newRelation(walk.nameParts(nameNode)), true, Verb.CREATE_TABLE, null);
    result.use(Use.SOURCE);
  }

  /// Where a statement creates what it names, as far as the words in front of the name tell.
  RelationName newRelation(List<String> parts) {
    RelationName name =
        parts.size() > 1
            ? QueryWalker.unknownName(parts)
            : walk.facts.has(Flag.TEMPORARY)
                ? NameLookup.temporary(parts.getFirst())
                : walk.names.created(parts.getFirst());
    if (NameLookup.isTemporary(name.schema())) {
      walk.facts.flag(Flag.TEMPORARY);
    }
    return name;
  }
}
