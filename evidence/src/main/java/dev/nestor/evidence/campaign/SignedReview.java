package dev.nestor.evidence.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The signed record of a review: a DSSE envelope
/// ([protocol](https://github.com/secure-systems-lab/dsse/blob/master/protocol.md)) over an in-toto
/// statement whose subjects are the archives, and whose predicate has the population, the decisions
/// and how the reviewer worked.
public final class SignedReview {
  /// Type of the predicate.
  public static final String PREDICATE = "https://nestor.dev/access-review/v1";

  private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
  private static final long BYTES_MAX = 256L << 20;

  /// What a check found.
  ///
  /// @param genuine whether the signature fits the payload and the key
  /// @param problem where it does not, one sentence; empty
  /// @param keyId of the signer
  /// @param title of the campaign
  /// @param populationSha256 as signed
  /// @param items how many were decided
  /// @param archives that the signature covers
  /// @param citations of the statements behind the decisions, each once
  public record Check(
      boolean genuine,
      String problem,
      String keyId,
      String title,
      String populationSha256,
      int items,
      List<Campaign.Source> archives,
      List<String> citations) {
    public Check {
      archives = List.copyOf(archives);
      citations = List.copyOf(citations);
    }

    static Check refused(String problem) {
      return new Check(false, problem, "", "", "", 0, List.of(), List.of());
    }
  }

  private SignedReview() {}

  /// Signs a draft in which everything is decided.
  ///
  /// @return the envelope, one JSON document
  /// @throws IOException if something is undecided, or the key cannot sign
  public static String sign(ReviewDraft draft, ReviewerKey key, String reviewer, Instant now)
      throws IOException {
    Campaign campaign = draft.campaign();
    int open = campaign.items().size() - draft.decided();
    if (open > 0) {
      throw new IOException(open + " items are undecided.");
    }
    byte[] payload =
        statement(draft, key, reviewer, now).toString().getBytes(StandardCharsets.UTF_8);
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key.privateKey());
      signature.update(preAuthentication(payload));
      return envelope(payload, key.keyId(), signature.sign(), key.publicKey().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("The key cannot sign: " + e.getMessage());
    }
  }

  /// The one text that an envelope is written as, so that no byte of it can change unseen.
  private static String envelope(byte[] payload, String keyId, byte[] signature, byte[] publicKey) {
    Base64.Encoder base64 = Base64.getEncoder();
    return """
    {
      "payloadType" : "%s",
      "payload" : "%s",
      "signatures" : [ {
        "keyid" : "%s",
        "sig" : "%s",
        "publicKey" : "%s"
      } ]
    }
    """
        .formatted(
            PAYLOAD_TYPE,
            base64.encodeToString(payload),
            keyId,
            base64.encodeToString(signature),
            base64.encodeToString(publicKey));
  }

  /// Citations of the statements that a signed review rests on, each once.
  ///
  /// @throws IOException if the file is no signed review that holds
  public static List<String> citations(Path file) throws IOException {
    Check check = verify(file, Optional.empty());
    if (!check.genuine()) {
      throw new IOException(file + " is refused: " + check.problem());
    }
    return check.citations();
  }

  /// Where the signed record of a campaign lies: beside it.
  public static Path beside(Path campaign) {
    String name = String.valueOf(campaign.getFileName()).replaceFirst("\\.pgreview$", "");
    return campaign.resolveSibling(name + ".review.json");
  }

  /// Writes an envelope; what is signed is never written over.
  ///
  /// @throws IOException if the file is there already or cannot be written
  public static void write(String envelope, Path file) throws IOException {
    Files.writeString(file, envelope, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static ObjectNode statement(
      ReviewDraft draft, ReviewerKey key, String reviewer, Instant now) {
    Campaign campaign = draft.campaign();
    ObjectNode statement = CampaignFile.JSON.createObjectNode();
    statement.put("_type", "https://in-toto.io/Statement/v1");
    ArrayNode subjects = statement.putArray("subject");
    for (Campaign.Source each : campaign.archives()) {
      subjects
          .addObject()
          .put("name", each.name())
          .putObject("digest")
          .put("sha256", each.sha256());
    }
    statement.put("predicateType", PREDICATE);
    ObjectNode predicate = statement.putObject("predicate");
    predicate.put("title", campaign.title());
    predicate.put("prepared", campaign.prepared().toString());
    predicate.put("signed", now.toString());
    predicate.put("reviewer", reviewer);
    predicate.put("keyId", key.keyId());
    predicate.put("advice", Campaign.ADVICE);
    predicate.put("populationSha256", campaign.populationSha256());
    predicate.set("archives", CampaignFile.sources(campaign));
    ObjectNode coverage = predicate.putObject("coverage");
    coverage.put("from", campaign.coveredFrom().toString());
    coverage.put("to", campaign.coveredTo().toString());
    coverage.put("gapsSeconds", campaign.gapsSeconds());
    ObjectNode counts = predicate.putObject("counts");
    for (Decision.Kind kind : Decision.Kind.values()) {
      counts.put(kind.json(), draft.counts().getOrDefault(kind, 0));
    }
    ObjectNode how = predicate.putObject("howReviewed");
    how.put("items", campaign.items().size());
    how.put("evidenceOpened", draft.evidenceOpened());
    how.put("medianMillis", draft.medianMillis());
    how.put("groupDecisions", draft.groupDecisions());
    how.put("againstRecommendation", draft.against());
    ArrayNode decisions = predicate.putArray("decisions");
    for (ReviewItem item : campaign.items()) {
      Decision decision = draft.decision(item).orElseThrow();
      ObjectNode node = decisions.addObject();
      node.put("item", item.id());
      node.put("title", item.title());
      node.put("credentials", item.credentials().size());
      node.put("recommendation", item.recommendation().json());
      node.put("decision", decision.kind().json());
      node.put("comment", decision.comment());
      node.put("detail", decision.detail());
      ArrayNode evidence = node.putArray("evidence");
      item.evidence().forEach(each -> evidence.add(each.citation()));
    }
    return statement;
  }

  /// `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`.
  private static byte[] preAuthentication(byte[] payload) {
    byte[] head =
        "DSSEv1 %d %s %d "
            .formatted(PAYLOAD_TYPE.length(), PAYLOAD_TYPE, payload.length)
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + payload.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(payload, 0, all, head.length, payload.length);
    return all;
  }

  private static List<String> citations(JsonNode predicate) {
    LinkedHashSet<String> citations = new LinkedHashSet<>();
    predicate
        .path("decisions")
        .forEach(
            decision -> decision.path("evidence").forEach(each -> citations.add(each.asText())));
    return List.copyOf(citations);
  }

  private static List<Campaign.Source> sources(JsonNode predicate) {
    List<Campaign.Source> sources = new ArrayList<>();
    for (JsonNode each : predicate.path("archives")) {
      sources.add(CampaignFile.source(each));
    }
    return sources;
  }

  /// Compares the archives that a review was made over with those that are there now.
  ///
  /// @param files archives; others than the review's may be among them
  /// @param trusted keys of recorders
  /// @return what is different, a sentence each; empty if every one is there and is the same
  /// @throws IOException if a file cannot be read
  public static List<String> compare(Check check, List<Path> files, TrustedSigners trusted)
      throws IOException {
    Map<String, IntegrityReport> reports = new HashMap<>();
    for (Path file : files) {
      try (EvidenceArchive archive = EvidenceArchives.open(file)) {
        reports.put(archive.card().id(), archive.verify(trusted, VerificationProgress.SILENT));
      }
    }
    List<String> different = new ArrayList<>();
    for (Campaign.Source each : check.archives()) {
      IntegrityReport report = reports.get(each.id());
      if (report == null) {
        different.add(each.name() + " is not among the archives that were named.");
      } else if (!report.sha256().equals(each.sha256())) {
        different.add(
            "%s was changed since: its SHA-256 is %s, signed was %s; its state is %s."
                .formatted(
                    each.name(),
                    report.sha256().isEmpty() ? "unknown" : report.sha256(),
                    each.sha256(),
                    report.state().json()));
      } else if (!report.state().json().equals(each.state())) {
        different.add(
            "%s is the same file, but its state is %s, and was %s: other keys are trusted."
                .formatted(each.name(), report.state().json(), each.state()));
      }
    }
    return different;
  }

  /// Checks a signed review.
  ///
  /// @param trusted key of the reviewer; without one the key in the file is used, which proves only
  ///   that nothing was changed since
  /// @throws IOException if the file cannot be read
  public static Check verify(Path file, Optional<PublicKey> trusted) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      return Check.refused("The file is larger than a review can be.");
    }
    try {
      byte[] text = Files.readAllBytes(file);
      JsonNode envelope = CampaignFile.JSON.readTree(text);
      JsonNode signature = envelope.path("signatures").path(0);
      if (!envelope.path("payloadType").asText().equals(PAYLOAD_TYPE)) {
        return Check.refused("payloadType is not " + PAYLOAD_TYPE + ".");
      }
      byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
      PublicKey key =
          trusted.isPresent()
              ? trusted.get()
              : KeyFactory.getInstance("Ed25519")
                  .generatePublic(
                      new X509EncodedKeySpec(
                          Base64.getDecoder().decode(signature.path("publicKey").asText())));
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(preAuthentication(payload));
      if (!check.verify(Base64.getDecoder().decode(signature.path("sig").asText()))) {
        return Check.refused(
            "The signature does not fit the payload: payload or signatures[0].sig was changed.");
      }
      String keyId = ReviewerKey.keyId(key);
      if (!signature.path("keyid").asText().equals(keyId)) {
        return Check.refused("keyid is not that of the key.");
      }
      String canonical =
          envelope(
              payload,
              keyId,
              Base64.getDecoder().decode(signature.path("sig").asText()),
              key.getEncoded());
      int changed = Arrays.mismatch(text, canonical.getBytes(StandardCharsets.UTF_8));
      if (changed >= 0) {
        return Check.refused(
            "The envelope was changed at byte %,d, outside of what is signed.".formatted(changed));
      }
      JsonNode predicate = CampaignFile.JSON.readTree(payload).path("predicate");
      return new Check(
          true,
          "",
          keyId,
          predicate.path("title").asText(),
          predicate.path("populationSha256").asText(),
          predicate.path("decisions").size(),
          sources(predicate),
          citations(predicate));
    } catch (JsonProcessingException e) {
      return Check.refused(
          "The file is no envelope: it is not JSON"
              + (e.getLocation() == null
                  ? "."
                  : ", from line %,d, column %,d."
                      .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Check.refused("Key, payload or signature cannot be decoded.");
    }
  }
}
