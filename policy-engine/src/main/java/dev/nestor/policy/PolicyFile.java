package dev.nestor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import dev.nestor.policy.document.Document;
import dev.nestor.policy.document.DocumentError;
import dev.nestor.policy.document.DocumentException;
import dev.nestor.policy.document.Nearest;
import dev.nestor.postgres.sql.FactsStatus;
import dev.nestor.postgres.sql.Flag;
import dev.nestor.postgres.sql.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/// Reads policy files. What is wrong is collected, each with its place, what was expected and the
/// nearest valid name.
public final class PolicyFile {
  private static final JsonSchema SCHEMA = Document.schema(PolicyFile.class, "policy.schema.json");
  private static final int BYTES_DIGITS_MAX = 9;
  private static final Set<String> CLASSES = Set.of("system", "user");

  private final Document document;
  private final List<DocumentError> errors = new ArrayList<>();
  private final Map<String, Set<String>> labels = new LinkedHashMap<>();

  private PolicyFile(Document document) {
    this.document = document;
  }

  /// What came of reading a file.
  public sealed interface Result {}

  /// It can be used.
  public record Valid(Policy policy) implements Result {}

  /// It cannot be used.
  ///
  /// @param errors at least one, in the order of the file
  public record Invalid(List<DocumentError> errors) implements Result {
    /// Copies the list.
    public Invalid {
      errors = List.copyOf(errors);
    }
  }

  /// Reads a file.
  public static Result read(Path file) {
    try {
      return read(Files.readString(file));
    } catch (IOException e) {
      return new Invalid(List.of(new DocumentError(0, 0, "the policy cannot be read")));
    }
  }

  /// Reads the text of a file.
  public static Result read(String yaml) {
    Document document;
    try {
      document = Document.read(yaml, SCHEMA);
    } catch (DocumentException e) {
      return new Invalid(e.errors());
    }
    PolicyFile reader = new PolicyFile(document);
    Policy policy = reader.policy(document.json());
    return reader.errors.isEmpty() ? new Valid(policy) : new Invalid(reader.errors);
  }

  private void wrong(String pointer, String message) {
    errors.add(document.error(pointer, message));
  }

  private Policy policy(JsonNode root) {
    root.path("labels")
        .properties()
        .forEach(label -> {
          Set<String> columns = new LinkedHashSet<>();
          label.getValue().forEach(column -> columns.add(column.asText()));
          labels.put(label.getKey(), columns);
        });
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < root.path("rules").size(); i++) {
      rules.add(rule(root.path("rules").get(i), "/rules/" + i));
    }
    checkConflicts(rules);
    return new Policy(
        root.path("policy").asText(),
        PolicyState.ofWord(root.path("state").asText()).orElse(PolicyState.DRAFT),
        root.path("recording").asText().equals("fail-open"),
        root.has("results")
            ? Optional.of(
                RowCapture.valueOf(root.path("results").asText().toUpperCase(Locale.ROOT)))
            : Optional.empty(),
        root.path("default").asText().equals("allow"),
        new Labels(labels),
        rules,
        offers(root.path("access"), rules));
  }

  private List<AccessOffer> offers(JsonNode node, List<Rule> rules) {
    Set<String> known = new LinkedHashSet<>();
    for (Rule rule : rules) {
      scopes(rule.who(), known);
      rule.unless().ifPresent(who -> scopes(who, known));
    }
    List<AccessOffer> offers = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      JsonNode offer = node.get(i);
      String scope = offer.path("scope").asText();
      String at = "/access/" + i + "/scope";
      if (!known.contains(scope)) {
        wrong(at, "no rule asks for the scope `" + scope + "`" + Nearest.hint(scope, known));
      }
      if (offers.stream().anyMatch(each -> each.scope().equals(scope))) {
        wrong(at, "the scope `" + scope + "` is offered twice");
      }
      offers.add(
          new AccessOffer(
              scope,
              offer.path("approvers").asText(),
              offer.path("count").asInt(1),
              duration(offer.path("at-most").asText())));
    }
    return offers;
  }

  private static void scopes(Who who, Set<String> found) {
    found.addAll(who.scopes());
    who.any().forEach(each -> scopes(each, found));
  }

  private Rule rule(JsonNode node, String at) {
    Rule.Then then = Rule.Then.valueOf(node.path("then").asText().toUpperCase(Locale.ROOT));
    boolean limited = node.has("limit");
    Optional<Condition> when = Optional.empty();
    if (node.has("when")) {
      try {
        when = Optional.of(Condition.compile(node.path("when").asText()));
      } catch (Condition.InvalidException e) {
        wrong(at + "/when", "the condition does not compile: " + e.getMessage());
      }
    }
    belongs(node, at, "mask", then == Rule.Then.MASK, true);
    belongs(node, at, "derived", then == Rule.Then.MASK, false);
    belongs(node, at, "hold", then == Rule.Then.HOLD, true);
    belongs(node, at, "kill", then == Rule.Then.KILL, false);
    belongs(node, at, "limit", then == Rule.Then.BLOCK, false);
    if (!node.has("what") && !limited) {
      wrong(at, "the rule says nothing about statements: `what` is missing");
    }
    What what = node.has("what") ? what(node.path("what"), at + "/what") : What.EVERYTHING;
    checkGrant(then, what, at + "/what");
    return new Rule(
        node.path("id").asText(),
        document.line(at + "/id"),
        node.has("who") ? who(node.path("who"), at + "/who") : Who.EVERYBODY,
        node.has("unless")
            ? Optional.of(who(node.path("unless"), at + "/unless"))
            : Optional.empty(),
        what,
        when,
        then,
        node.path("reason").asText(""),
        masks(node.path("mask"), at + "/mask"),
        node.has("derived") && !node.path("derived").asText().equals("block"),
        node.has("hold") ? Optional.of(approval(node.path("hold"))) : Optional.empty(),
        node.path("kill").has("lock")
            ? Optional.of(
                Decision.Lock.valueOf(
                    node.path("kill")
                        .path("lock")
                        .asText()
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_')))
            : Optional.empty(),
        limited ? Optional.of(limit(node.path("limit"), at + "/limit")) : Optional.empty());
  }

  private Limit limit(JsonNode node, String at) {
    if (!node.has("rows") && !node.has("bytes")) {
      wrong(at, "a limit needs `rows` or `bytes`");
    }
    return new Limit(
        node.has("rows") ? OptionalLong.of(node.path("rows").asLong()) : OptionalLong.empty(),
        node.has("bytes")
            ? OptionalLong.of(bytes(node.path("bytes").asText(), at + "/bytes"))
            : OptionalLong.empty(),
        Limit.Per.ofWord(node.path("per").asText()).orElse(Limit.Per.STATEMENT));
  }

  /// A number with its unit: `64KiB`.
  private long bytes(String text, String at) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits > BYTES_DIGITS_MAX) {
      wrong(at, "`" + text + "` is more than can be counted");
      return 0;
    }
    int shift =
        switch (text.substring(digits)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    return Long.parseLong(text.substring(0, digits)) << shift;
  }

  private void belongs(JsonNode node, String at, String key, boolean belongs, boolean needed) {
    if (node.has(key) && !belongs) {
      wrong(
          at + "/" + key,
          "`"
              + key
              + "` does not belong to a rule with `then: "
              + node.path("then").asText()
              + "`");
    } else if (belongs && needed && !node.has(key)) {
      wrong(at + "/then", "`then: " + key + "` needs a key `" + key + "` that says how");
    }
  }

  private Who who(JsonNode node, String at) {
    List<Who> any = new ArrayList<>();
    for (int i = 0; i < node.path("any").size(); i++) {
      any.add(who(node.path("any").get(i), at + "/any/" + i));
    }
    return new Who(
        known(
            node,
            at,
            "kind",
            CallerKind::ofWord,
            Arrays.stream(CallerKind.values()).map(CallerKind::word).toList()),
        words(node, "group"),
        words(node, "scope"),
        words(node, "subject"),
        words(node, "name"),
        words(node, "issuer"),
        words(node, "database"),
        any);
  }

  private What what(JsonNode node, String at) {
    List<What> any = new ArrayList<>();
    for (int i = 0; i < node.path("any").size(); i++) {
      any.add(what(node.path("any").get(i), at + "/any/" + i));
    }
    if (!any.isEmpty() && node.size() > 1) {
      wrong(at + "/any", "`any` stands alone: put the other keys into each of its alternatives");
    }
    boolean anyVerb = words(node, "verb").contains("any");
    boolean noRelation = words(node, "relation").contains("none");
    boolean anyStatus = words(node, "status").contains("any");
    words(node, "class").stream()
        .filter(word -> !CLASSES.contains(word))
        .forEach(word ->
            wrong(
                at + "/class",
                "no class `" + word + "`; expected system or user" + Nearest.hint(word, CLASSES)));
    return new What(
        anyVerb,
        anyVerb
            ? Set.of()
            : known(
                node,
                at,
                "verb",
                Verb::ofWord,
                Arrays.stream(Verb.values()).map(Verb::word).toList()),
        noRelation,
        noRelation ? List.of() : patterns(node, at, "relation", 2),
        patterns(node, at, "column", 3),
        patterns(node, at, "function", 0),
        lower(words(node, "setting")),
        known(
            node, at, "flag", Flag::ofWord, Arrays.stream(Flag.values()).map(Flag::word).toList()),
        anyStatus,
        anyStatus
            ? Set.of()
            : known(
                node,
                at,
                "status",
                FactsStatus::ofWord,
                Arrays.stream(FactsStatus.values()).map(FactsStatus::word).toList()),
        words(node, "class"),
        labelled(node, at, "reads"),
        labelled(node, at, "writes"),
        labelled(node, at, "predicate-on"),
        any);
  }

  private static Set<String> lower(Set<String> words) {
    Set<String> lower = new LinkedHashSet<>();
    words.forEach(word -> lower.add(word.toLowerCase(Locale.ROOT)));
    return lower;
  }

  private static Set<String> words(JsonNode node, String key) {
    Set<String> words = new LinkedHashSet<>();
    JsonNode value = node.path(key);
    if (value.isArray()) {
      value.forEach(each -> words.add(each.asText()));
    } else if (!value.isMissingNode()) {
      words.add(value.asText());
    }
    return words;
  }

  private <T> Set<T> known(
      JsonNode node,
      String at,
      String key,
      Function<String, Optional<T>> find,
      List<String> names) {
    Set<T> found = new LinkedHashSet<>();
    for (String word : words(node, key)) {
      find.apply(word)
          .ifPresentOrElse(
              found::add,
              () ->
                  wrong(
                      at + "/" + key, "no " + key + " `" + word + "`" + Nearest.hint(word, names)));
    }
    return found;
  }

  private Set<String> labelled(JsonNode node, String at, String key) {
    Set<String> words = words(node, key);
    for (String word : words) {
      if (!labels.containsKey(word)) {
        wrong(
            at + "/" + key,
            "no label `" + word + "` in this policy" + Nearest.hint(word, labels.keySet()));
      }
    }
    return words;
  }

  private List<NamePattern> patterns(JsonNode node, String at, String key, int parts) {
    List<NamePattern> patterns = new ArrayList<>();
    for (String word : words(node, key)) {
      if (parts > 0 && word.split("\\.", -1).length != parts) {
        wrong(
            at + "/" + key,
            "`"
                + word
                + "` must be "
                + (parts == 2 ? "schema.relation" : "schema.relation.column")
                + ", with * for any");
      }
      patterns.add(new NamePattern(word));
    }
    return patterns;
  }

  private Map<String, MaskForm> masks(JsonNode node, String at) {
    Map<String, MaskForm> masks = new HashMap<>();
    node.properties()
        .forEach(entry -> {
          if (!labels.containsKey(entry.getKey())) {
            wrong(
                at + "/" + entry.getKey(),
                "no label `"
                    + entry.getKey()
                    + "` in this policy"
                    + Nearest.hint(entry.getKey(), labels.keySet()));
          }
          MaskForm.ofWord(entry.getValue().asText())
              .ifPresentOrElse(
                  form -> masks.put(entry.getKey(), form),
                  () ->
                      wrong(
                          at + "/" + entry.getKey(),
                          "no mask `"
                              + entry.getValue().asText()
                              + "`; expected "
                              + MaskForm.WORDS));
        });
    return masks;
  }

  private static Decision.Approval approval(JsonNode node) {
    return new Decision.Approval(
        node.path("approvers").asText(),
        node.path("count").asInt(1),
        duration(node.path("within").asText()),
        node.path("in-transaction").asBoolean(false));
  }

  private static Duration duration(String text) {
    long amount = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /// Two rules that only chance could resolve are an error that names both.
  private void checkConflicts(List<Rule> rules) {
    Map<String, Rule> byId = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      Rule other = byId.putIfAbsent(rule.id(), rule);
      if (other != null) {
        wrong(
            "/rules/" + i + "/id",
            "the id `" + rule.id() + "` is already that of the rule in line " + other.line());
      }
      checkMasks(rule, "/rules/" + i);
      for (int j = 0; j < i; j++) {
        Optional<String> conflict = RuleConflicts.between(rules.get(j), rule, labels);
        if (conflict.isPresent()) {
          wrong("/rules/" + i, conflict.get());
        }
      }
    }
  }

  /// A rule masks exactly the labels that it reads.
  private void checkMasks(Rule rule, String at) {
    if (rule.then() != Rule.Then.MASK) {
      return;
    }
    Set<String> read = new LinkedHashSet<>();
    rule.what().alternatives().forEach(what -> read.addAll(what.reads()));
    if (read.isEmpty()) {
      wrong(at + "/what", "a rule that masks must say which labels: `reads` is missing");
    }
    for (String label : read) {
      if (labels.containsKey(label) && !rule.masks().containsKey(label)) {
        wrong(at + "/mask", "`mask` does not say how to mask the label `" + label + "`");
      }
    }
    for (String label : rule.masks().keySet()) {
      if (!read.isEmpty() && !read.contains(label)) {
        wrong(at + "/mask", "the label `" + label + "` is masked but not in `reads`");
      }
    }
  }

  /// What a grant covers is said by verbs, relations, columns and functions.
  private void checkGrant(Rule.Then then, What what, String at) {
    for (What each : what.alternatives()) {
      if (then.grants() && !(each.reads().isEmpty() && each.writes().isEmpty())) {
        wrong(
            at,
            "`reads` and `writes` restrict; a rule with `then: "
                + then.name().toLowerCase(Locale.ROOT)
                + "` grants by `verb`, `relation`, `column`, `class`, `function`, `setting`");
      }
      if (then.grants() && !each.predicateOn().isEmpty() && !each.isOnlyPredicates()) {
        wrong(
            at,
            "a rule that opens conditions on labelled columns has no other key than `predicate-on`"
                + " in its `what`");
      }
    }
  }
}
