package dev.nestor.proxy.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call, taken out of Netty's hands.
///
/// @param path without its query
/// @param bearer token of the Authorization header; empty without one
/// @param mediaType of the body, lower case, without parameters; empty without one
record Request(String method, String path, Optional<String> bearer, String mediaType, String body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BEARER = "bearer ";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int PARAMETERS_MAX = 64;

  static Request of(FullHttpRequest request) {
    @Nullable String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    boolean bearer =
        authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER);
    String type =
        Objects.requireNonNullElse(request.headers().get(HttpHeaderNames.CONTENT_TYPE), "");
    String uri = request.uri();
    int query = uri.indexOf('?');
    return new Request(
        request.method().name(),
        query < 0 ? uri : uri.substring(0, query),
        bearer
            ? Optional.of(Objects.requireNonNull(authorization).substring(BEARER.length()).strip())
            : Optional.empty(),
        type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT),
        request.content().toString(StandardCharsets.UTF_8));
  }

  /// The parameters of a form; empty if the body is none.
  Optional<Map<String, List<String>>> form() {
    if (!mediaType.equals(FORM)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new QueryStringDecoder(body, StandardCharsets.UTF_8, false, PARAMETERS_MAX, true)
              .parameters());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a percent sign without its digits
    }
  }

  /// The body as a JSON object; an empty body is an empty object.
  ///
  /// @return empty if it is something else
  Optional<JsonNode> json() {
    if (body.isBlank()) {
      return Optional.of(JSON.createObjectNode());
    }
    try {
      JsonNode node = JSON.readTree(body);
      return node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return method + " " + path; // a record's own would print the token
  }
}
