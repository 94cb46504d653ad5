package dev.nestor.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A YAML document that follows its schema.
public final class Document {
  private static final int DEPTH_MAX = 50;
  private static final int LENGTH_MAX = 4 << 20;

  private final JsonNode json;
  private final Map<String, Mark> marks;

  private Document(JsonNode json, Map<String, Mark> marks) {
    this.json = json;
    this.marks = marks;
  }

  /// A JSON Schema from the class path.
  ///
  /// @throws IllegalStateException if it is not there: a broken build
  public static JsonSchema schema(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(
              in,
              SchemaValidatorsConfig.builder()
                  .pathType(PathType.JSON_POINTER)
                  .locale(Locale.ENGLISH)
                  .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a document and checks it.
  ///
  /// @throws DocumentException with line and column of everything that is wrong
  public static Document read(String text, JsonSchema schema) throws DocumentException {
    Document document = parse(text);
    List<DocumentError> errors = new ArrayList<>();
    for (ValidationMessage message : schema.validate(document.json.toString(), InputFormat.JSON)) {
      errors.add(document.describe(message, schema));
    }
    if (!errors.isEmpty()) {
      errors.sort(
          Comparator.comparingInt(DocumentError::line).thenComparingInt(DocumentError::column));
      throw new DocumentException(errors);
    }
    return document;
  }

  private static Document parse(String text) throws DocumentException {
    if (text.length() > LENGTH_MAX) {
      throw failure(0, 0, "longer than 4 MiB");
    }
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setMaxAliasesForCollections(20);
    options.setCodePointLimit(LENGTH_MAX);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
      if (root == null) {
        throw failure(1, 1, "the file is empty");
      }
      Map<String, Mark> marks = new HashMap<>();
      return new Document(convert(root, "", marks, 0), marks);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw failure(
          mark == null ? 0 : mark.getLine() + 1,
          mark == null ? 0 : mark.getColumn() + 1,
          "not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw failure(0, 0, "not YAML: " + e.getMessage());
    }
  }

  private static DocumentException failure(int line, int column, String message) {
    return new DocumentException(List.of(new DocumentError(line, column, message)));
  }

  private static JsonNode convert(Node node, String pointer, Map<String, Mark> marks, int depth)
      throws DocumentException {
    if (depth > DEPTH_MAX) {
      throw failure(0, 0, "nested deeper than " + DEPTH_MAX); // an alias inside of itself
    }
    marks.putIfAbsent(pointer, node.getStartMark());
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
          Mark mark = tuple.getKeyNode().getStartMark();
          if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            throw failure(mark.getLine() + 1, mark.getColumn() + 1, "a key must be a plain word");
          }
          if (object.has(key.getValue())) {
            throw failure(
                mark.getLine() + 1,
                mark.getColumn() + 1,
                "the key `" + key.getValue() + "` stands here twice");
          }
          String child = pointer + "/" + escape(key.getValue());
          marks.put(child, mark);
          object.set(key.getValue(), convert(tuple.getValueNode(), child, marks, depth + 1));
        }
        yield object;
      }
      case SequenceNode sequence -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        int index = 0;
        for (Node element : sequence.getValue()) {
          array.add(convert(element, pointer + "/" + index++, marks, depth + 1));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> JsonNodeFactory.instance.nullNode();
    };
  }

  private static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private static JsonNode scalar(ScalarNode node) {
    String value = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.BOOL)) {
      String lower = value.toLowerCase(Locale.ROOT);
      return JsonNodeFactory.instance.booleanNode(
          lower.equals("true") || lower.equals("yes") || lower.equals("on"));
    }
    if (tag.equals(Tag.INT) && value.matches("[+-]?[0-9]{1,18}")) {
      return JsonNodeFactory.instance.numberNode(Long.parseLong(value));
    }
    if (tag.equals(Tag.NULL)) {
      return JsonNodeFactory.instance.nullNode();
    }
    return JsonNodeFactory.instance.textNode(value);
  }

  private DocumentError describe(ValidationMessage message, JsonSchema schema) {
    String pointer = message.getInstanceLocation().toString();
    if ("additionalProperties".equals(message.getType()) && message.getProperty() != null) {
      String unknown = message.getProperty();
      NavigableSet<String> known = knownKeys(message, schema);
      return error(
          pointer + "/" + escape(unknown),
          "unknown key `"
              + unknown
              + "`; expected one of "
              + String.join(", ", known)
              + Nearest.hint(unknown, known));
    }
    String text = message.getMessage();
    int colon = text.indexOf(": ");
    String words = colon >= 0 ? text.substring(colon + 2) : text;
    JsonNode found = message.getInstanceNode();
    if ("enum".equals(message.getType()) && found != null && message.getSchemaNode() != null) {
      List<String> values = new ArrayList<>();
      message.getSchemaNode().forEach(value -> values.add(value.asText()));
      words =
          "found `"
              + found.asText()
              + "`, expected one of "
              + String.join(", ", values)
              + Nearest.hint(found.asText(), values);
    }
    return error(pointer, words);
  }

  private static NavigableSet<String> knownKeys(ValidationMessage message, JsonSchema schema) {
    NavigableSet<String> keys = new TreeSet<>();
    JsonNode at = schema.getSchemaNode();
    String fragment = message.getSchemaLocation().getFragment().toString();
    String owner = fragment.replaceFirst("/additionalProperties$", ""); // the keyword that failed
    for (String step : owner.split("/", -1)) {
      if (!step.isEmpty() && at != null) {
        at = at.isArray() ? at.get(Integer.parseInt(step)) : at.get(step);
      }
    }
    if (at != null && at.get("properties") != null) {
      at.get("properties").fieldNames().forEachRemaining(keys::add);
    }
    return keys;
  }

  /// The content.
  public JsonNode json() {
    return json;
  }

  /// An error at the place of a JSON pointer, or of the nearest value around it.
  public DocumentError error(String pointer, String message) {
    @Nullable Mark mark = mark(pointer);
    return mark == null
        ? new DocumentError(0, 0, message)
        : new DocumentError(mark.getLine() + 1, mark.getColumn() + 1, message);
  }

  /// The line on which a value begins, from 1; 0 if it is not known.
  public int line(String pointer) {
    @Nullable Mark mark = mark(pointer);
    return mark == null ? 0 : mark.getLine() + 1;
  }

  private @Nullable Mark mark(String pointer) {
    String at = pointer;
    @Nullable Mark mark = marks.get(at);
    while (mark == null && !at.isEmpty()) {
      at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
      mark = marks.get(at);
    }
    return mark;
  }
}
