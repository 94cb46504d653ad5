package dev.nestor.evidence.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The decisions on a campaign's items before they are signed: a log of lines beside the campaign,
/// each forced to the disk when it is written, each naming the digest of the one before. A killed
/// process costs what was not entered yet. Belongs to one thread.
public final class ReviewDraft {
  private static final long BYTES_MAX = 64L << 20;

  /// One step that can be undone.
  private record Step(String item, Optional<Decision> before) {}

  private final Campaign campaign;
  private final Path log;
  private final Clock clock;
  private final Map<String, Decision> decisions = new LinkedHashMap<>();
  private final Map<String, String> typed = new ConcurrentHashMap<>();
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Set<String> opened = new HashSet<>();
  private final List<Long> millis = new ArrayList<>();
  private String lastLine = "";
  private Instant shownAt;

  private ReviewDraft(Campaign campaign, Path log, Clock clock) {
    this.campaign = campaign;
    this.log = log;
    this.clock = clock;
    this.shownAt = clock.instant();
  }

  /// Opens the draft beside a campaign; one that is there goes on.
  ///
  /// @throws IOException if the log cannot be read, or was changed: the message names the line
  public static ReviewDraft beside(Path campaignFile, Campaign campaign, Clock clock)
      throws IOException {
    Path file = campaignFile.toAbsolutePath();
    ReviewDraft draft =
        new ReviewDraft(campaign, file.resolveSibling(file.getFileName() + ".draft"), clock);
    draft.read();
    draft.readTyped();
    return draft;
  }

  private void read() throws IOException {
    if (!Files.exists(log)) {
      return;
    }
    if (Files.size(log) > BYTES_MAX) {
      throw new IOException(log + " is larger than a draft can be");
    }
    dropTornLine();
    List<String> lines = Files.readString(log).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      JsonNode node;
      try {
        node = CampaignFile.JSON.readTree(lines.get(i));
      } catch (IOException e) {
        throw new IOException("%s, line %d: not readable".formatted(log, i + 1));
      }
      if (!node.path("before").asText().equals(CampaignFile.sha256(lastLine))) {
        throw new IOException(
            "%s, line %d: does not follow the line before; the draft was changed"
                .formatted(log, i + 1));
      }
      if (!node.path("population").asText().equals(campaign.populationSha256())) {
        throw new IOException("%s, line %d: belongs to another population".formatted(log, i + 1));
      }
      apply(node);
      lastLine = lines.get(i);
    }
  }

  /// A comment that was typed and not yet entered; empty if there is none.
  public String typed(ReviewItem item) {
    return typed.getOrDefault(item.id(), "");
  }

  /// Says what stands in the field for an item's comment.
  public void type(ReviewItem item, String text) {
    if (text.isEmpty()) {
      typed.remove(item.id());
    } else {
      typed.put(item.id(), text);
    }
  }

  /// Keeps what was typed, so that a killed process loses none of it. Any thread may call it.
  ///
  /// @throws IOException if it cannot be written
  public void keepTyped() throws IOException {
    synchronized (typed) {
      ObjectNode node = CampaignFile.JSON.createObjectNode();
      typed.forEach(node::put);
      Path part = typing().resolveSibling(typing().getFileName() + ".part");
      Files.writeString(part, node.toString());
      Files.move(part, typing(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path typing() {
    return log.resolveSibling(log.getFileName() + ".typing");
  }

  /// What cannot be read was typed for nothing, and is no reason not to open a review.
  private void readTyped() {
    try {
      if (Files.exists(typing()) && Files.size(typing()) < BYTES_MAX) {
        CampaignFile.JSON
            .readTree(Files.readString(typing()))
            .properties()
            .forEach(each -> typed.put(each.getKey(), each.getValue().asText()));
      }
    } catch (IOException e) {
      typed.clear();
    }
  }

  /// Cuts off the line that was being written when the process ended; the next would join it.
  private void dropTornLine() throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end < bytes.length) {
      try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
        channel.truncate(end);
        channel.force(true);
      }
    }
  }

  private void apply(JsonNode node) {
    String item = node.path("item").asText();
    switch (node.path("what").asText()) {
      case "decide" -> {
        steps.push(new Step(item, Optional.ofNullable(decisions.get(item))));
        Decision.Kind.of(node.path("decision").asText())
            .ifPresent(kind ->
                decisions.put(
                    item,
                    new Decision(
                        kind, node.path("comment").asText(), node.path("detail").asText())));
        millis.add(node.path("millis").asLong());
      }
      case "undo" -> takeBack();
      case "open" -> opened.add(item);
      default -> {}
    }
  }

  private void takeBack() {
    Step step = steps.poll();
    if (step != null) {
      step.before()
          .ifPresentOrElse(
              before -> decisions.put(step.item(), before), () -> decisions.remove(step.item()));
      if (!millis.isEmpty()) {
        millis.removeLast();
      }
    }
  }

  private void append(ObjectNode node) throws IOException {
    node.put("at", clock.instant().toString());
    node.put("population", campaign.populationSha256());
    node.put("before", CampaignFile.sha256(lastLine));
    String line = node.toString();
    try (FileChannel channel =
        FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    lastLine = line;
    apply(node);
  }

  /// The campaign.
  public Campaign campaign() {
    return campaign;
  }

  /// The decision on an item.
  public Optional<Decision> decision(ReviewItem item) {
    return Optional.ofNullable(decisions.get(item.id()));
  }

  /// Says that an item came before the reviewer's eyes; its time begins.
  public void show() {
    shownAt = clock.instant();
  }

  /// Says that the evidence behind an item was opened.
  ///
  /// @throws IOException if it cannot be written down
  public void openEvidence(ReviewItem item) throws IOException {
    if (!opened.contains(item.id())) {
      append(CampaignFile.JSON.createObjectNode().put("what", "open").put("item", item.id()));
    }
  }

  /// Decides.
  ///
  /// @return what is missing; empty if it counts now
  /// @throws IOException if it cannot be written down
  public String decide(ReviewItem item, Decision decision) throws IOException {
    String missing = decision.missing(item);
    if (!missing.isEmpty()) {
      return missing;
    }
    append(
        CampaignFile.JSON
            .createObjectNode()
            .put("what", "decide")
            .put("item", item.id())
            .put("decision", decision.kind().json())
            .put("comment", decision.comment())
            .put("detail", decision.detail())
            .put("millis", Duration.between(shownAt, clock.instant()).toMillis()));
    shownAt = clock.instant();
    typed.remove(item.id());
    return "";
  }

  /// Takes the last decision back.
  ///
  /// @return whether there was one
  /// @throws IOException if it cannot be written down
  public boolean undo() throws IOException {
    if (steps.isEmpty()) {
      return false;
    }
    append(CampaignFile.JSON.createObjectNode().put("what", "undo").put("item", ""));
    return true;
  }

  /// How many items are decided.
  public int decided() {
    return (int) campaign.items().stream().filter(i -> decisions.containsKey(i.id())).count();
  }

  /// How often each kind was decided.
  public Map<Decision.Kind, Integer> counts() {
    Map<Decision.Kind, Integer> counts = new EnumMap<>(Decision.Kind.class);
    campaign
        .items()
        .forEach(
            item -> decision(item).ifPresent(each -> counts.merge(each.kind(), 1, Integer::sum)));
    return counts;
  }

  /// How many decisions go against the recommendation.
  public int against() {
    return (int)
        campaign.items().stream()
            .filter(item ->
                decision(item)
                    .filter(each ->
                        each.kind() != item.recommendation()
                            && each.kind() != Decision.Kind.DELEGATE)
                    .isPresent())
            .count();
  }

  /// For how many decided items the evidence was opened.
  public int evidenceOpened() {
    return (int)
        campaign.items().stream()
            .filter(item -> opened.contains(item.id()) && decisions.containsKey(item.id()))
            .count();
  }

  /// The median time of a decision in milliseconds, 0 before the first.
  public long medianMillis() {
    List<Long> sorted = millis.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }

  /// Items that stand for several identical credentials, decided as one.
  public int groupDecisions() {
    return (int)
        campaign.items().stream()
            .filter(item -> item.credentials().size() > 1 && decisions.containsKey(item.id()))
            .count();
  }
}
