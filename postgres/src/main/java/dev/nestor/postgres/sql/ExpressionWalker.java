package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks expressions: which columns they use and how, which functions they call.
///
/// The walk is independent of what an expression means: a column, function or sub-query is found
/// wherever the grammar can place one.
final class ExpressionWalker {
  /// Object id of the type text, whose cast to itself keeps a column's origin.
  private static final int TEXT_TYPE = 25;

  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

  // State of the walk at a node: a bit for each use, and these.
  private static final int BARE = 1 << 30;
  private static final int CAST_TO_TEXT = 1 << 29;
  private static final int USES = (1 << 16) - 1;

  private static final int PROBING =
      bit(Use.PREDICATE) | bit(Use.JOIN) | bit(Use.GROUP) | bit(Use.ORDER);
  private static final Use[] ALL_USES = Use.values();

  private final Walk walk;
  private final ParseTree tree;
  private final QueryWalker queries;

  /// Whether plain names of columns may be unknown: definitions name columns that do not exist yet.
  boolean lenient;

  ExpressionWalker(Walk walk, QueryWalker queries) {
    this.walk = walk;
    this.tree = walk.tree;
    this.queries = queries;
  }

  @SuppressWarnings("EnumOrdinal") // positions in a bit set that lives as long as one walk
  static int bit(Use use) {
    return 1 << use.ordinal();
  }

  /// Walks an expression whose value decides something.
  void uses(int node, Scope scope, Use use) {
    walk(node, scope, bit(use), null);
  }

  /// Walks an expression whose value goes to `sources`, as it is where that is all there is to it.
  void value(int node, Scope scope, List<OutputColumn.Source> sources) {
    walk(node, scope, BARE, sources);
  }

  /// Walks an expression whose value goes to `sources` and loses its origin on the way.
  void computedValue(int node, Scope scope, List<OutputColumn.Source> sources) {
    walk(node, scope, 0, sources);
  }

  /// Walks the arguments of what stands in FROM.
  void arguments(int node, Scope scope, List<OutputColumn.Source> sources) {
    walk(node, scope, bit(Use.ARGUMENT), sources);
  }

  private void walk(
      int root, Scope scope, int rootState, @Nullable List<OutputColumn.Source> sink) {
    if (tree.isLeaf(root)) {
      return;
    }
    IntStack todo = new IntStack();
    todo.push(root, rootState);
    while (!todo.isEmpty()) {
      int node = todo.pop();
      int state = todo.state();
      int symbol = tree.symbol(node);
      if (tree.isLeaf(node)) {
        operator(node, symbol);
      } else if (symbol == Symbols.COLUMNREF) {
        columnReference(node, scope, state, sink, todo);
      } else if (symbol == Symbols.SELECT_WITH_PARENS
          || symbol == Symbols.SELECT_NO_PARENS
          || symbol == Symbols.SIMPLE_SELECT) {
        subQuery(node, scope, state, sink);
      } else if (symbol == Symbols.FUNC_APPLICATION) {
        call(node);
        walk.pushChildren(todo, node, argument(state));
      } else if (symbol == Symbols.C_EXPR) {
        primary(node, scope, state, sink, todo);
      } else if (symbol == Symbols.A_EXPR || symbol == Symbols.B_EXPR) {
        operation(node, state, todo);
      } else if (symbol == Symbols.CASE_EXPR) {
        walk.pushChildren(todo, node, computed(state) | bit(Use.PREDICATE));
      } else if (symbol == Symbols.FILTER_CLAUSE) {
        walk.pushChildren(todo, node, bit(Use.PREDICATE));
      } else if (symbol == Symbols.OPT_PARTITION_CLAUSE) {
        walk.pushChildren(todo, node, computed(state) | bit(Use.GROUP));
      } else if (symbol == Symbols.SORT_CLAUSE) {
        walk.pushChildren(todo, node, computed(state) | bit(Use.ORDER));
      } else if (symbol == Symbols.QUAL_OP
          || symbol == Symbols.QUAL_ALL_OP
          || symbol == Symbols.SUBQUERY_OP) {
        qualifiedOperator(node);
      } else if (symbol != Symbols.FUNC_NAME) {
        walk.pushChildren(todo, node, computed(state));
      }
    }
  }

  private static int computed(int state) {
    return state & USES;
  }

  private static int argument(int state) {
    return computed(state) | bit(Use.ARGUMENT);
  }

  /// Parentheses, EXISTS, fields of a composite value.
  private void primary(
      int node, Scope scope, int state, @Nullable List<OutputColumn.Source> sink, IntStack todo) {
    int first = tree.firstChild(node);
    if (tree.symbol(first) == Symbols.EXISTS) {
      walk.plan(() -> queries.query(tree.next(first), scope, new QueryResult()));
      return;
    }
    boolean parenthesised = tree.symbol(first) == Symbols.OPEN;
    int inner = parenthesised ? tree.next(first) : first;
    int behind = tree.child(node, Symbols.OPT_INDIRECTION);
    if (behind == ParseTree.NONE) {
      walk.pushChildren(todo, node, parenthesised ? state : computed(state));
      return;
    }
    int field = tree.firstChild(behind);
    String fieldName = fieldName(field);
    if (parenthesised && fieldName != null && tree.symbol(inner) == Symbols.COLUMNREF) {
      Scope.Item item = wholeRow(walk.nameParts(inner), scope);
      OutputColumn column = item == null ? null : item.columns().find(fieldName);
      if (column != null) {
        deliver(column, tree.next(field) == ParseTree.NONE ? state : computed(state), sink);
        fieldFunctions(behind, true);
        todo.push(behind, computed(state));
        return;
      }
    }
    fieldFunctions(behind, false);
    walk.pushChildren(todo, node, argument(state));
  }

  /// `(value).name` calls a function where the value has no field of that name. Which fields a
  /// value has is not always known here, so every function that could be meant is noted.
  ///
  /// @param skipFirst whether the first name is known to be a field
  private void fieldFunctions(int indirection, boolean skipFirst) {
    boolean skip = skipFirst;
    IntStack todo = new IntStack();
    todo.push(indirection, 0);
    while (!todo.isEmpty()) {
      int node = todo.pop();
      int symbol = tree.symbol(node);
      if (symbol == Symbols.ATTR_NAME) {
        if (!skip) {
          fieldFunction(tree.text(tree.firstLeaf(node)));
        }
        skip = false;
      } else if (symbol == Symbols.INDIRECTION_EL
          || symbol == Symbols.INDIRECTION
          || symbol == Symbols.OPT_INDIRECTION) {
        if (tree.symbol(tree.firstChild(node)) == Symbols.OPEN_BRACKET) {
          skip = false;
        } else {
          walk.pushChildren(todo, node, 0);
        }
      }
    }
  }

  private void fieldFunction(String name) {
    for (Function candidate : walk.names.functions(Optional.empty(), name)) {
      String qualified = candidate.qualifiedName();
      if (!HarmlessFunctions.contains(qualified)) {
        walk.facts.function(new FunctionUse(qualified, false));
      }
    }
  }

  /// The name of `.name`, or null for a star or subscript.
  private @Nullable String fieldName(int element) {
    int attribute = tree.child(element, Symbols.ATTR_NAME);
    return attribute == ParseTree.NONE ? null : tree.text(tree.firstLeaf(attribute));
  }

  /// Operators and casts.
  private void operation(int node, int state, IntStack todo) {
    int first = tree.firstChild(node);
    int second = tree.next(first);
    if (second != ParseTree.NONE && tree.symbol(second) == Symbols.TYPECAST) {
      boolean toText = true;
      for (int child = second; child != ParseTree.NONE; child = tree.next(child)) {
        if (tree.symbol(child) != Symbols.TYPECAST) {
          toText &= isText(child);
          todo.push(child, computed(state));
        }
      }
      todo.push(first, toText ? state | CAST_TO_TEXT : computed(state));
      return;
    }
    walk.pushChildren(todo, node, (state & PROBING) != 0 ? computed(state) : argument(state));
  }

  private boolean isText(int typeName) {
    int leaf = tree.firstLeaf(typeName);
    return tree.text(leaf).equals("text")
        && tree.start(leaf) == tree.start(typeName)
        && tree.end(leaf) == tree.end(typeName);
  }

  private void subQuery(
      int node, Scope scope, int state, @Nullable List<OutputColumn.Source> sink) {
    QueryResult result = new QueryResult();
    walk.plan(
        () -> queries.query(node, scope, result),
        () -> {
          for (OutputColumn column : result.columns) {
            deliver(column, computed(state), sink);
          }
        });
  }

  private void deliver(OutputColumn column, int state, @Nullable List<OutputColumn.Source> sink) {
    column.use(Use.READ);
    if ((state & USES) != 0) {
      for (Use use : ALL_USES) {
        if ((state & bit(use)) != 0) {
          column.use(use);
        }
      }
    }
    if (sink != null) {
      boolean bare =
          (state & BARE) != 0 && ((state & CAST_TO_TEXT) == 0 || column.type() == TEXT_TYPE);
      OutputColumn.addAll(sink, column.sources(), !bare);
    }
  }

  private void columnReference(
      int node, Scope scope, int state, @Nullable List<OutputColumn.Source> sink, IntStack todo) {
    boolean plain = true;
    for (int child = tree.next(tree.firstChild(node));
        child != ParseTree.NONE;
        child = tree.next(child)) {
      plain &= subscripts(child, state, todo);
    }
    int ownState = plain ? state : argument(state);
    List<String> parts = walk.nameParts(node);
    if (endsWithStar(node)) {
      Scope.Item item = starItem(parts, scope, node);
      if (item != null) {
        deliverWholeRow(item, ownState, sink);
      }
      return;
    }
    OutputColumn column = find(parts, scope);
    if (column != null) {
      deliver(column, ownState, sink);
      return;
    }
    Scope.Item row = wholeRow(parts, scope);
    if (row != null) {
      deliverWholeRow(row, ownState, sink);
    } else {
      missingColumn(parts, scope, node, sink);
    }
  }

  /// Plans the subscripts behind a name.
  ///
  /// @return whether there are none
  private boolean subscripts(int indirection, int state, IntStack todo) {
    boolean none = true;
    IntStack elements = new IntStack();
    elements.push(indirection, 0);
    while (!elements.isEmpty()) {
      int element = elements.pop();
      if (tree.symbol(element) == Symbols.INDIRECTION_EL) {
        if (tree.symbol(tree.firstChild(element)) == Symbols.OPEN_BRACKET) {
          walk.pushChildren(todo, element, argument(state));
          none = false;
        } else if (!none) {
          fieldFunctions(element, false);
        }
      } else {
        walk.pushChildren(elements, element, 0);
      }
    }
    return none;
  }

  boolean endsWithStar(int columnReference) {
    int last = columnReference;
    while (!tree.isLeaf(last)) {
      last = tree.lastChild(last);
    }
    return tree.symbol(last) == Symbols.STAR;
  }

  /// The item of FROM that `name.*` means; null, and trouble, if there is none.
  Scope.@Nullable Item starItem(List<String> parts, Scope scope, int node) {
    Scope.Item item = wholeRow(parts, scope);
    if (item == null) {
      unresolved(node, "a relation that is not in FROM");
    }
    return item;
  }

  private static Scope.@Nullable Item wholeRow(List<String> parts, Scope scope) {
    return switch (parts.size()) {
      case 1 -> scope.item(parts.get(0));
      case 2 -> scope.item(parts.get(0), parts.get(1));
      case 3 -> scope.item(parts.get(1), parts.get(2));
      default -> null;
    };
  }

  private void deliverWholeRow(
      Scope.Item item, int state, @Nullable List<OutputColumn.Source> sink) {
    walk.facts.flag(Flag.WHOLE_ROW);
    for (OutputColumn column : item.columns().all()) {
      column.use(Use.STAR);
      deliver(column, computed(state), sink);
    }
  }

  /// The column that a name means, or null.
  @Nullable OutputColumn find(List<String> parts, Scope scope) {
    Scope.Item item =
        switch (parts.size()) {
          case 2 -> scope.item(parts.get(0));
          case 3 -> scope.item(parts.get(0), parts.get(1));
          case 4 -> scope.item(parts.get(1), parts.get(2));
          default -> null;
        };
    String name = parts.getLast();
    if (parts.size() > 1) {
      return item == null ? null : item.columns().find(name);
    }
    for (Scope at = scope; at != null; at = at.outer) {
      OutputColumn found = null;
      for (Columns columns : at.visible()) {
        OutputColumn next = columns.find(name);
        if (next != null) {
          found = found == null ? next : OutputColumn.merged(found, next, false);
        }
      }
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// A name that stands for no column that is known.
  private void missingColumn(
      List<String> parts, Scope scope, int node, @Nullable List<OutputColumn.Source> sink) {
    String name = parts.getLast();
    Scope.Item named = parts.size() == 2 ? scope.item(parts.get(0)) : null;
    boolean found = false;
    for (Scope at = scope; at != null && !found; at = at.outer) {
      for (Scope.Item item : at.items()) {
        boolean asked = parts.size() == 1 || item.equals(named);
        if (asked && item.relation() && SYSTEM_COLUMNS.contains(name)) {
          found = true;
        } else if (asked && item.columns().open()) {
          found = true;
          fieldFunction(name);
          for (OutputColumn column : item.columns().all()) {
            deliver(column, 0, sink);
          }
        }
      }
    }
    // A qualified name that is no column can be the call of a function, so it is never excused.
    boolean excused = lenient && parts.size() == 1;
    if (!found && !excused) {
      unresolved(node, "a column that the catalog does not know");
    }
  }

  void unresolved(int node, String message) {
    walk.facts.trouble(FactsStatus.UNRESOLVED, tree.start(node), message);
  }

  /// An operator may be somebody's own.
  private void operator(int leaf, int symbol) {
    if (symbol == Symbols.OP
        || (symbol < Grammar.get().terminals && tree.end(leaf) - tree.start(leaf) == 1)) {
      String text = tree.text(leaf);
      if (walk.names.catalog().hasUserOperator(text)) {
        walk.facts.function(new FunctionUse("operator " + text, false));
      }
    }
  }

  /// `OPERATOR(schema.+)`.
  private void qualifiedOperator(int node) {
    int inner = tree.child(node, Symbols.ANY_OPERATOR);
    List<String> parts = walk.nameList(inner == ParseTree.NONE ? node : inner);
    String operator = parts.getLast();
    boolean own =
        inner != ParseTree.NONE
            ? !parts.getFirst().equals("pg_catalog")
            : walk.names.catalog().hasUserOperator(operator);
    if (own) {
      walk.facts.function(new FunctionUse("operator " + operator, false));
    }
  }

  /// Notes the function of a call.
  void call(int application) {
    int nameNode = tree.child(application, Symbols.FUNC_NAME);
    if (nameNode != ParseTree.NONE) {
      function(nameNode, application);
    }
  }

  /// Notes a function by its name.
  ///
  /// @return those that it may be
  List<Function> function(int nameNode, int application) {
    List<String> parts = walk.nameParts(nameNode);
    String name = parts.getLast();
    Optional<String> schema =
        parts.size() > 1 ? Optional.of(parts.get(parts.size() - 2)) : Optional.empty();
    if (schema.isEmpty() && !walk.names.certain()) {
      unresolved(nameNode, "a function without a schema while the search path is not known");
    }
    List<Function> candidates = walk.names.functions(schema, name);
    if (candidates.isEmpty()) {
      unresolved(nameNode, "a function that the catalog does not know");
      walk.facts.function(new FunctionUse(String.join(".", parts), false));
    }
    for (Function candidate : candidates) {
      String qualified = candidate.qualifiedName();
      if (qualified.equals("pg_catalog.set_config")) {
        setConfig(application);
      } else {
        walk.facts.function(new FunctionUse(qualified, HarmlessFunctions.contains(qualified)));
      }
    }
    return candidates;
  }

  /// `set_config` is SET in another dress.
  private void setConfig(int application) {
    int arguments = tree.child(application, Symbols.FUNC_ARG_LIST);
    int first = arguments == ParseTree.NONE ? ParseTree.NONE : tree.firstChild(arguments);
    if (first == ParseTree.NONE || tree.symbol(first) != Symbols.SCONST) {
      walk.facts.function(new FunctionUse("pg_catalog.set_config", false));
      walk.facts.flag(Flag.MEANING);
      return;
    }
    walk.facts.verb(Verb.SET);
    StatementWalker.setting(walk.facts, tree.text(first));
  }

  /// Walks a term of ORDER BY or GROUP BY, which may name an output or give its position.
  void term(int node, Scope scope, QueryResult result, Use use, boolean outputFirst) {
    if (tree.isLeaf(node)) {
      if (tree.symbol(node) == Symbols.ICONST) {
        int position = position(tree.text(node));
        if (position >= 1 && position <= result.columns.size()) {
          result.columns.get(position - 1).use(use);
        } else {
          result.use(use);
        }
      }
      return;
    }
    if (tree.symbol(node) == Symbols.COLUMNREF) {
      List<String> parts = walk.nameParts(node);
      if (parts.size() == 1 && !endsWithStar(node)) {
        OutputColumn input = outputFirst ? null : find(parts, scope);
        OutputColumn output = input != null ? null : result.asColumns().find(parts.getFirst());
        if (output != null) {
          output.use(use);
          return;
        }
      }
    }
    uses(node, scope, use);
  }

  private static int position(String digits) {
    try {
      return Integer.parseInt(digits.replace("_", ""));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// The output columns of one element of a target list.
  void target(int element, Scope scope, QueryResult result) {
    int first = tree.firstChild(element);
    if (tree.symbol(first) == Symbols.STAR) {
      for (Columns columns : scope.visible()) {
        star(columns, result);
      }
      return;
    }
    if (tree.symbol(first) == Symbols.COLUMNREF && endsWithStar(first)) {
      Scope.Item item = starItem(walk.nameParts(first), scope, first);
      if (item != null) {
        star(item.columns(), result);
      }
      return;
    }
    List<OutputColumn> fields = rowFields(first, scope);
    if (fields != null) {
      star(new Columns.Listed(fields, false), result);
      return;
    }
    List<OutputColumn.Source> sources = new ArrayList<>(2);
    int type = 0;
    String name = outputName(element, first);
    if (tree.symbol(first) == Symbols.COLUMNREF) {
      OutputColumn direct = find(walk.nameParts(first), scope);
      type = direct == null ? 0 : direct.type();
    }
    result.columns.add(new OutputColumn(name, sources, type));
    value(first, scope, sources);
  }

  private void star(Columns columns, QueryResult result) {
    for (OutputColumn column : columns.all()) {
      column.use(Use.STAR);
      result.columns.add(column);
    }
    result.open |= columns.open();
  }

  /// The columns of `(item).*`, or null if this is no such thing.
  private @Nullable List<OutputColumn> rowFields(int node, Scope scope) {
    if (tree.symbol(node) != Symbols.C_EXPR || !endsWithStar(node)) {
      return null;
    }
    int open = tree.firstChild(node);
    int inner = tree.next(open);
    if (tree.symbol(open) != Symbols.OPEN
        || inner == ParseTree.NONE
        || tree.symbol(inner) != Symbols.COLUMNREF) {
      return null;
    }
    Scope.Item item = wholeRow(walk.nameParts(inner), scope);
    return item == null ? null : item.columns().all();
  }

  private String outputName(int element, int expression) {
    int last = tree.lastChild(element);
    if (last != expression) {
      return tree.text(tree.firstLeaf(last));
    }
    int symbol = tree.symbol(expression);
    if (symbol == Symbols.COLUMNREF) {
      return walk.nameParts(expression).getLast();
    }
    if (symbol == Symbols.C_EXPR) {
      int behind = tree.child(expression, Symbols.OPT_INDIRECTION);
      if (behind != ParseTree.NONE) {
        List<String> parts = walk.nameParts(behind);
        return parts.isEmpty() ? "" : parts.getLast();
      }
      int inner = tree.next(tree.firstChild(expression));
      return inner != ParseTree.NONE && tree.symbol(inner) == Symbols.COLUMNREF
          ? walk.nameParts(inner).getLast()
          : "";
    }
    if (symbol == Symbols.FUNC_EXPR) {
      int application = tree.child(expression, Symbols.FUNC_APPLICATION);
      int nameNode =
          application == ParseTree.NONE
              ? ParseTree.NONE
              : tree.child(application, Symbols.FUNC_NAME);
      return nameNode == ParseTree.NONE ? "" : walk.nameParts(nameNode).getLast();
    }
    if (symbol == Symbols.CASE_EXPR) {
      return "case";
    }
    if (symbol == Symbols.A_EXPR) {
      int first = tree.firstChild(expression);
      int second = tree.next(first);
      if (second != ParseTree.NONE
          && tree.symbol(second) == Symbols.TYPECAST
          && tree.symbol(first) == Symbols.COLUMNREF) {
        return walk.nameParts(first).getLast();
      }
    }
    return tree.isLeaf(expression) ? "" : tree.text(tree.firstLeaf(expression));
  }
}
