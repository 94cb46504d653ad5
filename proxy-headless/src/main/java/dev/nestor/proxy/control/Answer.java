package dev.nestor.proxy.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What a call is answered with: JSON.
///
/// @param headers beside those of every answer
record Answer(int status, ObjectNode body, Map<String, String> headers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer ok(ObjectNode body) {
    return new Answer(200, body, Map.of());
  }

  static Answer error(int status, String text) {
    return new Answer(status, object().put("error", text), Map.of());
  }

  /// Another method than the call has.
  ///
  /// @param allowed the one that it has
  static Answer wrongMethod(String allowed) {
    return new Answer(405, object().put("error", "use " + allowed), Map.of("allow", allowed));
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  byte[] bytes() {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      return "{}".getBytes(StandardCharsets.US_ASCII);
    }
  }
}
