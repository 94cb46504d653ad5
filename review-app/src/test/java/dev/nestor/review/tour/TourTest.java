package dev.nestor.review.tour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.testing.RecordedStory;
import dev.nestor.review.Toolkit;
import dev.nestor.review.app.Preferences;
import dev.nestor.review.app.Workstation;
import dev.nestor.review.ui.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javafx.stage.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tour over archives that the recorder's own writer made; its pictures are in `target/tour`.
class TourTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PICTURES = Path.of("target", "tour");

  @TempDir static Path folder;
  private static List<String> missing;
  private static Map<Path, String> before;

  @BeforeAll
  static void takeTheTour() throws Exception {
    Toolkit.start();
    RecordedStory.Written story = RecordedStory.write(folder, "compromised-child", 3);
    RecordedStory.Written cut = RecordedStory.writeAbandoned(folder, "recorder-died", 4);
    RecordedStory.Written foreign = RecordedStory.write(folder, "partner", 5);
    Path damaged = RecordedStory.writeLong(folder, "billing-damaged", 3, 2_400).file();
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[4_096 + (bytes.length - 4_096) / 2] ^= 0x20;
    Files.write(damaged, bytes);
    before = fingerprints();
    missing = tour(Theme.LIGHT, "light", story, cut, foreign, damaged);
    tour(Theme.DARK, "dark", story, cut, foreign, damaged);
  }

  private static List<String> tour(
      Theme theme,
      String name,
      RecordedStory.Written story,
      RecordedStory.Written cut,
      RecordedStory.Written foreign,
      Path damaged)
      throws Exception {
    Stage[] stage = new Stage[1];
    Workstation workstation =
        Toolkit.on(() -> {
          Workstation made =
              new Workstation(
                  EvidenceArchives::open,
                  new TrustedSigners(List.of(story.vkey(), cut.vkey())),
                  Preferences.in(folder.resolve("preferences-" + name)),
                  theme,
                  1440,
                  900);
          stage[0] = new Stage();
          made.show(stage[0]);
          return made;
        });
    List<String> left =
        new Tour(
                workstation.workbench(),
                workstation.view(),
                new Pictures(PICTURES.resolve(name), 1),
                workstation::isIdle)
            .run(List.of(story.file(), cut.file(), foreign.file()), Optional.of(damaged));
    Toolkit.run(stage[0]::close);
    return left;
  }

  /// Bytes and time of each archive.
  private static Map<Path, String> fingerprints() throws Exception {
    Map<Path, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".pgrec")).toList()) {
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        all.put(file, HexFormat.of().formatHex(sha256) + " " + Files.getLastModifiedTime(file));
      }
    }
    return all;
  }

  @Test // A8
  void theArchivesAreAsTheyWere() throws Exception {
    assertThat(before).hasSizeGreaterThanOrEqualTo(4);
    assertThat(fingerprints()).isEqualTo(before);
  }

  private static List<Path> listings() throws IOException {
    try (Stream<Path> files = Files.walk(PICTURES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @Test
  void everyStopOfTheTourHasAPicture() throws IOException {
    assertThat(missing).isEmpty();
    for (String theme : List.of("light", "dark")) {
      assertThat(
              List.of(
                  "01-library",
                  "02-search",
                  "03-replay-allowed",
                  "04-replay-masked",
                  "05-replay-held",
                  "06-replay-blocked",
                  "07-replay-killed",
                  "08-replay-forensics",
                  "09-rule",
                  "10-lineage",
                  "11-lineage-graph",
                  "12-credentials",
                  "13-review",
                  "14-review-groups",
                  "15-sign-off",
                  "16-preferences",
                  "17-keys",
                  "18-damaged"))
          .allSatisfy(name -> {
            assertThat(PICTURES.resolve(theme).resolve(name + ".png")).isNotEmptyFile();
            assertThat(PICTURES.resolve(theme).resolve(name + ".json")).isNotEmptyFile();
          });
    }
  }

  @Test
  void noChipButtonOrHeadingIsCut() throws IOException {
    List<String> clipped = new ArrayList<>();
    for (Path listing : listings()) {
      for (JsonNode node : JSON.readTree(listing.toFile()).path("nodes")) {
        if (node.path("clipped").asBoolean()) {
          clipped.add(listing.getFileName() + ": " + node.path("text").asText());
        }
      }
    }
    assertThat(clipped).isEmpty();
  }

  @Test
  void everyScreenHasOneFocusAndAStatusBar() throws IOException {
    for (Path listing : listings()) {
      JsonNode nodes = JSON.readTree(listing.toFile()).path("nodes");
      long focused = 0;
      boolean status = false;
      for (JsonNode node : nodes) {
        focused += node.path("focused").asBoolean() ? 1 : 0;
        status |= node.path("text").asText().equals("Read-only evidence");
      }
      assertThat(focused).as("%s", listing).isEqualTo(1);
      assertThat(status).as("%s", listing).isTrue();
    }
  }

  @Test
  void everyFullTimeSaysItsZone() throws IOException {
    for (Path listing : listings()) {
      for (JsonNode node : JSON.readTree(listing.toFile()).path("nodes")) {
        String text = node.path("text").asText();
        Matcher time =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?( UTC)?")
                .matcher(text);
        while (time.find()) {
          assertThat(time.group()).as("%s: %s", listing, text).endsWith(" UTC");
        }
      }
    }
  }

  @Test // A24
  void everyRowChipCanvasFieldAndIconButtonCanBeHeard() throws IOException {
    Set<String> mute = new TreeSet<>();
    int heard = 0;
    for (Path listing : listings()) {
      for (JsonNode node : JSON.readTree(listing.toFile()).path("nodes")) {
        if (node.path("mustBeHeard").asBoolean()) {
          heard++;
          if (node.path("accessibleText").asText().isBlank()) {
            mute.add(
                listing.getFileName()
                    + " "
                    + node.path("role").asText()
                    + " "
                    + node.path("text").asText()
                    + node.path("styles"));
          }
        }
      }
    }
    assertThat(mute).isEmpty();
    assertThat(heard).isGreaterThan(500);
  }

  @Test // A24
  void aDialogIsToldAsOne() throws IOException {
    for (String name : List.of("15-sign-off", "16-preferences", "17-keys")) {
      assertThat(Files.readString(PICTURES.resolve("light/" + name + ".json")))
          .contains("\"role\" : \"DIALOG\"");
    }
  }

  @Test
  void theSignOffSaysWhatChangesBeforeAnythingIsSigned() throws IOException {
    assertThat(Files.readString(PICTURES.resolve("light/15-sign-off.json")))
        .contains(
            "What changes", "of which against the advice 0", "\"Undecided\"", "Sign and finish");
  }

  @Test
  void theLibraryShowsFourArchivesInFourStates() throws IOException {
    String listing = Files.readString(PICTURES.resolve("light/01-library.json"));

    assertThat(listing)
        .contains("\"Verified\"", "\"Incomplete\"", "\"Unknown signer\"", "\"Damaged\"");
  }

  @Test
  void ofTheDamagedArchiveTheProvedPartIsOfferedFirst() throws IOException {
    String listing = Files.readString(PICTURES.resolve("light/18-damaged.json"));

    assertThat(listing)
        .contains(
            "This archive is damaged. Part of it can still be trusted.",
            "Open the verified part only",
            "Open verified part");
  }

  @Test
  void theMaskedStopShowsWhatTheClientSaw() throws IOException {
    String listing = Files.readString(PICTURES.resolve("light/04-replay-masked.json"));

    assertThat(listing)
        .contains("•••••@contoso.com", "2 columns masked by rule", "pii.masked", "NULL", "∅");
  }
}
