package dev.nestor.proxy.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.proxy.credential.Credentials.Issued;
import dev.nestor.proxy.credential.ExchangeRefusedException;
import dev.nestor.proxy.credential.ExchangeRequest;
import dev.nestor.proxy.identity.VerifiedToken;
import dev.nestor.proxy.net.GatewayServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `POST /token`: token exchange as [RFC 8693](https://www.rfc-editor.org/rfc/rfc8693) has it, with
/// two parameters of our own, `lifetime` in seconds and `name` of the child. Needs no other
/// authentication than the subject token.
final class TokenEndpoint {
  static final String PATH = "/token";

  private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);

  /// Nobody may keep an answer with a token in it.
  private static final Map<String, String> NOT_KEPT =
      Map.of("cache-control", "no-store", "pragma", "no-cache");

  private final GatewayServer gateway;

  TokenEndpoint(GatewayServer gateway) {
    this.gateway = gateway;
  }

  /// Answers a request. Blocks.
  Answer answer(Request request) {
    if (!request.method().equals("POST")) {
      Map<String, String> headers = new HashMap<>(NOT_KEPT);
      headers.put("allow", "POST");
      return new Answer(405, error("invalid_request", "use POST"), headers);
    }
    Map<String, List<String>> form = request.form().orElse(null);
    if (form == null) {
      return refusal(400, "invalid_request", "the body must be application/x-www-form-urlencoded");
    }
    if (gateway.recorder().failure().isPresent() || !gateway.accepting()) {
      return refusal(503, "temporarily_unavailable", "the gateway issues nothing now");
    }
    try {
      return issued(
          gateway.credentials().exchange(ExchangeRequest.parse(form)), gateway.clock().instant());
    } catch (ExchangeRefusedException e) {
      LOG.info("refused a token exchange ({})", e.code());
      return refusal(e.error().status(), e.error().word(), e.description());
    } catch (IOException e) {
      LOG.error("a token could not be issued", e);
      return refusal(
          500, "server_error", "the gateway could not write it down; nothing was issued");
    }
  }

  /// A token for who asked.
  static Answer issued(Issued issued, Instant now) {
    VerifiedToken token = issued.credential().token();
    ObjectNode body = Answer.object();
    body.put("access_token", issued.text());
    body.put("issued_token_type", ExchangeRequest.ACCESS_TOKEN);
    body.put("token_type", "Bearer");
    body.put("expires_in", Math.max(0, Duration.between(now, token.expiresAt()).toSeconds()));
    body.put("scope", String.join(" ", new TreeSet<>(token.scopes())));
    body.put("credential", issued.credential().id());
    body.put("name", token.name());
    body.put("depth", issued.credential().depth());
    return new Answer(200, body, NOT_KEPT);
  }

  private static Answer refusal(int status, String error, String description) {
    return new Answer(status, error(error, description), NOT_KEPT);
  }

  private static ObjectNode error(String error, String description) {
    return Answer.object().put("error", error).put("error_description", description);
  }
}
