package dev.nestor.proxy.net;

import dev.nestor.proxy.identity.RefusalReason;
import dev.nestor.proxy.identity.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a client may set by its start-up packet: an allow-list. Anything else, also inside
/// `options`, is refused by name, because a setting may change what statements mean.
final class StartupParameters {
  private static final Set<String> CONNECTION = Set.of("user", "database");

  private static final Set<String> SETTINGS =
      Set.of(
          "application_name",
          "client_encoding",
          "datestyle",
          "intervalstyle",
          "timezone",
          "extra_float_digits",
          "client_min_messages",
          "statement_timeout",
          "lock_timeout",
          "idle_in_transaction_session_timeout",
          "default_transaction_read_only",
          "jit");

  private static final Set<String> ENCODINGS =
      Set.of("utf8", "utf-8", "unicode", "sql_ascii", "latin1", "'utf-8'", "'utf8'");

  private StartupParameters() {}

  /// The parameters that go on to the server, beside user and database.
  ///
  /// @throws RefusedException naming the parameter that is not allowed
  static Map<String, String> forServer(Map<String, String> given) throws RefusedException {
    Map<String, String> allowed = new LinkedHashMap<>();
    for (Map.Entry<String, String> parameter : given.entrySet()) {
      String name = parameter.getKey().toLowerCase(Locale.ROOT);
      if (CONNECTION.contains(name) || name.startsWith("_pq_.")) {
        continue;
      }
      if (name.equals("replication")) {
        if (!Set.of("false", "off", "no", "0").contains(parameter.getValue())) {
          throw new RefusedException(
              RefusalReason.REPLICATION, "replication connections are not open here");
        }
        continue;
      }
      if (name.equals("options")) {
        checkOptions(parameter.getValue());
      } else {
        check(name, parameter.getValue());
      }
      allowed.put(parameter.getKey(), parameter.getValue());
    }
    return allowed;
  }

  private static void check(String name, String value) throws RefusedException {
    if (!SETTINGS.contains(name)) {
      throw new RefusedException(
          RefusalReason.PARAMETER,
          "start-up parameter " + printable(name) + " is not allowed here");
    }
    if (name.equals("client_encoding") && !ENCODINGS.contains(value.toLowerCase(Locale.ROOT))) {
      throw new RefusedException(
          RefusalReason.PARAMETER, "client_encoding must be UTF8, LATIN1 or SQL_ASCII here");
    }
  }

  private static void checkOptions(String options) throws RefusedException {
    List<String> words = words(options);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String setting;
      if (word.equals("-c") && i + 1 < words.size()) {
        setting = words.get(++i);
      } else if (word.startsWith("-c")) {
        setting = word.substring(2);
      } else if (word.startsWith("--")) {
        setting = word.substring(2);
      } else {
        throw new RefusedException(
            RefusalReason.PARAMETER, "only -c name=value is allowed in options here");
      }
      int equals = setting.indexOf('=');
      if (equals < 0) {
        throw new RefusedException(RefusalReason.PARAMETER, "options without name=value");
      }
      check(
          setting.substring(0, equals).replace('-', '_').toLowerCase(Locale.ROOT),
          setting.substring(equals + 1));
    }
  }

  /// Splits as PostgreSQL's pg_split_opts: at white space, with a backslash taking the next
  /// character as it is.
  static List<String> words(String options) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < options.length(); i++) {
      char c = options.charAt(i);
      if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
        continue;
      }
      inWord = true;
      if (c == '\\' && i + 1 < options.length()) {
        word.append(options.charAt(++i));
      } else {
        word.append(c);
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static String printable(String name) {
    String bounded = name.length() > 63 ? name.substring(0, 63) : name;
    return bounded.replaceAll("[^A-Za-z0-9_.]", "?");
  }
}
