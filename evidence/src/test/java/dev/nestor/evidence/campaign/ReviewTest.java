package dev.nestor.evidence.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.testing.AgentsStory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewTest {
  private static final Instant NOW = Instant.parse("2026-11-20T09:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  @TempDir static Path folder;
  private static Campaign campaign;
  private static int number;
  private Path file;

  @BeforeAll
  static void prepare() throws Exception {
    Path archive = AgentsStory.write(folder, "agents", 82).file();
    try (EvidenceArchive opened = EvidenceArchives.open(archive)) {
      campaign = CampaignPreparation.of("Q4 agents", List.of(opened), TrustedSigners.NONE, NOW);
    }
  }

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("c" + number++ + ".pgreview");
    CampaignFile.write(campaign, file);
  }

  private ReviewDraft draft() throws IOException {
    return ReviewDraft.beside(file, CampaignFile.read(file), CLOCK);
  }

  private static ReviewItem item(String credential) {
    return campaign.items().stream()
        .filter(each -> each.credentials().contains(credential))
        .findFirst()
        .orElseThrow();
  }

  private static ReviewDraft decideAll(ReviewDraft draft) throws IOException {
    for (ReviewItem each : campaign.items()) {
      String missing =
          draft.decide(each, new Decision(each.recommendation(), "seen", "orders.read"));
      assertThat(missing).isEmpty();
    }
    return draft;
  }

  @Test
  void identicalItemsAreOneAndTheRiskiestComesFirst() {
    assertThat(item("c-e007").credentials()).hasSize(14);
    assertThat(campaign.items().getFirst().credentials()).containsExactly("c-77d0");
    assertThat(campaign.items().stream().mapToInt(each -> each.credentials().size()).sum())
        .isEqualTo(22);
  }

  @Test
  void grantedStandsBesideUsed() {
    ReviewItem planner = item("c-41aa");

    assertThat(planner.grants())
        .extracting(ReviewItem.Grant::scope, ReviewItem.Grant::used)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("orders.read", 1L),
            org.assertj.core.groups.Tuple.tuple("carts.write", 0L));
    assertThat(planner.grants().get(1).lastSuccess()).isEmpty();
    assertThat(item("c-77d0").evidence())
        .extracting(ReviewItem.Evidence::text)
        .contains("select * from payments");
  }

  @Test
  void aChangedItemIsRefusedOnOpen() throws Exception {
    Files.writeString(file, Files.readString(file).replace("nightly-job", "nightly-jab"));

    assertThatThrownBy(() -> CampaignFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("changed after preparation");
  }

  @Test
  void aDraftGoesOnWhereItWasLeft() throws Exception {
    ReviewItem first = campaign.items().getFirst();
    draft().decide(first, new Decision(Decision.Kind.REVOKE, "offboarded", ""));

    assertThat(draft().decision(first).orElseThrow().comment()).isEqualTo("offboarded");
  }

  @Test // a killed process costs the line that was being written
  void everyCutOfTheLogOpens() throws Exception {
    decideAll(draft());
    Path log = file.resolveSibling(file.getFileName() + ".draft");
    byte[] whole = Files.readAllBytes(log);
    for (int cut = 0; cut <= whole.length; cut += 37) {
      Files.write(log, java.util.Arrays.copyOf(whole, cut));
      assertThat(draft().decided()).as("cut at %d", cut).isBetween(0, campaign.items().size());
    }
  }

  @Test
  void aDraftThatWasCutGoesOn() throws Exception {
    decideAll(draft());
    Path log = file.resolveSibling(file.getFileName() + ".draft");
    byte[] whole = Files.readAllBytes(log);
    for (int cut = 1; cut <= whole.length; cut += 211) {
      Files.write(log, java.util.Arrays.copyOf(whole, cut));
      decideAll(draft());
      assertThat(draft().decided()).as("cut at %d", cut).isEqualTo(campaign.items().size());
    }
  }

  @Test // what was said to be done before the kill is there after it
  void aKilledReviewerLosesNothing() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledReviewer.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String lastDecided = "";
    String lastTyped = "";
    try (java.io.BufferedReader said = process.inputReader()) {
      for (int i = 0; i < 25; i++) {
        String line = said.readLine();
        assertThat(line).isNotNull();
        lastDecided = line.startsWith("decided") ? line : lastDecided;
        lastTyped = line.startsWith("typed") ? line : lastTyped;
      }
      process.destroyForcibly().waitFor();
    }
    ReviewDraft after = draft();
    String[] decided = lastDecided.split(" ");
    assertThat(round(after.decision(byId(decided[2])).orElseThrow().comment()))
        .isGreaterThanOrEqualTo(Integer.parseInt(decided[1]));
    String[] typed = lastTyped.split(" ");
    ReviewItem item = byId(typed[2]);
    int newest =
        Math.max(
            after.typed(item).isEmpty() ? -1 : round(after.typed(item)),
            after.decision(item).map(each -> round(each.comment())).orElse(-1));
    assertThat(newest).isGreaterThanOrEqualTo(Integer.parseInt(typed[1]));
  }

  private static ReviewItem byId(String id) {
    return campaign.items().stream().filter(i -> i.id().equals(id)).findFirst().orElseThrow();
  }

  private static int round(String text) {
    return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
  }

  @Test
  void typedCommentsComeBackAndGoWhenTheyAreEntered() throws Exception {
    ReviewItem first = campaign.items().getFirst();
    ReviewDraft draft = draft();
    draft.type(first, "half a sen");
    draft.keepTyped();
    assertThat(draft().typed(first)).isEqualTo("half a sen");
    draft.decide(first, new Decision(Decision.Kind.REVOKE, "half a sentence", ""));
    draft.keepTyped();
    assertThat(draft().typed(first)).isEmpty();
    Files.writeString(file.resolveSibling(file.getFileName() + ".draft.typing"), "{ not json");
    assertThat(draft().typed(first)).isEmpty();
  }

  @Test
  void aSignedReviewIsComparedWithTheRecordingsOnDisk() throws Exception {
    ReviewerKey key =
        ReviewerKey.in(folder.resolve("keys" + number), "correct horse".toCharArray());
    Path signed = folder.resolve("compared" + number + ".review.json");
    SignedReview.write(SignedReview.sign(decideAll(draft()), key, "raj", NOW), signed);
    SignedReview.Check check = SignedReview.verify(signed, Optional.of(key.publicKey()));
    Path archive = folder.resolve("agents.pgrec");
    assertThat(SignedReview.compare(check, List.of(archive), TrustedSigners.NONE)).isEmpty();
    Path changed = Files.createDirectories(folder.resolve("changed")).resolve("agents.pgrec");
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Files.write(changed, bytes);
    assertThat(SignedReview.compare(check, List.of(changed), TrustedSigners.NONE))
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .contains("agents.pgrec was changed since", "damaged");
    assertThat(SignedReview.compare(check, List.of(), TrustedSigners.NONE))
        .containsExactly("agents.pgrec is not among the archives that were named.");
  }

  @Test
  void aChangedDraftNamesTheLine() throws Exception {
    decideAll(draft());
    Path log = file.resolveSibling(file.getFileName() + ".draft");
    Files.writeString(log, Files.readString(log).replaceFirst("seen", "sean"));

    assertThatThrownBy(this::draft).hasMessageContaining("line 2").hasMessageContaining("changed");
  }

  @Test
  void undoRestoresWhatWasBefore() throws Exception {
    ReviewDraft draft = draft();
    ReviewItem first = campaign.items().getFirst();
    draft.decide(first, new Decision(Decision.Kind.REVOKE, "a", ""));
    draft.decide(first, new Decision(Decision.Kind.CERTIFY, "b", ""));

    draft.undo();
    assertThat(draft.decision(first).orElseThrow().kind()).isEqualTo(Decision.Kind.REVOKE);
    draft.undo();
    assertThat(draft.decision(first)).isEmpty();
    assertThat(draft.undo()).isFalse();
  }

  @Test
  void goingAgainstTheAdviceNeedsAComment() throws Exception {
    ReviewItem risky = item("c-77d0");

    assertThat(draft().decide(risky, new Decision(Decision.Kind.CERTIFY, " ", "")))
        .isEqualTo("A comment is required to go against the recommendation.");
    assertThat(draft().decided()).isZero();
  }

  @Test
  void nothingIsSignedWhileAnythingIsUndecided() throws Exception {
    ReviewerKey key = ReviewerKey.in(folder.resolve("k1"), "correct horse".toCharArray());

    assertThatThrownBy(() -> SignedReview.sign(draft(), key, "ana", NOW))
        .hasMessage(campaign.items().size() + " items are undecided.");
  }

  @Test
  void theRecordSaysWhatWasDecidedAndHow() throws Exception {
    ReviewDraft draft = draft();
    draft.openEvidence(campaign.items().getFirst());
    decideAll(draft);
    ReviewerKey key = ReviewerKey.in(folder.resolve("k2"), "correct horse".toCharArray());

    JsonNode envelope = new ObjectMapper().readTree(SignedReview.sign(draft, key, "ana", NOW));
    JsonNode statement =
        new ObjectMapper().readTree(Base64.getDecoder().decode(envelope.path("payload").asText()));

    assertThat(statement.path("_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
    assertThat(statement.path("subject").path(0).path("digest").path("sha256").asText())
        .isEqualTo(campaign.archives().getFirst().sha256())
        .hasSize(64);
    JsonNode predicate = statement.path("predicate");
    assertThat(predicate.path("decisions")).hasSize(campaign.items().size());
    assertThat(predicate.path("howReviewed").path("evidenceOpened").asInt()).isEqualTo(1);
    assertThat(predicate.path("howReviewed").path("groupDecisions").asInt()).isEqualTo(1);
    assertThat(predicate.path("populationSha256").asText()).isEqualTo(campaign.populationSha256());
  }

  @Test
  void everyChangedByteOfASignedReviewIsRefused() throws Exception {
    ReviewerKey key = ReviewerKey.in(folder.resolve("k3"), "correct horse".toCharArray());
    String envelope = SignedReview.sign(decideAll(draft()), key, "ana", NOW);
    Path signed = folder.resolve("signed" + number + ".json");
    SignedReview.write(envelope, signed);
    assertThat(SignedReview.verify(signed, Optional.of(key.publicKey())).genuine()).isTrue();
    int from = envelope.indexOf("\"payload\" : \"") + 13;
    int to = envelope.indexOf('"', from);
    byte[] bytes = envelope.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int at = from; at < to - 2; at += 11) {
      byte[] changed = bytes.clone();
      changed[at] = (byte) (changed[at] == 'A' ? 'B' : 'A');
      Files.write(signed, changed);
      SignedReview.Check check = SignedReview.verify(signed, Optional.of(key.publicKey()));
      assertThat(check.genuine()).as("byte %d", at).isFalse();
      assertThat(check.problem()).isNotBlank();
    }
  }

  @Test
  void whatIsSignedIsNeverWrittenOver() throws Exception {
    Path signed = folder.resolve("once.json");
    SignedReview.write("{}", signed);

    assertThatThrownBy(() -> SignedReview.write("{}", signed)).isInstanceOf(IOException.class);
  }

  @Test
  void theKeyOpensByItsPassphraseAlone() throws Exception {
    Path keys = folder.resolve("k4");
    ReviewerKey made = ReviewerKey.in(keys, "correct horse".toCharArray());

    assertThat(ReviewerKey.in(keys, "correct horse".toCharArray()).keyId()).isEqualTo(made.keyId());
    assertThatThrownBy(() -> ReviewerKey.in(keys, "wrong horse".toCharArray()))
        .hasMessageContaining("passphrase");
    assertThat(Files.readString(keys.resolve("reviewer.key"))).contains("ENCRYPTED PRIVATE KEY");
    assertThatThrownBy(() -> ReviewerKey.in(folder.resolve("k5"), "short".toCharArray()))
        .hasMessageContaining("at least 8");
  }
}
