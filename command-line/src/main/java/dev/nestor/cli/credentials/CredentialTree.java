package dev.nestor.cli.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Credentials as lines of text, children indented under the one that they were issued from.
final class CredentialTree {
  private static final String HEAD = "CREDENTIAL";

  private CredentialTree() {}

  /// @param credentials as the control API lists them
  static String of(JsonNode credentials) {
    Set<String> known = new HashSet<>();
    credentials.forEach(each -> known.add(each.path("credential").asText()));
    Map<String, List<JsonNode>> children = new LinkedHashMap<>();
    for (JsonNode each : credentials) {
      String parent = each.path("parent").asText("");
      children
          .computeIfAbsent(known.contains(parent) ? parent : "", _ -> new ArrayList<>())
          .add(each);
    }
    StringBuilder text = new StringBuilder();
    text.append(
        "%-30s %-20s %-8s %-12s %-24s %s%n"
            .formatted(HEAD, "NAME", "KIND", "STATE", "EXPIRES", "SCOPES"));
    append(children, "", 0, text);
    return text.toString();
  }

  private static void append(
      Map<String, List<JsonNode>> children, String parent, int depth, StringBuilder text) {
    for (JsonNode each : children.getOrDefault(parent, List.of())) {
      String id = each.path("credential").asText();
      List<String> scopes = new ArrayList<>();
      each.path("scopes").forEach(scope -> scopes.add(scope.asText()));
      int sessions = each.path("sessions").size();
      text.append(
          "%-30s %-20s %-8s %-12s %-24s %s%n"
              .formatted(
                  "  ".repeat(depth) + id,
                  each.path("name").asText(),
                  each.path("kind").asText(),
                  each.path("state").asText() + (sessions == 0 ? "" : " (" + sessions + " live)"),
                  each.path("expiresAt").asText(),
                  String.join(" ", scopes)));
      append(children, id, depth + 1, text);
    }
  }
}
