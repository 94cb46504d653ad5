package dev.nestor.proxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A YAML document as JSON that still knows where each value stood.
final class PositionedYaml {
  private final Path file;
  private final JsonNode json;
  private final Map<String, Mark> marks;

  private PositionedYaml(Path file, JsonNode json, Map<String, Mark> marks) {
    this.file = file;
    this.json = json;
    this.marks = marks;
  }

  static PositionedYaml parse(Path file, String text) throws ConfigException {
    Map<String, Mark> marks = new HashMap<>();
    try {
      LoaderOptions options = new LoaderOptions();
      options.setAllowDuplicateKeys(false);
      options.setMaxAliasesForCollections(20);
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
      if (root == null) {
        throw new ConfigException(
            java.util.List.of(new ConfigError(file, 1, 1, "the file is empty")));
      }
      JsonNode json = convert(root, "", marks);
      return new PositionedYaml(file, json, marks);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw new ConfigException(
          java.util.List.of(
              new ConfigError(
                  file,
                  mark == null ? 0 : mark.getLine() + 1,
                  mark == null ? 0 : mark.getColumn() + 1,
                  "not YAML: " + e.getProblem())));
    }
  }

  private static JsonNode convert(Node node, String pointer, Map<String, Mark> marks) {
    marks.putIfAbsent(pointer, node.getStartMark());
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
          String key =
              tuple.getKeyNode() instanceof ScalarNode scalar
                  ? scalar.getValue()
                  : tuple.getKeyNode().toString();
          String child = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
          marks.put(child, tuple.getKeyNode().getStartMark());
          object.set(key, convert(tuple.getValueNode(), child, marks));
        }
        yield object;
      }
      case SequenceNode sequence -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        int index = 0;
        for (Node element : sequence.getValue()) {
          array.add(convert(element, pointer + "/" + index++, marks));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> JsonNodeFactory.instance.nullNode();
    };
  }

  private static JsonNode scalar(ScalarNode node) {
    String value = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.BOOL)) {
      return JsonNodeFactory.instance.booleanNode(
          value.equalsIgnoreCase("true")
              || value.equalsIgnoreCase("yes")
              || value.equalsIgnoreCase("on"));
    }
    if (tag.equals(Tag.INT) && value.matches("[+-]?[0-9]{1,18}")) {
      return JsonNodeFactory.instance.numberNode(Long.parseLong(value));
    }
    if (tag.equals(Tag.NULL)) {
      return JsonNodeFactory.instance.nullNode();
    }
    return JsonNodeFactory.instance.textNode(value);
  }

  JsonNode json() {
    return json;
  }

  /// An error at the place of a JSON pointer, or of the nearest value around it.
  ConfigError error(String pointer, String message) {
    String at = pointer;
    @Nullable Mark mark = marks.get(at);
    while (mark == null && !at.isEmpty()) {
      at = at.substring(0, at.lastIndexOf('/'));
      mark = marks.get(at);
    }
    return mark == null
        ? new ConfigError(file, 0, 0, message)
        : new ConfigError(file, mark.getLine() + 1, mark.getColumn() + 1, message);
  }
}
