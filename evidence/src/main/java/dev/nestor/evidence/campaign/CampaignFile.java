package dev.nestor.evidence.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.evidence.finding.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// A campaign as a file, `.pgreview`: one JSON document. Whoever changes an item changes the
/// population's hash, and reading says so.
public final class CampaignFile {
  static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
  private static final long BYTES_MAX = 256L << 20;
  private static final String FORMAT = "nestor-review-campaign/1";

  private CampaignFile() {}

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// The digest of a population: what a campaign of these items has as
  /// [Campaign#populationSha256()].
  public static String populationSha256(List<ReviewItem> items) {
    ArrayNode array = JSON.createArrayNode();
    items.forEach(each -> array.add(node(each)));
    return sha256(array.toString());
  }

  /// Writes a campaign; appears whole or not at all.
  ///
  /// @throws IOException if it cannot be written
  public static void write(Campaign campaign, Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path fresh = target.resolveSibling(target.getFileName() + ".part");
    Files.writeString(fresh, node(campaign).toPrettyString() + "\n");
    Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Reads a campaign.
  ///
  /// @throws IOException if it cannot be read, is none, or was changed; the message says where
  public static Campaign read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException(file + " is larger than a campaign can be");
    }
    JsonNode root;
    try {
      root = JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is no campaign: line %d, column %d"
              .formatted(
                  file,
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 0 : e.getLocation().getColumnNr()));
    }
    if (!root.path("format").asText().equals(FORMAT)) {
      throw new IOException(file + " is no campaign of this format (" + FORMAT + ")");
    }
    try {
      List<ReviewItem> items = new ArrayList<>();
      root.path("items").forEach(each -> items.add(item(each)));
      String said = root.path("populationSha256").asText();
      String is = populationSha256(items);
      if (!said.equals(is)) {
        throw new IOException(
            file + ": the items were changed after preparation (populationSha256 is " + is + ")");
      }
      List<Campaign.Source> sources = new ArrayList<>();
      root.path("archives").forEach(each -> sources.add(source(each)));
      return new Campaign(
          root.path("title").asText(),
          Instant.parse(root.path("prepared").asText()),
          sources,
          Instant.parse(root.path("coveredFrom").asText()),
          Instant.parse(root.path("coveredTo").asText()),
          root.path("gapsSeconds").asLong(),
          items,
          is);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(file + " is no campaign: " + e.getMessage());
    }
  }

  static ObjectNode node(Campaign campaign) {
    ObjectNode node = JSON.createObjectNode();
    node.put("format", FORMAT);
    node.put("title", campaign.title());
    node.put("prepared", campaign.prepared().toString());
    node.put("advice", Campaign.ADVICE);
    node.set("archives", sources(campaign));
    node.put("coveredFrom", campaign.coveredFrom().toString());
    node.put("coveredTo", campaign.coveredTo().toString());
    node.put("gapsSeconds", campaign.gapsSeconds());
    ArrayNode items = node.putArray("items");
    campaign.items().forEach(each -> items.add(node(each)));
    node.put("populationSha256", campaign.populationSha256());
    return node;
  }

  static ArrayNode sources(Campaign campaign) {
    ArrayNode array = JSON.createArrayNode();
    for (Campaign.Source each : campaign.archives()) {
      array
          .addObject()
          .put("name", each.name())
          .put("id", each.id())
          .put("sha256", each.sha256())
          .put("state", each.state())
          .put("frames", each.frames())
          .set("roots", roots(each));
    }
    return array;
  }

  private static ArrayNode roots(Campaign.Source source) {
    ArrayNode roots = JSON.createArrayNode();
    for (Campaign.Root each : source.roots()) {
      roots
          .addObject()
          .put("segment", each.segment())
          .put("entries", each.entries())
          .put("root", each.root());
    }
    return roots;
  }

  /// An archive as a campaign and a signed review have it.
  static Campaign.Source source(JsonNode node) {
    List<Campaign.Root> roots = new ArrayList<>();
    node.path("roots")
        .forEach(each ->
            roots.add(
                new Campaign.Root(
                    each.path("segment").asLong(),
                    each.path("entries").asLong(),
                    each.path("root").asText())));
    return new Campaign.Source(
        node.path("name").asText(),
        node.path("id").asText(),
        node.path("sha256").asText(),
        node.path("state").asText(),
        node.path("frames").asLong(),
        roots);
  }

  private static ObjectNode node(ReviewItem item) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", item.id());
    node.put("holder", item.holder());
    node.put("subject", item.subject());
    strings(node.putArray("credentials"), item.credentials());
    if (!item.kind().isEmpty()) { // campaigns of earlier versions have none, and keep their digest
      node.put("kind", item.kind());
    }
    strings(node.putArray("scopes"), item.scopes());
    node.put("issued", item.issued());
    node.put("expires", item.expires());
    ArrayNode uses = node.putArray("uses");
    for (ReviewItem.Use each : item.uses()) {
      uses.addObject()
          .put("relation", each.relation())
          .put("verb", each.verb())
          .put("statements", each.statements())
          .put("rows", each.rows())
          .put("stopped", each.stopped());
    }
    ArrayNode grants = node.putArray("grants");
    for (ReviewItem.Grant each : item.grants()) {
      grants
          .addObject()
          .put("scope", each.scope())
          .put("used", each.used())
          .put("lastSuccess", each.lastSuccess())
          .put("lastAttempt", each.lastAttempt());
    }
    node.put("risk", item.risk().json());
    node.put("recommendation", item.recommendation().json());
    strings(node.putArray("reasonsFor"), item.reasonsFor());
    strings(node.putArray("reasonsAgainst"), item.reasonsAgainst());
    ArrayNode evidence = node.putArray("evidence");
    for (ReviewItem.Evidence each : item.evidence()) {
      evidence
          .addObject()
          .put("citation", each.citation())
          .put("at", each.at())
          .put("decision", each.decision())
          .put("text", each.text());
    }
    return node;
  }

  private static void strings(ArrayNode into, List<String> values) {
    values.forEach(into::add);
  }

  private static List<String> strings(JsonNode node) {
    List<String> values = new ArrayList<>();
    node.forEach(each -> values.add(each.asText()));
    return values;
  }

  private static ReviewItem item(JsonNode node) {
    List<ReviewItem.Use> uses = new ArrayList<>();
    node.path("uses")
        .forEach(each ->
            uses.add(
                new ReviewItem.Use(
                    each.path("relation").asText(),
                    each.path("verb").asText(),
                    each.path("statements").asLong(),
                    each.path("rows").asLong(),
                    each.path("stopped").asLong())));
    List<ReviewItem.Grant> grants = new ArrayList<>();
    node.path("grants")
        .forEach(each ->
            grants.add(
                new ReviewItem.Grant(
                    each.path("scope").asText(),
                    each.path("used").asLong(),
                    each.path("lastSuccess").asText(),
                    each.path("lastAttempt").asText())));
    List<ReviewItem.Evidence> evidence = new ArrayList<>();
    node.path("evidence")
        .forEach(each ->
            evidence.add(
                new ReviewItem.Evidence(
                    each.path("citation").asText(),
                    each.path("at").asText(),
                    each.path("decision").asText(),
                    each.path("text").asText())));
    return new ReviewItem(
        node.path("id").asText(),
        node.path("holder").asText(),
        node.path("subject").asText(),
        strings(node.path("credentials")),
        node.path("kind").asText(),
        strings(node.path("scopes")),
        node.path("issued").asText(),
        node.path("expires").asText(),
        uses,
        grants,
        Severity.valueOf(node.path("risk").asText().toUpperCase(Locale.ROOT)),
        Decision.Kind.of(node.path("recommendation").asText())
            .orElseThrow(() -> new IllegalArgumentException("an item has no recommendation")),
        strings(node.path("reasonsFor")),
        strings(node.path("reasonsAgainst")),
        evidence);
  }
}
