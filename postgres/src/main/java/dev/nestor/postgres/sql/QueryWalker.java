package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.Function;
import dev.nestor.postgres.catalog.Relation;
import dev.nestor.postgres.catalog.RelationName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks queries: SELECT, VALUES, TABLE and what is combined from them, with their FROM and WITH.
final class QueryWalker {
  /// What runs triggers, defaults and checks.
  private static final Set<Verb> CHANGING_ROWS =
      EnumSet.of(Verb.INSERT, Verb.UPDATE, Verb.DELETE, Verb.MERGE, Verb.COPY, Verb.TRUNCATE);

  private static final Verb READING = Verb.SELECT;

  private final Walk walk;
  private final ParseTree tree;
  private final ExpressionWalker expressions;
  private final ModificationWalker modifications;

  QueryWalker(Walk walk) {
    this.walk = walk;
    this.tree = walk.tree;
    this.expressions = new ExpressionWalker(walk, this);
    this.modifications = new ModificationWalker(walk, this, expressions);
  }

  ExpressionWalker expressions() {
    return expressions;
  }

  ModificationWalker modifications() {
    return modifications;
  }

  /// The scope in which the innermost SELECT of a query works, for its ORDER BY.
  private static final class Inner {
    Scope scope;

    Inner(Scope scope) {
      this.scope = scope;
    }
  }

  static boolean isQuery(int symbol) {
    return symbol == Symbols.SIMPLE_SELECT
        || symbol == Symbols.SELECT_NO_PARENS
        || symbol == Symbols.SELECT_WITH_PARENS;
  }

  /// Plans the walk of a query.
  ///
  /// @param outer what the query may refer to
  /// @param result takes its output columns
  void query(int node, Scope outer, QueryResult result) {
    query(node, outer, result, null);
  }

  private void query(int node, Scope outer, QueryResult result, Scope.@Nullable Cte recursive) {
    int query = node;
    while (tree.symbol(query) == Symbols.SELECT_WITH_PARENS) {
      query = walk.insideParentheses(query);
    }
    Scope scope = new Scope(outer);
    if (tree.symbol(query) == Symbols.SIMPLE_SELECT) {
      simple(query, scope, result, new Inner(scope), recursive);
      return;
    }
    List<Walk.Step> steps = new ArrayList<>();
    Inner inner = new Inner(scope);
    for (int child = tree.firstChild(query); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      int symbol = tree.symbol(part);
      if (symbol == Symbols.WITH_CLAUSE) {
        steps.add(() -> with(part, scope));
      } else if (symbol == Symbols.SIMPLE_SELECT) {
        steps.add(() -> {
          Scope body = new Scope(scope);
          inner.scope = body;
          simple(part, body, result, inner, recursive);
        });
      } else if (symbol == Symbols.SELECT_WITH_PARENS || symbol == Symbols.SELECT_NO_PARENS) {
        steps.add(() -> query(part, scope, result, recursive));
      } else if (symbol == Symbols.SORT_CLAUSE) {
        steps.add(() -> order(part, inner.scope, result));
      } else if (symbol == Symbols.FOR_LOCKING_ITEM) {
        walk.facts.flag(Flag.ROW_LOCK);
      } else if (!tree.isLeaf(part)) {
        steps.add(() -> remaining(part, inner.scope));
      }
    }
    walk.plan(steps);
  }

  /// LIMIT, OFFSET, FETCH, and locking clauses in a list.
  private void remaining(int node, Scope scope) {
    IntStack todo = new IntStack();
    todo.push(node, 0);
    while (!todo.isEmpty()) {
      int next = todo.pop();
      if (tree.symbol(next) == Symbols.FOR_LOCKING_ITEM) {
        walk.facts.flag(Flag.ROW_LOCK);
        return;
      }
      if (tree.symbol(next) == Symbols.LIMIT_CLAUSE) {
        expressions.uses(next, scope, Use.PREDICATE);
        return;
      }
    }
    expressions.uses(node, scope, Use.PREDICATE);
  }

  private void order(int sortClause, Scope scope, QueryResult result) {
    terms(sortClause, Symbols.SORTBY, scope, result, Use.ORDER, true);
  }

  /// Walks every node of a kind below a clause as a term, or the clause's own elements.
  private void terms(
      int clause, int kind, Scope scope, QueryResult result, Use use, boolean outputFirst) {
    IntStack todo = new IntStack();
    walk.pushChildren(todo, clause, 0);
    while (!todo.isEmpty()) {
      int node = todo.pop();
      int symbol = tree.symbol(node);
      if (symbol == kind) {
        int first = tree.firstChild(node);
        expressions.term(first, scope, result, use, outputFirst);
        for (int rest = tree.next(first); rest != ParseTree.NONE; rest = tree.next(rest)) {
          expressions.uses(rest, scope, use);
        }
      } else if (symbol == Symbols.SORTBY_LIST || symbol == Symbols.GROUP_BY_LIST) {
        walk.pushChildren(todo, node, 0);
      } else {
        expressions.term(node, scope, result, use, outputFirst);
      }
    }
  }

  // --- WITH

  void with(int clause, Scope scope) {
    boolean recursive = tree.child(clause, Symbols.RECURSIVE) != ParseTree.NONE;
    List<Integer> expressionsInOrder = new ArrayList<>();
    IntStack todo = new IntStack();
    walk.pushChildren(todo, clause, 0);
    while (!todo.isEmpty()) {
      int node = todo.pop();
      if (tree.symbol(node) == Symbols.COMMON_TABLE_EXPR) {
        expressionsInOrder.add(node);
      } else {
        walk.pushChildren(todo, node, 0);
      }
    }
    List<Walk.Step> steps = new ArrayList<>();
    Scope.Cte before = scope.ctes;
    List<Scope.Cte> ctes = new ArrayList<>();
    Scope.Cte previous = before;
    for (int node : expressionsInOrder) {
      String name = tree.text(tree.firstLeaf(node));
      previous = new Scope.Cte(name, new QueryResult(), previous);
      ctes.add(previous);
    }
    Scope.Cte last = previous;
    for (int i = 0; i < ctes.size(); i++) {
      Scope.Cte cte = ctes.get(i);
      int node = expressionsInOrder.get(i);
      // With RECURSIVE all names are known everywhere, else those that stand before.
      steps.add(() -> {
        scope.ctes = recursive ? last : cte.previous;
        commonTableExpression(node, scope, cte, recursive);
      });
    }
    steps.add(() -> scope.ctes = last);
    walk.plan(steps);
  }

  private void commonTableExpression(int node, Scope scope, Scope.Cte cte, boolean recursive) {
    int body = ParseTree.NONE;
    List<String> names = List.of();
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int symbol = tree.symbol(child);
      if (symbol == Symbols.OPT_NAME_LIST) {
        names = walk.nameList(child);
      } else if (isQuery(symbol) || ModificationWalker.isModification(symbol)) {
        body = child;
      } else if (symbol == Symbols.OPT_SEARCH_CLAUSE || symbol == Symbols.OPT_CYCLE_CLAUSE) {
        cte.result.open = true;
      }
    }
    int bodyNode = body;
    List<String> columnNames = names;
    Scope inside = new Scope(scope);
    QueryResult raw = new QueryResult();
    Walk.Step done =
        () -> {
          cte.result.columns = renamed(raw.columns, columnNames);
          cte.result.open |= raw.open;
          if (recursive && cte.ready) {
            // The columns of one round become those of the next in any order.
            for (int i = 0; i < cte.result.columns.size(); i++) {
              OutputColumn column = cte.result.columns.get(i);
              cte.result.columns.set(i, raw.blurred(column.name()));
            }
          }
          cte.ready = true;
        };
    if (ModificationWalker.isModification(tree.symbol(bodyNode))) {
      walk.facts.flag(Flag.WRITING_WITH);
      walk.plan(() -> modifications.modification(bodyNode, inside, raw), done);
    } else {
      if (recursive) {
        cte.onFirstBranch =
            () -> {
              cte.result.columns = renamed(raw.columns, columnNames);
              cte.ready = true;
            };
      }
      walk.plan(() -> query(bodyNode, inside, raw, recursive ? cte : null), done);
    }
  }

  static List<OutputColumn> renamed(List<OutputColumn> columns, List<String> names) {
    List<OutputColumn> renamed = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      renamed.add(i < names.size() ? columns.get(i).named(names.get(i)) : columns.get(i));
    }
    return renamed;
  }

  // --- SELECT, VALUES, TABLE, UNION

  private void simple(
      int node, Scope scope, QueryResult result, Inner inner, Scope.@Nullable Cte recursive) {
    int first = tree.firstChild(node);
    int symbol = tree.symbol(first);
    if (symbol == Symbols.SELECT_WORD) {
      select(node, scope, result);
    } else if (symbol == Symbols.VALUES_CLAUSE) {
      values(first, scope, result);
    } else if (symbol == Symbols.TABLE_WORD) {
      relationItem(tree.next(first), ParseTree.NONE, scope);
      walk.plan(() -> {
        for (Columns columns : scope.visible()) {
          for (OutputColumn column : columns.all()) {
            column.use(Use.STAR);
            result.columns.add(column);
          }
          result.open |= columns.open();
        }
      });
    } else {
      setOperation(node, scope, result, recursive);
      inner.scope = scope;
    }
  }

  private void setOperation(
      int node, Scope scope, QueryResult result, Scope.@Nullable Cte recursive) {
    List<Walk.Step> steps = new ArrayList<>();
    boolean compares = false;
    List<QueryResult> branches = new ArrayList<>();
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      int symbol = tree.symbol(part);
      compares |= symbol == Symbols.INTERSECT || symbol == Symbols.EXCEPT;
      if (isQuery(symbol)) {
        QueryResult branch = new QueryResult();
        boolean firstBranch = branches.isEmpty();
        branches.add(branch);
        steps.add(() -> query(part, scope, branch));
        if (firstBranch && recursive != null) {
          steps.add(() -> {
            result.columns = new ArrayList<>(branch.columns);
            recursive.publishFirstBranch();
            result.columns = new ArrayList<>();
          });
        }
      }
    }
    boolean comparing = compares;
    steps.add(() -> {
      for (QueryResult branch : branches) {
        if (comparing) {
          branch.use(Use.PREDICATE);
        }
        combine(result, branch);
      }
    });
    walk.plan(steps);
  }

  private static void combine(QueryResult result, QueryResult branch) {
    result.open |= branch.open;
    for (int i = 0; i < branch.columns.size(); i++) {
      OutputColumn column = branch.columns.get(i);
      if (i < result.columns.size()) {
        result.columns.set(i, OutputColumn.merged(result.columns.get(i), column, true));
      } else {
        List<OutputColumn.Source> sources = new ArrayList<>();
        OutputColumn.addAll(sources, column.sources(), true);
        result.columns.add(new OutputColumn(column.name(), sources, 0));
      }
    }
  }

  private void values(int clause, Scope scope, QueryResult result) {
    List<List<OutputColumn.Source>> sources = new ArrayList<>();
    IntStack todo = new IntStack();
    todo.push(clause, 0);
    while (!todo.isEmpty()) {
      int node = todo.pop();
      if (tree.symbol(node) == Symbols.VALUES_CLAUSE) {
        walk.pushChildren(todo, node, 0);
      } else if (tree.symbol(node) == Symbols.EXPR_LIST) {
        int position = 0;
        for (int value = tree.firstChild(node); value != ParseTree.NONE; value = tree.next(value)) {
          if (tree.symbol(value) != Symbols.COMMA) {
            value(value, scope, sources, position++);
          }
        }
      } else if (!Walk.isPunctuation(tree.symbol(node))
          && tree.symbol(node) != Symbols.VALUES_WORD) {
        value(node, scope, sources, 0);
      }
    }
    for (int i = 0; i < sources.size(); i++) {
      result.columns.add(new OutputColumn("column" + (i + 1), sources.get(i), 0));
    }
  }

  private void value(int node, Scope scope, List<List<OutputColumn.Source>> sources, int position) {
    while (sources.size() <= position) {
      sources.add(new ArrayList<>(0));
    }
    expressions.computedValue(node, scope, sources.get(position));
  }

  private void select(int node, Scope scope, QueryResult result) {
    List<Walk.Step> steps = new ArrayList<>();
    int from = tree.child(node, Symbols.FROM_CLAUSE);
    if (from != ParseTree.NONE) {
      steps.add(() -> from(from, scope));
    }
    int targets = tree.child(node, Symbols.TARGET_LIST);
    int target = targets == ParseTree.NONE ? tree.child(node, Symbols.TARGET_EL) : targets;
    if (target != ParseTree.NONE) {
      steps.add(() -> targets(target, scope, result));
    }
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      int symbol = tree.symbol(part);
      if (symbol == Symbols.WHERE_CLAUSE || symbol == Symbols.HAVING_CLAUSE) {
        steps.add(() -> expressions.uses(part, scope, Use.PREDICATE));
      } else if (symbol == Symbols.GROUP_CLAUSE) {
        steps.add(() -> group(part, scope, result));
      } else if (symbol == Symbols.WINDOW_CLAUSE) {
        steps.add(() -> expressions.uses(part, scope, Use.ARGUMENT));
      } else if (symbol == Symbols.DISTINCT_CLAUSE) {
        steps.add(() -> distinct(part, scope, result));
      } else if (symbol == Symbols.INTO_CLAUSE) {
        steps.add(() -> modifications.selectInto(part, result));
      }
    }
    walk.plan(steps);
  }

  /// Target list of SELECT or RETURNING.
  void targets(int list, Scope scope, QueryResult result) {
    if (tree.symbol(list) == Symbols.TARGET_EL) {
      expressions.target(list, scope, result);
      return;
    }
    for (int child = tree.firstChild(list); child != ParseTree.NONE; child = tree.next(child)) {
      if (tree.symbol(child) == Symbols.TARGET_EL) {
        expressions.target(child, scope, result);
      }
    }
  }

  private void group(int clause, Scope scope, QueryResult result) {
    IntStack todo = new IntStack();
    walk.pushChildren(todo, clause, 0);
    while (!todo.isEmpty()) {
      int node = todo.pop();
      int symbol = tree.symbol(node);
      if (symbol == Symbols.GROUP_BY_LIST) {
        walk.pushChildren(todo, node, 0);
      } else {
        expressions.term(node, scope, result, Use.GROUP, false);
      }
    }
  }

  private void distinct(int clause, Scope scope, QueryResult result) {
    for (int child = tree.firstChild(clause); child != ParseTree.NONE; child = tree.next(child)) {
      if (tree.symbol(child) == Symbols.EXPR_LIST) {
        for (int each = tree.firstChild(child); each != ParseTree.NONE; each = tree.next(each)) {
          expressions.term(each, scope, result, Use.GROUP, true);
        }
      } else if (!tree.isLeaf(child) || tree.symbol(child) == Symbols.ICONST) {
        expressions.term(child, scope, result, Use.GROUP, true);
      }
    }
  }

  // --- FROM

  /// Plans the items of FROM or USING.
  void from(int clause, Scope scope) {
    List<Walk.Step> steps = new ArrayList<>();
    for (int child = tree.firstChild(clause); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      if (tree.symbol(part) == Symbols.FROM_LIST) {
        for (int item = tree.firstChild(part); item != ParseTree.NONE; item = tree.next(item)) {
          int each = item;
          if (!tree.isLeaf(each)) {
            steps.add(() -> item(each, scope));
          }
        }
      } else if (!tree.isLeaf(part)) {
        steps.add(() -> item(part, scope));
      }
    }
    walk.plan(steps);
  }

  void item(int node, Scope scope) {
    int symbol = tree.symbol(node);
    if (symbol == Symbols.JOINED_TABLE) {
      join(node, scope);
      return;
    }
    int source = node;
    int alias = ParseTree.NONE;
    boolean lateral = false;
    boolean parenthesised = false;
    if (symbol == Symbols.TABLE_REF) {
      source = ParseTree.NONE;
      for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
        int part = tree.symbol(child);
        if (part == Symbols.LATERAL) {
          lateral = true;
        } else if (part == Symbols.OPEN) {
          parenthesised = true;
        } else if (part == Symbols.ALIAS_CLAUSE || part == Symbols.FUNC_ALIAS_CLAUSE) {
          alias = child;
        } else if (part == Symbols.TABLESAMPLE_CLAUSE) {
          tableSample(child, scope);
        } else if (!tree.isLeaf(child)) {
          source = child;
        }
      }
    }
    sourceItem(source, alias, lateral, parenthesised, scope);
  }

  private void sourceItem(
      int source, int alias, boolean lateral, boolean parenthesised, Scope scope) {
    int symbol = tree.symbol(source);
    if (parenthesised && symbol == Symbols.JOINED_TABLE) {
      walk.plan(
          () -> join(source, scope),
          () -> {
            if (alias != ParseTree.NONE) {
              Columns joined = scope.takeVisible();
              Columns named = aliased(joined, alias);
              scope.addVisible(named);
              scope.addName(new Scope.Item("", aliasName(alias), named, false));
            }
          });
    } else if (symbol == Symbols.QUALIFIED_NAME || symbol == Symbols.EXTENDED_RELATION_EXPR) {
      relationItem(source, alias, scope);
    } else if (isQuery(symbol)) {
      QueryResult result = new QueryResult();
      Scope around = lateral ? scope : scope.beside();
      walk.plan(
          () -> query(source, around, result),
          () -> {
            Columns columns = aliased(result.asColumns(), alias);
            scope.add(new Scope.Item("", aliasName(alias), columns, false));
          });
    } else {
      functionItem(source, alias, scope);
    }
  }

  private void tableSample(int clause, Scope scope) {
    int name = tree.child(clause, Symbols.FUNC_NAME);
    if (name != ParseTree.NONE) {
      String method = walk.nameParts(name).getLast();
      if (!method.equals("system") && !method.equals("bernoulli")) {
        walk.facts.function(new FunctionUse(method, false));
      }
    }
    walk.plan(() -> expressions.uses(clause, scope, Use.PREDICATE));
  }

  private String aliasName(int alias) {
    if (alias == ParseTree.NONE) {
      return "";
    }
    for (int child = tree.firstChild(alias); child != ParseTree.NONE; child = tree.next(child)) {
      int symbol = tree.symbol(child);
      if (symbol == Symbols.ALIAS_CLAUSE) {
        return aliasName(child);
      }
      if (symbol == Symbols.OPEN) {
        return "";
      }
      if (symbol != Symbols.AS) {
        return tree.text(tree.firstLeaf(child));
      }
    }
    return "";
  }

  /// Names of the columns that an alias gives: `AS t(a, b)`, `AS t(a int, b text)`.
  private List<String> aliasColumns(int alias) {
    List<String> names = new ArrayList<>();
    IntStack todo = new IntStack();
    if (alias != ParseTree.NONE) {
      walk.pushChildren(todo, alias, 0);
    }
    boolean inside = false;
    while (!todo.isEmpty()) {
      int node = todo.pop();
      int symbol = tree.symbol(node);
      if (symbol == Symbols.OPEN) {
        inside = true;
      } else if (symbol == Symbols.NAME || symbol == Symbols.TABLE_FUNC_ELEMENT) {
        if (inside) {
          names.add(tree.text(tree.firstLeaf(node)));
        }
      } else if (!tree.isLeaf(node)) {
        walk.pushChildren(todo, node, 0);
      }
    }
    return names;
  }

  private Columns aliased(Columns columns, int alias) {
    List<String> names = aliasColumns(alias);
    return names.isEmpty()
        ? columns
        : new Columns.Listed(renamed(columns.all(), names), columns.open());
  }

  /// A table, view or common table expression.
  private void relationItem(int node, int alias, Scope scope) {
    int nameNode = node;
    boolean only = false;
    if (tree.symbol(node) == Symbols.EXTENDED_RELATION_EXPR) {
      only = tree.child(node, Symbols.ONLY) != ParseTree.NONE;
      nameNode = tree.child(node, Symbols.QUALIFIED_NAME);
    }
    List<String> parts = walk.nameParts(nameNode);
    String name = parts.getLast();
    String aliasName = alias == ParseTree.NONE ? name : aliasName(alias);
    if (parts.size() == 1) {
      Scope.Cte cte = scope.cte(name);
      if (cte != null) {
        if (!cte.ready) {
          expressions.unresolved(nameNode, "a common table expression that stands further behind");
        }
        Columns columns = aliased(cte.result.asColumns(), alias);
        scope.add(new Scope.Item("", aliasName, columns, false));
        return;
      }
    }
    Optional<Relation> found = lookup(parts);
    if (found.isEmpty()) {
      expressions.unresolved(nameNode, "a relation that the catalog does not know");
      walk.facts.relation(unknownName(parts), false, READING, null);
      scope.add(new Scope.Item("", aliasName, new Columns.Listed(List.of(), true), true));
      return;
    }
    RelationColumns columns = relation(found.get(), only, false, READING, nameNode);
    String schema = alias == ParseTree.NONE ? found.get().name().schema() : "";
    scope.add(
        new Scope.Item(schema, aliasName, aliased(new Columns.OfRelation(columns), alias), true));
  }

  Optional<Relation> lookup(List<String> parts) {
    return parts.size() == 1
        ? walk.names.relation(parts.getFirst())
        : walk.names.relation(parts.get(parts.size() - 2), parts.getLast());
  }

  static RelationName unknownName(List<String> parts) {
    return new RelationName(parts.size() == 1 ? "" : parts.get(parts.size() - 2), parts.getLast());
  }

  /// Notes the use of a relation and of what stands behind it.
  RelationColumns relation(Relation relation, boolean only, boolean writes, Verb verb, int node) {
    walk.facts.relation(relation.name(), writes, verb, null);
    List<Relation> descendants =
        only ? List.of() : walk.names.catalog().descendants(relation.name());
    for (Relation descendant : descendants) {
      walk.facts.relation(descendant.name(), writes, verb, relation.name());
    }
    List<Relation> ancestors = walk.names.catalog().ancestors(relation);
    for (Relation ancestor : ancestors) {
      walk.facts.relation(ancestor.name(), false, verb, relation.name());
    }
    if (writes && relation.rules()) {
      walk.facts.flag(Flag.OPAQUE_CODE);
    }
    hiddenCode(relation, writes, verb);
    descendants.forEach(descendant -> hiddenCode(descendant, writes, verb));
    ViewExpansion view = null;
    if (relation.definition().isPresent()) {
      view = walk.views.expand(relation);
      if (view.status() != FactsStatus.OK) {
        walk.facts.trouble(
            view.status(), tree.start(node), "a view whose definition is not fully understood");
      }
      for (RelationName base : view.relations()) {
        walk.facts.relation(base, writes, verb, relation.name());
        walk.names.catalog().relation(base).ifPresent(behind -> hiddenCode(behind, writes, verb));
      }
      view.functions().forEach(walk.facts::function);
    }
    return new RelationColumns(walk.facts, relation, verb, descendants, ancestors, view);
  }

  /// Notes the functions that reading or writing rows of a relation runs without naming them.
  private void hiddenCode(Relation relation, boolean writes, Verb verb) {
    for (String function : relation.hiddenCode().onRead()) {
      walk.facts.function(new FunctionUse(function, HarmlessFunctions.contains(function)));
    }
    if (writes && CHANGING_ROWS.contains(verb)) {
      for (String function : relation.hiddenCode().onWrite()) {
        walk.facts.function(new FunctionUse(function, HarmlessFunctions.contains(function)));
      }
    }
  }

  /// A function, several of them, XMLTABLE or JSON_TABLE.
  private void functionItem(int node, int alias, Scope scope) {
    List<OutputColumn.Source> sources = new ArrayList<>();
    List<String> names = new ArrayList<>();
    boolean open = false;
    IntStack todo = new IntStack();
    todo.push(node, 0);
    while (!todo.isEmpty()) {
      int next = todo.pop();
      int symbol = tree.symbol(next);
      if (symbol == Symbols.FUNC_APPLICATION) {
        open |= functionColumns(next, names);
      } else if (symbol == Symbols.XMLTABLE_COLUMN_EL
          || symbol == Symbols.JSON_TABLE_COLUMN_DEFINITION) {
        names.add(tree.text(tree.firstLeaf(next)));
        walk.pushChildren(todo, next, 0);
      } else if (symbol == Symbols.OPT_COL_DEF_LIST) {
        names.addAll(aliasColumns(next));
      } else if (symbol == Symbols.OPT_ORDINALITY) {
        names.add("ordinality");
      } else if (!tree.isLeaf(next)) {
        walk.pushChildren(todo, next, 0);
      }
    }
    if (node != ParseTree.NONE) {
      expressions.arguments(node, scope, sources);
    }
    boolean mayHaveMore = open;
    walk.plan(() -> {
      String aliasName = aliasName(alias);
      List<String> given = aliasColumns(alias);
      int count = Math.max(names.size(), given.size());
      List<OutputColumn> columns = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        String name = i < given.size() ? given.get(i) : names.get(i);
        columns.add(new OutputColumn(name, sources, 0));
      }
      if (given.isEmpty() && !aliasName.isEmpty()) {
        // A function of one column lends it its alias.
        columns.add(new OutputColumn(aliasName, sources, 0));
      }
      String itemName = aliasName.isEmpty() && !names.isEmpty() ? names.getFirst() : aliasName;
      scope.add(new Scope.Item("", itemName, new Columns.Listed(columns, mayHaveMore), false));
    });
  }

  /// Adds the columns that a function returns.
  ///
  /// @return whether there may be others
  private boolean functionColumns(int application, List<String> names) {
    int nameNode = tree.child(application, Symbols.FUNC_NAME);
    if (nameNode == ParseTree.NONE) {
      return true;
    }
    List<String> parts = walk.nameParts(nameNode);
    Optional<String> schema =
        parts.size() > 1 ? Optional.of(parts.get(parts.size() - 2)) : Optional.empty();
    boolean open = false;
    boolean single = false;
    List<String> outputs = List.of();
    for (Function function : walk.names.functions(schema, parts.getLast())) {
      single |= function.outputs().isEmpty();
      outputs = function.outputs().size() > outputs.size() ? function.outputs() : outputs;
      open |= !HarmlessFunctions.contains(function.qualifiedName());
    }
    if (single || outputs.isEmpty()) {
      names.add(parts.getLast());
    }
    names.addAll(outputs);
    return open;
  }

  private void join(int node, Scope scope) {
    List<Walk.Step> steps = new ArrayList<>();
    int operands = 0;
    boolean natural = false;
    boolean full = false;
    boolean pending = false;
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      int part = child;
      int symbol = tree.symbol(part);
      if (symbol == Symbols.OPEN || symbol == Symbols.CLOSE) {
        continue;
      }
      if (symbol == Symbols.NATURAL) {
        natural = true;
      } else if (symbol == Symbols.JOIN_TYPE) {
        full |= tree.child(part, Symbols.FULL) != ParseTree.NONE;
      } else if (symbol == Symbols.FULL) {
        full = true;
      } else if (symbol == Symbols.JOIN_QUAL) {
        boolean wasFull = full;
        steps.add(() -> qualify(part, scope, wasFull));
        pending = false;
        natural = false;
        full = false;
      } else if (!tree.isLeaf(part)) {
        if (pending) {
          steps.add(() -> crossJoin(scope));
          pending = false;
        }
        steps.add(() -> item(part, scope));
        operands++;
        if (operands > 1) {
          if (natural) {
            boolean wasFull = full;
            steps.add(() -> naturalJoin(scope, wasFull));
            natural = false;
            full = false;
          } else {
            pending = true;
          }
        }
      }
    }
    if (pending) {
      steps.add(() -> crossJoin(scope));
    }
    walk.plan(steps);
  }

  private static void crossJoin(Scope scope) {
    Columns right = scope.takeVisible();
    Columns left = scope.takeVisible();
    scope.addVisible(new Columns.Joined(left, right, List.of()));
  }

  private static void naturalJoin(Scope scope, boolean full) {
    Columns right = scope.takeVisible();
    Columns left = scope.takeVisible();
    List<OutputColumn> merged = new ArrayList<>();
    for (OutputColumn column : left.all()) {
      OutputColumn other = right.find(column.name());
      if (other != null) {
        merged.add(mergedByJoin(column, other, full));
      }
    }
    scope.addVisible(new Columns.Joined(left, right, merged));
  }

  private static OutputColumn mergedByJoin(OutputColumn left, OutputColumn right, boolean full) {
    left.use(Use.JOIN);
    right.use(Use.JOIN);
    return OutputColumn.merged(left, right, full);
  }

  private void qualify(int qualifier, Scope scope, boolean full) {
    int first = tree.firstChild(qualifier);
    if (tree.symbol(first) != Symbols.USING) {
      walk.plan(() -> expressions.uses(qualifier, scope, Use.JOIN), () -> crossJoin(scope));
      return;
    }
    Columns right = scope.takeVisible();
    Columns left = scope.takeVisible();
    int alias = tree.child(qualifier, Symbols.OPT_ALIAS_CLAUSE_FOR_JOIN_USING);
    List<OutputColumn> merged = new ArrayList<>();
    for (int child = tree.next(first);
        child != ParseTree.NONE && child != alias;
        child = tree.next(child)) {
      if (Walk.isPunctuation(tree.symbol(child))) {
        continue;
      }
      for (String name : walk.nameList(child)) {
        OutputColumn inLeft = left.find(name);
        OutputColumn inRight = right.find(name);
        if (inLeft != null && inRight != null) {
          merged.add(mergedByJoin(inLeft, inRight, full));
        } else if (!left.open() && !right.open()) {
          expressions.unresolved(child, "a column that the catalog does not know");
        }
      }
    }
    scope.addVisible(new Columns.Joined(left, right, merged));
    if (alias != ParseTree.NONE) {
      scope.addName(new Scope.Item("", aliasName(alias), new Columns.Listed(merged, false), false));
    }
  }
}
