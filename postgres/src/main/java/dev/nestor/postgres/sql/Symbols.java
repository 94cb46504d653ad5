package dev.nestor.postgres.sql;

/// The symbols of the grammar that facts are read from, by the names of `gram.y`.
final class Symbols {
  private static final Grammar G = Grammar.get();
  private static final boolean[] KEPT = new boolean[G.symbolCount()];

  static {
    for (int symbol = G.terminals; symbol < G.symbolCount(); symbol++) {
      KEPT[symbol] =
          G.name(symbol).endsWith("Stmt") || G.name(symbol).equals("TransactionStmtLegacy");
    }
    KEPT[of("ExplainableStmt")] = false;
    KEPT[of("PreparableStmt")] = false;
    KEPT[of("SelectStmt")] = false;
    for (String name :
        new String[] {
          "toplevel_stmt",
          "columnref",
          "qualified_name",
          "any_name",
          "func_name",
          "target_el",
          "alias_clause",
          "insert_target",
          "insert_column_item",
          "set_target",
          "sortby",
          "RoleSpec",
          "simple_select",
          "func_expr_common_subexpr",
          "index_elem",
          "columnElem",
          "var_name",
          "name",
          "with_clause",
          "func_application",
          "attr_name",
          "cursor_name",
          "PublicationObjSpec",
        }) {
      KEPT[of(name)] = true;
    }
  }

  static final int DOT = of("'.'");
  static final int STAR = of("'*'");
  static final int OPEN = of("'('");
  static final int CLOSE = of("')'");
  static final int COMMA = of("','");
  static final int OPEN_BRACKET = of("'['");
  static final int EQUALS_SIGN = of("'='");
  static final int IDENT = of("IDENT");
  static final int SCONST = of("SCONST");
  static final int ICONST = of("ICONST");
  static final int FCONST = of("FCONST");
  static final int BCONST = of("BCONST");
  static final int XCONST = of("XCONST");
  static final int USCONST = of("USCONST");
  static final int OP = of("Op");
  static final int TYPECAST = of("TYPECAST");
  static final int SELECT_WORD = of("SELECT");
  static final int TABLE_WORD = of("TABLE");
  static final int AS = of("AS");
  static final int ONLY = of("ONLY");
  static final int LATERAL = of("LATERAL_P");
  static final int RECURSIVE = of("RECURSIVE");
  static final int UNION = of("UNION");
  static final int INTERSECT = of("INTERSECT");
  static final int EXCEPT = of("EXCEPT");
  static final int JOIN_WORD = of("JOIN");
  static final int NATURAL = of("NATURAL");
  static final int USING = of("USING");
  static final int FULL = of("FULL");
  static final int EXISTS = of("EXISTS");
  static final int OPERATOR_WORD = of("OPERATOR");
  static final int WHEN = of("WHEN");
  static final int ALL = of("ALL");
  static final int ANALYZE_WORD = of("ANALYZE");
  static final int ANALYSE_WORD = of("ANALYSE");
  static final int INTO_WORD = of("INTO");
  static final int FROM_WORD = of("FROM");
  static final int TO_WORD = of("TO");
  static final int PROGRAM_WORD = of("PROGRAM");
  static final int STDIN = of("STDIN");
  static final int STDOUT = of("STDOUT");
  static final int CASCADE_WORD = of("CASCADE");
  static final int LOCAL_WORD = of("LOCAL");
  static final int SESSION_WORD = of("SESSION");
  static final int TRANSACTION_WORD = of("TRANSACTION");
  static final int DELETE_WORD = of("DELETE_P");
  static final int ON_WORD = of("ON");
  static final int SCHEMA_WORD = of("SCHEMA");
  static final int PREPARED_WORD = of("PREPARED");
  static final int PREPARE_WORD = of("PREPARE");
  static final int DEFAULT_WORD = of("DEFAULT");
  static final int CURRENT_WORD = of("CURRENT_P");
  static final int VALUES_WORD = of("VALUES");
  static final int SET_WORD = of("SET");
  static final int UPDATE_WORD = of("UPDATE");
  static final int NOTHING_WORD = of("NOTHING");
  static final int PASSWORD_WORD = of("PASSWORD");
  static final int TEMP_WORD = of("TEMP");
  static final int TEMPORARY_WORD = of("TEMPORARY");
  static final int SELECT_WITH_PARENS = of("select_with_parens");
  static final int SELECT_NO_PARENS = of("select_no_parens");
  static final int SIMPLE_SELECT = of("simple_select");
  static final int VALUES_CLAUSE = of("values_clause");
  static final int WITH_CLAUSE = of("with_clause");
  static final int COMMON_TABLE_EXPR = of("common_table_expr");
  static final int TARGET_LIST = of("target_list");
  static final int TARGET_EL = of("target_el");
  static final int COLUMNREF = of("columnref");
  static final int INDIRECTION = of("indirection");
  static final int INDIRECTION_EL = of("indirection_el");
  static final int OPT_INDIRECTION = of("opt_indirection");
  static final int ATTR_NAME = of("attr_name");
  static final int FUNC_APPLICATION = of("func_application");
  static final int FUNC_NAME = of("func_name");
  static final int FUNC_EXPR = of("func_expr");
  static final int FROM_CLAUSE = of("from_clause");
  static final int FROM_LIST = of("from_list");
  static final int TABLE_REF = of("table_ref");
  static final int JOINED_TABLE = of("joined_table");
  static final int JOIN_QUAL = of("join_qual");
  static final int JOIN_TYPE = of("join_type");
  static final int ALIAS_CLAUSE = of("alias_clause");
  static final int FUNC_ALIAS_CLAUSE = of("func_alias_clause");
  static final int OPT_ALIAS_CLAUSE_FOR_JOIN_USING = of("opt_alias_clause_for_join_using");
  static final int EXTENDED_RELATION_EXPR = of("extended_relation_expr");
  static final int RELATION_EXPR_OPT_ALIAS = of("relation_expr_opt_alias");
  static final int QUALIFIED_NAME = of("qualified_name");
  static final int ANY_NAME = of("any_name");
  static final int FUNC_TABLE = of("func_table");
  static final int ROWSFROM_LIST = of("rowsfrom_list");
  static final int ROWSFROM_ITEM = of("rowsfrom_item");
  static final int XMLTABLE = of("xmltable");
  static final int JSON_TABLE = of("json_table");
  static final int WHERE_CLAUSE = of("where_clause");
  static final int WHERE_OR_CURRENT_CLAUSE = of("where_or_current_clause");
  static final int GROUP_CLAUSE = of("group_clause");
  static final int GROUP_BY_LIST = of("group_by_list");
  static final int HAVING_CLAUSE = of("having_clause");
  static final int WINDOW_CLAUSE = of("window_clause");
  static final int WINDOW_SPECIFICATION = of("window_specification");
  static final int OPT_PARTITION_CLAUSE = of("opt_partition_clause");
  static final int SORT_CLAUSE = of("sort_clause");
  static final int SORTBY = of("sortby");
  static final int SORTBY_LIST = of("sortby_list");
  static final int DISTINCT_CLAUSE = of("distinct_clause");
  static final int INTO_CLAUSE = of("into_clause");
  static final int OPT_TEMP_TABLE_NAME = of("OptTempTableName");
  static final int FOR_LOCKING_ITEM = of("for_locking_item");
  static final int FILTER_CLAUSE = of("filter_clause");
  static final int OVER_CLAUSE = of("over_clause");
  static final int CASE_EXPR = of("case_expr");
  static final int WHEN_CLAUSE = of("when_clause");
  static final int WHEN_CLAUSE_LIST = of("when_clause_list");
  static final int A_EXPR = of("a_expr");
  static final int B_EXPR = of("b_expr");
  static final int C_EXPR = of("c_expr");
  static final int TYPENAME = of("Typename");
  static final int GENERIC_TYPE = of("GenericType");
  static final int TABLESAMPLE_CLAUSE = of("tablesample_clause");
  static final int OPT_NAME_LIST = of("opt_name_list");
  static final int NAME_LIST = of("name_list");
  static final int NAME = of("name");
  static final int INSERT_STMT = of("InsertStmt");
  static final int UPDATE_STMT = of("UpdateStmt");
  static final int DELETE_STMT = of("DeleteStmt");
  static final int MERGE_STMT = of("MergeStmt");
  static final int INSERT_TARGET = of("insert_target");
  static final int INSERT_REST = of("insert_rest");
  static final int INSERT_COLUMN_LIST = of("insert_column_list");
  static final int INSERT_COLUMN_ITEM = of("insert_column_item");
  static final int OPT_ON_CONFLICT = of("opt_on_conflict");
  static final int OPT_CONF_EXPR = of("opt_conf_expr");
  static final int SET_CLAUSE_LIST = of("set_clause_list");
  static final int SET_CLAUSE = of("set_clause");
  static final int SET_TARGET = of("set_target");
  static final int SET_TARGET_LIST = of("set_target_list");
  static final int RETURNING_CLAUSE = of("returning_clause");
  static final int RETURNING_WITH_CLAUSE = of("returning_with_clause");
  static final int RETURNING_OPTION = of("returning_option");
  static final int USING_CLAUSE = of("using_clause");
  static final int MERGE_WHEN_LIST = of("merge_when_list");
  static final int MERGE_WHEN_CLAUSE = of("merge_when_clause");
  static final int MERGE_UPDATE = of("merge_update");
  static final int MERGE_INSERT = of("merge_insert");
  static final int MERGE_VALUES_CLAUSE = of("merge_values_clause");
  static final int OPT_MERGE_WHEN_CONDITION = of("opt_merge_when_condition");
  static final int TOPLEVEL_STMT = of("toplevel_stmt");
  static final int STMTMULTI = of("stmtmulti");
  static final int EXPR_LIST = of("expr_list");
  static final int INDEX_ELEM = of("index_elem");
  static final int COLUMN_ELEM = of("columnElem");
  static final int TABLE_FUNC_ELEMENT = of("TableFuncElement");
  static final int TABLE_FUNC_ELEMENT_LIST = of("TableFuncElementList");
  static final int XMLTABLE_COLUMN_EL = of("xmltable_column_el");
  static final int JSON_TABLE_COLUMN_DEFINITION = of("json_table_column_definition");
  static final int OPT_ORDINALITY = of("opt_ordinality");
  static final int OPT_COL_DEF_LIST = of("opt_col_def_list");
  static final int QUAL_OP = of("qual_Op");
  static final int SUBQUERY_OP = of("subquery_Op");
  static final int QUAL_ALL_OP = of("qual_all_Op");
  static final int ANY_OPERATOR = of("any_operator");
  static final int FUNC_ARG_LIST = of("func_arg_list");
  static final int OPT_SEARCH_CLAUSE = of("opt_search_clause");
  static final int OPT_CYCLE_CLAUSE = of("opt_cycle_clause");
  static final int MERGE_WHEN_TGT_MATCHED = of("merge_when_tgt_matched");
  static final int MERGE_WHEN_TGT_NOT_MATCHED = of("merge_when_tgt_not_matched");
  static final int AEXPR_CONST = of("AexprConst");
  static final int ROLE_SPEC = of("RoleSpec");
  static final int VAR_NAME = of("var_name");
  static final int CURSOR_NAME = of("cursor_name");
  static final int OPT_MATERIALIZED = of("opt_materialized");
  static final int RETURNING_OPTIONS = of("returning_options");
  static final int XML_NAMESPACE_LIST = of("xml_namespace_list");
  static final int LIMIT_CLAUSE = of("limit_clause");

  private static final int[] WORD_CLASSES = {
    of("unreserved_keyword"),
    of("col_name_keyword"),
    of("type_func_name_keyword"),
    of("reserved_keyword"),
    of("bare_label_keyword")
  };

  private Symbols() {}

  /// Whether a token is a number, a string or a bit string.
  static boolean isConstant(int symbol) {
    return symbol == SCONST
        || symbol == ICONST
        || symbol == FCONST
        || symbol == BCONST
        || symbol == XCONST
        || symbol == USCONST;
  }

  /// Whether a nonterminal turns a word of the grammar into a name.
  static boolean isWordClass(int symbol) {
    return symbol >= WORD_CLASSES[0] && symbol <= WORD_CLASSES[WORD_CLASSES.length - 1];
  }

  /// Whether a nonterminal has a node even if it has one child or none.
  static boolean kept(int symbol) {
    return KEPT[symbol];
  }

  static int of(String name) {
    return G.symbol(name);
  }
}
