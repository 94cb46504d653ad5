package dev.nestor.policy;

import dev.cel.common.types.CelKind;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.HarmlessFunctions;
import dev.nestor.postgres.sql.Use;
import dev.nestor.postgres.sql.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The words that policies are made of, as a page of the documentation: `docs/policy-tables.md` is
/// this text, and a test fails when it is not.
public final class PolicyTables {
  private PolicyTables() {}

  /// The page in Markdown.
  public static String markdown() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Words of a policy

        Made from the code by the test `PolicyTablesTest`; not to be edited by hand. What a policy is and how \
        its rules work together is told in the documentation of the policy file.

        ## Verbs (`verb`)

        A statement has a verb of its own and those of the statements inside it: `EXPLAIN ANALYZE DELETE …` \
        has `explain` and `delete`, `COPY … TO` has `copy` and `select`, `SELECT set_config(…)` has `select` \
        and `set`. Grants must cover all of them. `any` means every verb. `rollback`, `deallocate`, `close` and \
        `unlisten` are always allowed, because otherwise a client could not leave.

        | verb | the statement |
        |---|---|
        """);
    for (Verb verb : Verb.values()) {
      row(page, verb.word(), verb.meaning());
    }
    page.append(
        """

        ## Flags (`flag`)

        | flag | meaning | a grant must name it |
        |---|---|---|
        """);
    for (Flag flag : Flag.values()) {
      row(page, flag.word(), flag.meaning(), flag.grantedByNameOnly() ? "yes" : "");
    }
    page.append(
        """

        ## Statuses (`status`)

        A grant covers statements with the status `ok`; others only where it lists their status, or `any`. A \
        statement that is `opaque` only because of the functions that it calls is covered where grants name \
        all of these functions.

        | status | the statement is not allowed by itself because |
        |---|---|
        """);
    for (FactsStatus status : FactsStatus.values()) {
      row(page, status.word(), status == FactsStatus.OK ? "" : status.meaning());
    }
    page.append(
        """

        ## Uses of columns

        What `nestor policy explain` prints for each column. `reads` of a rule means every use but `set`; \
        `predicate-on` means those marked.

        | use | meaning | `predicate-on` |
        |---|---|---|
        """);
    for (Use use : Use.values()) {
      row(page, use.word(), use.meaning(), use.probes() ? "yes" : "");
    }
    page.append(
        """

        ## Masks (`mask`)

        A rule with `then: mask` changes values on their way to the client, never on the server: it is \
        redaction on display. Whatever could tell about a masked value without returning it is blocked: a \
        condition, join, order, grouping or argument on a masked column (unless a rule with `then: allow` and \
        `what: { predicate-on: [label] }` opens it), an output that is computed from one, COPY TO, EXPLAIN, \
        SELECT INTO and definitions on a relation that has one. `derived: 'null'` in the rule makes outputs \
        that are computed from a masked column NULL instead, with every other output of the statement that is \
        not a plain column.

        Values stay valid for their type. Digits that go become 0 in numbers, UUIDs and bytes; a hash of a \
        number is a number, of a day a day. A text that is not longer than what would be kept becomes stars. \
        Booleans, times of day and intervals are always their fixed value, JSON and XML a fixed document or \
        one with a hash; arrays are masked element by element; types that PostgreSQL does not bring itself \
        become NULL. NULL stays NULL.

        | mask | what is left of a value |
        |---|---|
        """);
    row(page, "null", "nothing: NULL");
    row(page, "constant", "a fixed value of the type");
    row(
        page,
        "partial",
        "an e-mail address keeps its domain, anything else its last two characters");
    row(page, "hash", "a keyed hash: equal values stay equal within the life of the key");
    row(page, "keep-last-N", "the last N characters, N from 1 to " + MaskForm.KEEP_MAX);
    row(page, "keep-first-N", "the first N characters, N from 1 to " + MaskForm.KEEP_MAX);
    row(page, "format", "letters and digits become others of their kind");
    row(
        page,
        "truncate-year",
        "the start of the year of a day or moment; likewise `truncate-month`, `truncate-day` and"
            + " `truncate-hour`; of anything else a fixed value");
    page.append(
        """

        ## Budgets (`limit`)

        A rule with `then: block` and `limit: { rows: N, bytes: 10MiB, per: … }` counts what is sent to the \
        callers that it means, of the statements that it means: DataRow and CopyData messages, and their bytes \
        as the server sent them. Rows of PostgreSQL's own relations, and values without any relation, do not \
        count. What goes beyond is never sent: a statement is stopped where it is, and the next one is \
        blocked before it runs. Counts are kept in memory; a restart of the gateway begins anew.

        | `per` | counted together |
        |---|---|
        """);
    for (Limit.Per per : Limit.Per.values()) {
      row(page, per.word(), per.meaning());
    }
    page.append(
        """

        ## Variables of a condition (`when`)

        | variable | type | value |
        |---|---|---|
        """);
    for (Condition.Variable variable : Condition.VARIABLES) {
      row(page, variable.name(), type(variable), variable.meaning());
    }
    page.append(
        """

        ## System relations that `class: system` does not cover

        They tell of other people's sessions, of secrets, or of data past the tables that hold it. A rule must \
        name them, as `pg_catalog.pg_stat_activity`.

        """);
    list(page, new TreeSet<>(LeakingRelations.names()));
    page.append(
        """

        The same holds for these columns, which show the source of functions:

        """);
    list(page, new TreeSet<>(LeakingRelations.columns()));
    page.append(
        """

        ## Harmless functions

        They run no code of a user's and reach no further than their arguments and the catalog. Every other \
        function is opaque until a rule names it (`function: [public.price_of]`). Functions that no statement \
        names, because a relation brings them in (triggers, defaults, generated columns, checks, domains, index \
        expressions, row policies), count as if the statement called them.

        """);
    Map<String, List<String>> bySchema = new TreeMap<>();
    for (String name : HarmlessFunctions.names()) {
      int dot = name.indexOf('.');
      bySchema
          .computeIfAbsent(name.substring(0, dot), _ -> new ArrayList<>())
          .add(name.substring(dot + 1));
    }
    bySchema.forEach((schema, names) -> {
      page.append("### ").append(schema).append("\n\n");
      list(page, names);
      page.append('\n');
    });
    return page.toString().stripTrailing() + "\n";
  }

  private static String type(Condition.Variable variable) {
    return variable.type().kind() == CelKind.LIST ? "list of strings" : variable.type().name();
  }

  private static void row(StringBuilder page, String word, String... cells) {
    page.append("| `").append(word).append("` |");
    for (String cell : cells) {
      page.append(' ').append(cell).append(" |");
    }
    page.append('\n');
  }

  private static void list(StringBuilder page, Iterable<String> names) {
    List<String> quoted = new ArrayList<>();
    names.forEach(name -> quoted.add("`" + name + "`"));
    page.append(quoted.stream().collect(Collectors.joining(" "))).append('\n');
  }
}
