package dev.nestor.evidence.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.campaign.Campaign;
import dev.nestor.evidence.campaign.CampaignFile;
import dev.nestor.evidence.campaign.CampaignPreparation;
import dev.nestor.evidence.campaign.Decision;
import dev.nestor.evidence.campaign.ReviewDraft;
import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.evidence.campaign.ReviewerKey;
import dev.nestor.evidence.campaign.SignedReview;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.testing.AgentsStory;
import dev.nestor.evidence.testing.RecordedStory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A signed review inside its evidence package.
class ReviewPackageTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T09:00:00Z"), ZoneOffset.UTC);
  private static final EvidencePackage.Progress GO_ON = (_, _) -> true;

  @TempDir static Path folder;
  private static Path archive;
  private static String vkey;
  private static Campaign campaign;
  private static ReviewerKey reviewer;
  private static Path signed;
  private static Map<String, byte[]> files;
  private static int number;

  @BeforeAll
  static void sign() throws Exception {
    RecordedStory.Written story = AgentsStory.write(folder, "agents", 91);
    archive = story.file();
    vkey = story.vkey();
    try (EvidenceArchive opened = EvidenceArchives.open(archive)) {
      campaign =
          CampaignPreparation.of(
              "Q4 <agents>", List.of(opened), TrustedSigners.NONE, CLOCK.instant());
    }
    reviewer = ReviewerKey.in(folder.resolve("keys"), "correct horse".toCharArray());
    signed = signed(campaign);
    files = files(signed, List.of(archive));
  }

  private static Path signed(Campaign of) throws IOException {
    Path file = folder.resolve("review" + number++ + ".pgreview");
    CampaignFile.write(of, file);
    ReviewDraft draft = ReviewDraft.beside(file, CampaignFile.read(file), CLOCK);
    for (ReviewItem each : of.items()) {
      String missing =
          draft.decide(each, new Decision(each.recommendation(), "=seen", "orders.read"));
      assertThat(missing).isEmpty();
    }
    Path target = folder.resolve("review" + number++ + ".review.json");
    SignedReview.write(SignedReview.sign(draft, reviewer, "raj", CLOCK.instant()), target);
    return target;
  }

  private static Map<String, byte[]> files(Path review, List<Path> archives) throws IOException {
    return EvidencePackage.files(
        archives,
        SignedReview.citations(review),
        "a review",
        Optional.of(Files.readAllBytes(review)),
        GO_ON);
  }

  private static String text(String name) {
    return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  /// The campaign with other roots, signed as if that was what it had been made from.
  private static Campaign withRoots(UnaryOperator<Campaign.Root> change) {
    return new Campaign(
        campaign.title(),
        campaign.prepared(),
        campaign.archives().stream()
            .map(each ->
                new Campaign.Source(
                    each.name(),
                    each.id(),
                    each.sha256(),
                    each.state(),
                    each.frames(),
                    each.roots().stream().map(change).toList()))
            .toList(),
        campaign.coveredFrom(),
        campaign.coveredTo(),
        campaign.gapsSeconds(),
        campaign.items(),
        campaign.populationSha256());
  }

  @Test
  void theReviewIsBoundToTheCheckpointsOfItsRecordings() {
    assertThat(campaign.archives().getFirst().roots()).isNotEmpty();
    assertThat(Verify.check(files, vkey, Optional.of(reviewer.publicKey().getEncoded())))
        .contains("a review with %d decisions".formatted(campaign.items().size()))
        .contains(reviewer.keyId());
  }

  @Test
  void everyDecisionIsARowThatPeopleReadAndNoFormula() throws IOException {
    assertThat(text(Verify.DECISIONS).lines()).hasSize(campaign.items().size() + 1);
    assertThat(text(Verify.DECISIONS)).contains("\"'=seen\"").doesNotContain("\"=seen\"");
    JsonNode json = new ObjectMapper().readTree(files.get(Verify.JSON));
    assertThat(json.path("review").path("decisions")).hasSize(campaign.items().size());
    assertThat(text(Verify.HTML))
        .contains("<h2>Decisions</h2>", "Q4 &lt;agents&gt;")
        .doesNotContain("<agents>");
  }

  @Test
  void everyChangedByteOfTheReviewIsRefusedWithItsPlace() {
    byte[] review = files.getOrDefault(Verify.REVIEW, new byte[0]);
    for (int at = 0; at < review.length; at += at < 140 || at > review.length - 400 ? 1 : 97) {
      Map<String, byte[]> changed = new HashMap<>(files);
      byte[] other = review.clone();
      other[at] ^= 1;
      changed.put(Verify.REVIEW, other);
      assertThatThrownBy(() -> Verify.check(changed, vkey))
          .as("byte %d", at)
          .isInstanceOf(Verify.Refused.class)
          .hasMessageMatching("review\\.json(.* lines? [0-9]+.*| is no text)");
    }
  }

  @Test
  void everyChangedByteOfTheSignedFileAloneIsRefusedToo() throws IOException {
    byte[] review = Files.readAllBytes(signed);
    Path file = folder.resolve("flipped.review.json");
    for (int at = 0; at < review.length; at += at < 140 || at > review.length - 400 ? 1 : 97) {
      byte[] other = review.clone();
      other[at] ^= 1;
      Files.write(file, other);
      SignedReview.Check check = SignedReview.verify(file, Optional.empty());
      assertThat(check.genuine()).as("byte %d", at).isFalse();
      assertThat(check.problem()).isNotBlank();
    }
  }

  @Test
  void aDecisionThatWasChangedInWhatPeopleReadIsNamedByItsLine() {
    Map<String, byte[]> changed = new HashMap<>(files);
    String csv = text(Verify.DECISIONS);
    int at = csv.indexOf("\"revoke\"");
    changed.put(
        Verify.DECISIONS,
        (csv.substring(0, at) + "\"certif\"" + csv.substring(at + 8))
            .getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Verify.check(changed, vkey))
        .hasMessageStartingWith("decisions.csv does not say what the proofs say, from line 2");
  }

  @Test
  void aReviewOfOtherRootsIsNotPackedAndNotVerified() throws IOException {
    for (UnaryOperator<Campaign.Root> change :
        List.<UnaryOperator<Campaign.Root>>of(
            root -> new Campaign.Root(root.segment(), root.entries() + 1, root.root()),
            root -> new Campaign.Root(root.segment() + 1, root.entries(), root.root()),
            root -> new Campaign.Root(root.segment(), root.entries(), "A" + root.root()))) {
      Path other = signed(withRoots(change));
      assertThatThrownBy(() -> files(other, List.of(archive)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("segment");
      Map<String, byte[]> forged = new HashMap<>(files);
      byte[] review = Files.readAllBytes(other);
      forged.put(Verify.REVIEW, review);
      forged.putAll(Verify.readable(text(Verify.PROOF), Optional.of(Verify.Review.parse(review))));
      assertThatThrownBy(() -> Verify.check(forged, vkey))
          .isInstanceOf(Verify.Refused.class)
          .hasMessageContaining("segment");
    }
  }

  @Test
  void aReviewWithoutAStatementThatItRestsOnIsRefused() {
    assertThatThrownBy(() ->
            EvidencePackage.files(
                List.of(archive),
                SignedReview.citations(signed).subList(0, 1),
                "too little",
                Optional.of(Files.readAllBytes(signed)),
                GO_ON))
        .hasMessageContaining("which is not here");
  }

  @Test
  void anotherReviewersKeyIsRefusedAndAPackageWithoutAReviewToo() throws Exception {
    ReviewerKey other = ReviewerKey.in(folder.resolve("other"), "correct horse".toCharArray());
    assertThatThrownBy(() -> Verify.check(files, vkey, Optional.of(other.publicKey().getEncoded())))
        .hasMessageContaining("another key than REVIEWER's");
    Map<String, byte[]> none =
        EvidencePackage.files(
            List.of(archive), SignedReview.citations(signed).subList(0, 1), "", GO_ON);
    assertThatThrownBy(
            () -> Verify.check(none, vkey, Optional.of(reviewer.publicKey().getEncoded())))
        .hasMessageContaining("review.json is missing");
  }

  @Test
  void aJdkAloneChecksIt() throws Exception {
    Path target = folder.resolve("reviewed.zip");
    EvidencePackage.write(
        List.of(archive),
        SignedReview.citations(signed),
        "a review",
        Optional.of(Files.readAllBytes(signed)),
        target,
        GO_ON);
    Path alone = Files.createTempDirectory(folder, "alone");
    Path source = Files.write(alone.resolve(Verify.SOURCE), files.get(Verify.SOURCE));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                source.toString(),
                target.toString(),
                vkey,
                folder.resolve("keys").resolve("reviewer.pub").toString()));
    Process process =
        new ProcessBuilder(command).directory(alone.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(said).startsWith("verified: ").contains("a review with");
    assertThat(process.exitValue()).isZero();
  }
}
