package dev.nestor.evidence.search;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the query language of the search box. A space means AND; OR, NOT and brackets may be used;
/// a comma between values means any of them; ranges are closed for numbers and half open for time.
public final class QueryParser {
  private static final int LENGTH_MAX = 4_000;
  private static final int DEPTH_MAX = 50;
  private static final Pattern PREDICATE =
      Pattern.compile("([A-Za-z]+)(?:\\[(-?[0-9]{1,3})\\])?(:|!=|<=|>=|=|<|>)");
  private static final Pattern MOMENT =
      Pattern.compile(
          "(?:([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ])?)?([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,6})?)?)?"
              + "(Z|UTC|[+-][0-9]{2}:[0-9]{2})?");
  private static final Pattern LENGTH = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(us|ms|s|m|h)?");
  private static final Set<String> FLAGS = Set.of("exception", "unparsed", "error");

  /// Something wrong at a place. Never leaves this class.
  private static final class Problem extends Exception {
    private static final long serialVersionUID = 1;
    private final int position;
    private final int length;
    private final transient List<String> fixes;

    Problem(int position, int length, String message, String... fixes) {
      super(message);
      this.position = position;
      this.length = Math.max(1, length);
      this.fixes = List.of(fixes);
    }
  }

  private final String text;
  private final ZoneId zone;
  private final List<LocalDate> days;
  private int at;
  private int depth;
  private Field sort = Field.TIME;
  private boolean descending;
  private final List<String> spoken = new ArrayList<>();

  private QueryParser(String text, ZoneId zone, List<LocalDate> days) {
    this.text = text;
    this.zone = zone;
    this.days = List.copyOf(days);
  }

  /// Reads a query.
  ///
  /// @param zone of times without one
  /// @param days on which the evidence was recorded: a time without a date means that day, or every
  ///   day where there are several
  public static ParsedQuery parse(String text, ZoneId zone, List<LocalDate> days) {
    if (text.length() > LENGTH_MAX) {
      return new ParsedQuery.Wrong(
          LENGTH_MAX, 1, "A query has at most %,d characters.".formatted(LENGTH_MAX), List.of());
    }
    QueryParser parser = new QueryParser(text, zone, days);
    try {
      Query query = parser.expression();
      if (parser.at < text.length()) {
        throw new Problem(parser.at, 1, "Nothing opens this bracket.");
      }
      return new ParsedQuery.Ok(
          query,
          parser.spoken.isEmpty() ? "every statement" : String.join(" · ", parser.spoken),
          parser.sort,
          parser.descending);
    } catch (Problem e) {
      return new ParsedQuery.Wrong(
          Math.min(e.position, text.length()), e.length, String.valueOf(e.getMessage()), e.fixes);
    }
  }

  private Query expression() throws Problem {
    if (++depth > DEPTH_MAX) {
      throw new Problem(at, 1, "Brackets are nested too deep.");
    }
    List<Query> alternatives = new ArrayList<>();
    alternatives.add(term());
    while (word("OR")) {
      spoken.add("or");
      alternatives.add(term());
    }
    depth--;
    return alternatives.size() == 1 ? alternatives.getFirst() : new Query.Or(alternatives);
  }

  private Query term() throws Problem {
    List<Query> parts = new ArrayList<>();
    while (true) {
      blanks();
      word("AND");
      blanks();
      if (at >= text.length() || text.charAt(at) == ')' || isWord("OR")) {
        break;
      }
      factor().ifPresent(parts::add);
    }
    return parts.isEmpty()
        ? new Query.All()
        : parts.size() == 1 ? parts.getFirst() : new Query.And(parts);
  }

  private Optional<Query> factor() throws Problem {
    boolean not = false;
    while ((at < text.length() && text.charAt(at) == '-') || isWord("NOT")) {
      not = !not;
      at += text.charAt(at) == '-' ? 1 : 3;
      blanks();
      if (at >= text.length()) {
        throw new Problem(at, 1, "Something to negate is missing.");
      }
    }
    int before = spoken.size();
    Query query;
    if (at < text.length() && text.charAt(at) == '(') {
      int open = at++;
      query = expression();
      blanks();
      if (at >= text.length() || text.charAt(at) != ')') {
        throw new Problem(open, 1, "This bracket is not closed.");
      }
      at++;
    } else {
      Optional<Query> predicate = predicate();
      if (predicate.isEmpty()) {
        return Optional.empty();
      }
      query = predicate.get();
    }
    if (not) {
      String said = String.join(" · ", spoken.subList(before, spoken.size()));
      spoken.subList(before, spoken.size()).clear();
      spoken.add("not (" + said + ")");
    }
    return Optional.of(not ? new Query.Not(query) : query);
  }

  private Optional<Query> predicate() throws Problem {
    Matcher head = PREDICATE.matcher(text).region(at, text.length());
    if (!head.lookingAt()) {
      String value = value();
      spoken.add("text contains " + value);
      return Optional.of(new Query.Word(Field.TEXT, null, List.of(value)));
    }
    int start = at;
    String name = head.group(1);
    Integer index = head.group(2) == null ? null : Integer.valueOf(head.group(2));
    String operator = head.group(3);
    at = head.end();
    if (name.equalsIgnoreCase("sort")) {
      sort(start);
      return Optional.empty();
    }
    Field field =
        Field.of(name)
            .orElseThrow(() -> {
              String near = Field.nearest(name).word();
              return new Problem(
                  start,
                  name.length(),
                  "Unknown field `%s`. Did you mean `%s`?".formatted(name, near),
                  text.substring(0, start) + near + text.substring(start + name.length()));
            });
    if (index != null && field != Field.ACTOR) {
      throw new Problem(start, head.end() - start, "Only actor has elements: actor[0] acts now.");
    }
    if (operator.equals("!=")) {
      if (index == null
          && (field == Field.ACTOR || field == Field.TABLE || field == Field.COLUMN)) {
        String value = text.substring(at);
        throw new Problem(
            start,
            head.end() - start,
            "`%s!=` could mean that none is it, or that one is not it.".formatted(name),
            text.substring(0, start) + "-" + name + ":" + value,
            text.substring(0, start)
                + (field == Field.ACTOR ? "-actor[0]:" + value : "-" + name + ":" + value));
      }
      return Optional.of(new Query.Not(predicate(field, index, ":", start)));
    }
    return Optional.of(predicate(field, index, operator, start));
  }

  private void sort(int start) throws Problem {
    int from = at;
    String name = value();
    descending = name.endsWith("-");
    String field = descending ? name.substring(0, name.length() - 1) : name;
    sort =
        Field.of(field)
            .filter(each -> each.kind() != Field.Kind.WORD)
            .orElseThrow(() ->
                new Problem(
                    from,
                    name.length(),
                    "One can sort by time, rows, dur, frame, session or depth.",
                    text.substring(0, start) + "sort:time"));
  }

  private Query predicate(Field field, @Nullable Integer index, String operator, int start)
      throws Problem {
    return switch (field.kind()) {
      case WORD -> words(field, index, operator, start);
      case NUMBER -> numbers(field, operator);
      case TIME -> time(operator);
    };
  }

  private Query words(Field field, @Nullable Integer index, String operator, int start)
      throws Problem {
    if (!operator.equals(":") && !operator.equals("=")) {
      throw new Problem(
          start,
          at - start,
          "`%s` holds words; use `%s:`.".formatted(field.word(), field.word()),
          text.substring(0, start) + field.word() + ":" + text.substring(at));
    }
    int from = at;
    List<String> values = new ArrayList<>();
    do {
      values.add(value());
    } while (comma());
    String said = String.join(" or ", values);
    spoken.add(
        field == Field.TEXT || field == Field.SQL
            ? "text contains " + said
            : field.word()
                + (index == null ? "" : "[" + index + "]")
                + " "
                + (field == Field.VERB ? said.toUpperCase(Locale.ROOT) : said));
    if (field == Field.VIA) {
      if (values.size() > 1) {
        throw new Problem(from, at - from, "A chain is written with >: via:planner>sql-agent.");
      }
      return new Query.Via(List.of(values.getFirst().split(">", -1)));
    }
    if (field == Field.IS) {
      for (String each : values) {
        if (!FLAGS.contains(each.toLowerCase(Locale.ROOT))) {
          throw new Problem(
              from,
              at - from,
              "`is:` knows exception, unparsed and error, not %s.".formatted(each));
        }
      }
    }
    if (field == Field.DECISION) {
      for (String each : values) {
        if (!Matches.isDecision(each)) {
          throw new Problem(
              from,
              at - from,
              "A decision is allowed, masked, held, blocked or killed, not %s.".formatted(each),
              text.substring(0, from) + "blocked" + text.substring(at));
        }
      }
    }
    return new Query.Word(field, index, values);
  }

  private Query numbers(Field field, String operator) throws Problem {
    int from = at;
    String value = value();
    int dots = value.indexOf("..");
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    if (dots >= 0) {
      low = dots == 0 ? low : number(field, value.substring(0, dots), from);
      high = dots + 2 == value.length() ? high : number(field, value.substring(dots + 2), from);
      spoken.add(value.replace("..", " ≤ " + field.word() + " ≤ "));
      return new Query.Between(field, low, high);
    }
    double number = number(field, value, from);
    spoken.add(
        field.word()
            + switch (operator) {
              case "<" -> " < ";
              case "<=" -> " ≤ ";
              case ">" -> " > ";
              case ">=" -> " ≥ ";
              default -> " = ";
            }
            + value);
    return switch (operator) {
      case "<" -> new Query.Between(field, low, Math.nextDown(number));
      case "<=" -> new Query.Between(field, low, number);
      case ">" -> new Query.Between(field, Math.nextUp(number), high);
      case ">=" -> new Query.Between(field, number, high);
      default -> new Query.Between(field, number, number);
    };
  }

  /// A number; a duration becomes microseconds.
  private static double number(Field field, String value, int from) throws Problem {
    Matcher match = LENGTH.matcher(value.replace(",", "").replace("_", ""));
    if (!match.matches() || (field != Field.DUR && match.group(2) != null)) {
      throw new Problem(
          from,
          value.length(),
          field == Field.DUR
              ? "A duration is a number with us, ms, s, m or h, not %s.".formatted(value)
              : "`%s` is a number, not %s.".formatted(field.word(), value));
    }
    double number = Double.parseDouble(match.group(1));
    if (field != Field.DUR) {
      return number;
    }
    return number
        * switch (match.group(2) == null ? "us" : match.group(2)) {
          case "ms" -> 1e3;
          case "s" -> 1e6;
          case "m" -> 60e6;
          case "h" -> 3600e6;
          default -> 1;
        };
  }

  // ---- time

  private record Bound(@Nullable LocalDate day, @Nullable LocalTime time, @Nullable ZoneId zone) {}

  private Query time(String operator) throws Problem {
    int from = at;
    String value = value();
    int dots = value.indexOf("..");
    String first = dots < 0 ? value : value.substring(0, dots);
    String second = dots < 0 ? "" : value.substring(dots + 2);
    Bound low = first.isEmpty() ? null : bound(first, from);
    Bound high = second.isEmpty() ? null : bound(second, from);
    if (dots < 0 && low != null) {
      switch (operator) {
        case "<", "<=" -> {
          high = low;
          low = null;
        }
        case ">", ">=" -> {}
        default -> high = after(low);
      }
    }
    if (low != null && high != null && low.day() == null && high.day() == null && days.size() > 1) {
      LocalTime begin = low.time() == null ? LocalTime.MIN : low.time();
      LocalTime end = high.time() == null ? LocalTime.MAX : high.time();
      ZoneId in = low.zone() == null ? zone : low.zone();
      spoken.add("%s ≤ time < %s %s, on every day".formatted(begin, end, name(in)));
      return new Query.Daily(begin, end, in);
    }
    Instant begin = low == null ? null : instant(low, days.isEmpty() ? null : days.getFirst());
    LocalDate day =
        low != null && low.day() != null ? low.day() : days.isEmpty() ? null : days.getLast();
    Instant end = high == null ? null : instant(high, day);
    if (begin != null && end != null && end.isBefore(begin)) {
      if (high == null || high.day() == null) {
        end = end.plus(1, ChronoUnit.DAYS); // over midnight
      } else {
        throw new Problem(from, value.length(), "The end lies before the beginning.");
      }
    }
    spoken.add(
        (begin == null ? "" : said(begin) + " ≤ ")
            + "time"
            + (end == null ? "" : " < " + said(end)));
    return new Query.During(begin, end);
  }

  private static String said(Instant at) {
    return at.toString().replace('T', ' ').replace("Z", " UTC");
  }

  private static String name(ZoneId zone) {
    return zone.getId().equals("Z") ? "UTC" : zone.getId();
  }

  /// The end of a day, minute or second that was named without a range.
  private static Bound after(Bound bound) {
    LocalTime time = bound.time();
    if (time == null) {
      LocalDate day = bound.day();
      return new Bound(day == null ? null : day.plusDays(1), LocalTime.MIN, bound.zone());
    }
    LocalTime next = time.getSecond() == 0 ? time.plusMinutes(1) : time.plusSeconds(1);
    return new Bound(bound.day(), next, bound.zone());
  }

  private static Bound bound(String text, int from) throws Problem {
    Matcher match = MOMENT.matcher(text.replace("%20", " "));
    if (text.isEmpty() || !match.matches() || (match.group(1) == null && match.group(2) == null)) {
      throw new Problem(
          from, text.length(), "A time is 02:00, 2026-11-19 or 2026-11-19T02:00Z, not " + text);
    }
    try {
      String clock = match.group(2);
      String offset = match.group(3);
      return new Bound(
          match.group(1) == null ? null : LocalDate.parse(match.group(1)),
          clock == null ? null : LocalTime.parse(clock.indexOf(':') == 1 ? "0" + clock : clock),
          offset == null ? null : ZoneId.of(offset.equals("UTC") ? "Z" : offset));
    } catch (DateTimeException e) {
      throw new Problem(from, text.length(), "There is no such time: " + text);
    }
  }

  private Instant instant(Bound bound, @Nullable LocalDate day) {
    LocalDate on = bound.day() != null ? bound.day() : day != null ? day : LocalDate.EPOCH;
    LocalTime time = bound.time() == null ? LocalTime.MIN : bound.time();
    ZoneId in = bound.zone() == null ? zone : bound.zone();
    return OffsetDateTime.of(
            LocalDateTime.of(on, time), in.getRules().getOffset(LocalDateTime.of(on, time)))
        .toInstant();
  }

  // ---- characters

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean isWord(String word) {
    int end = at + word.length();
    return text.startsWith(word, at)
        && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))
        && !text.startsWith(":", end);
  }

  private boolean word(String word) {
    blanks();
    if (isWord(word)) {
      at += word.length();
      return true;
    }
    return false;
  }

  private boolean comma() {
    if (at < text.length() && text.charAt(at) == ',') {
      at++;
      return true;
    }
    return false;
  }

  /// A quoted value, or one up to a blank, a comma or a bracket.
  private String value() throws Problem {
    int from = at;
    if (at < text.length() && text.charAt(at) == '"') {
      int end = text.indexOf('"', at + 1);
      if (end < 0) {
        throw new Problem(at, 1, "This quote is not closed.", text + "\"");
      }
      at = end + 1;
      return text.substring(from + 1, end);
    }
    while (at < text.length()
        && !Character.isWhitespace(text.charAt(at))
        && text.charAt(at) != ','
        && text.charAt(at) != ')') {
      at++;
    }
    if (at == from) {
      throw new Problem(from, 1, "A value is missing here.");
    }
    return text.substring(from, at);
  }
}
