package dev.nestor.proxy.credential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.proxy.identity.VerifiedToken;
import dev.nestor.proxy.store.StoredCredential;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A verified token as JSON in the store, without the token.
final class CredentialDocument {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CredentialDocument() {}

  static StoredCredential stored(HeldCredential credential) {
    return new StoredCredential(
        credential.digest(),
        credential.parent().map(HeldCredential::digest),
        credential.depth(),
        credential.token().expiresAt(),
        write(credential.token()),
        Optional.empty());
  }

  private static String write(VerifiedToken token) {
    ObjectNode node = JSON.createObjectNode();
    node.put("issuer", token.issuer()).put("subject", token.subject()).put("name", token.name());
    node.put("kind", token.kind()).put("kindBasis", token.kindBasis());
    texts(node.putArray("groups"), token.groups().stream().sorted().toList());
    texts(node.putArray("scopes"), token.scopes().stream().sorted().toList());
    texts(node.putArray("audience"), token.audience());
    token.clientId().ifPresent(client -> node.put("clientId", client));
    token.issuedAt().ifPresent(at -> node.put("issuedAt", at.toString()));
    token.notBefore().ifPresent(at -> node.put("notBefore", at.toString()));
    node.put("keyId", token.keyId());
    ObjectNode claims = node.putObject("claims");
    token.claims().forEach(claims::put);
    ArrayNode actors = node.putArray("declaredActors");
    token
        .declaredActors()
        .forEach(actor ->
            actors.addObject().put("issuer", actor.issuer()).put("subject", actor.subject()));
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  /// @throws IOException if the store holds something else
  static VerifiedToken read(StoredCredential stored) throws IOException {
    try {
      JsonNode node = JSON.readTree(stored.document());
      Map<String, String> claims = new LinkedHashMap<>();
      node.path("claims")
          .properties()
          .forEach(claim -> claims.put(claim.getKey(), claim.getValue().asText()));
      List<VerifiedToken.DeclaredActor> actors = new ArrayList<>();
      node.path("declaredActors")
          .forEach(actor ->
              actors.add(
                  new VerifiedToken.DeclaredActor(
                      actor.path("issuer").asText(), actor.path("subject").asText())));
      return new VerifiedToken(
          HexFormat.of().parseHex(stored.digest()),
          node.path("issuer").asText(),
          node.path("subject").asText(),
          node.path("name").asText(),
          node.path("kind").asText("unknown"),
          node.path("kindBasis").asText(),
          new HashSet<>(texts(node.path("groups"))),
          new HashSet<>(texts(node.path("scopes"))),
          texts(node.path("audience")),
          optional(node, "clientId"),
          optional(node, "issuedAt").map(Instant::parse),
          optional(node, "notBefore").map(Instant::parse),
          stored.expiresAt(),
          node.path("keyId").asText(),
          claims,
          actors);
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new IOException("the store holds a credential that cannot be read", e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static Optional<String> optional(JsonNode node, String name) {
    return node.has(name) ? Optional.of(node.path(name).asText()) : Optional.empty();
  }
}
