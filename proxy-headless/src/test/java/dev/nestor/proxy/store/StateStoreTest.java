package dev.nestor.proxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nestor.proxy.store.StoredCredential.StoredEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was said to be kept is there again, and only one gateway has it.
class StateStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path folder;

  private static StoredCredential credential(String digit, Optional<String> parent, int depth) {
    return new StoredCredential(
        digit.repeat(64),
        parent.map(each -> each.repeat(64)),
        depth,
        NOW.plus(Duration.ofHours(1)),
        "{\"name\":\"" + digit + "\"}",
        Optional.empty());
  }

  @Test
  void credentialsAndTheirEndsSurviveAReopening() throws Exception {
    StoredCredential root = credential("a", Optional.empty(), 0);
    StoredCredential child = credential("b", Optional.of("a"), 1);
    StoredEnd end = new StoredEnd(NOW, "https://id.example ann", "offboarded", true);
    try (StateStore store = StateStore.open(folder.resolve("state.db"))) {
      store.add(List.of(root, child));
      store.end(List.of(root), end);
    }

    try (StateStore store = StateStore.open(folder.resolve("state.db"))) {
      List<StoredCredential> found = store.credentials(NOW);

      assertThat(found)
          .extracting(StoredCredential::digest)
          .containsExactly(root.digest(), child.digest());
      assertThat(found.getFirst().end()).contains(end);
      assertThat(found.getLast()).isEqualTo(child);
    }
  }

  @Test
  void theIdentityIsMadeOnce() throws Exception {
    StateStore.Identity first;
    try (StateStore store = StateStore.open(folder.resolve("state.db"))) {
      first = store.identity(() -> new StateStore.Identity("urn:one", "{}"));
    }
    try (StateStore store = StateStore.open(folder.resolve("state.db"))) {
      assertThat(store.identity(() -> new StateStore.Identity("urn:two", "{}"))).isEqualTo(first);
    }
  }

  @Test
  void aNarrowEndIsWidenedAndAWideOneStays() throws Exception {
    StoredCredential root = credential("a", Optional.empty(), 0);
    try (StateStore store = StateStore.inMemory()) {
      store.end(List.of(root), new StoredEnd(NOW, "", "first", false));
      store.end(List.of(root), new StoredEnd(NOW, "", "second", true));
      store.end(List.of(root), new StoredEnd(NOW, "", "third", false));

      assertThat(store.credentials(NOW).getFirst().end().orElseThrow())
          .isEqualTo(new StoredEnd(NOW, "", "second", true));
    }
  }

  @Test
  void halfATreeIsNotAdded() throws Exception {
    StoredCredential orphan = credential("b", Optional.of("f"), 1);
    try (StateStore store = StateStore.inMemory()) {
      assertThatThrownBy(() -> store.add(List.of(credential("a", Optional.empty(), 0), orphan)))
          .isInstanceOf(IOException.class);

      assertThat(store.credentials(NOW)).isEmpty();
    }
  }

  @Test
  void aSecondGatewayIsRefused() throws Exception {
    Path file = folder.resolve("state.db");
    try (StateStore first = StateStore.open(file)) {
      first.add(List.of(credential("a", Optional.empty(), 0)));

      assertThatThrownBy(() -> StateStore.open(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another gateway has it open");
    }
  }

  @Test
  void theFileIsItsOwnersAlone() throws Exception {
    try (StateStore store = StateStore.open(folder.resolve("state.db"))) {
      store.add(List.of(credential("a", Optional.empty(), 0)));

      try (var files = Files.list(folder)) {
        assertThat(files)
            .allSatisfy(file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void whatIsNoStoreOfOursOrANewerOneIsRefused() throws Exception {
    Path text = Files.writeString(folder.resolve("text.db"), "this is not a database at all");
    assertThatThrownBy(() -> StateStore.open(text)).isInstanceOf(IOException.class);

    Path foreign = folder.resolve("foreign.db");
    Path newer = folder.resolve("newer.db");
    run(foreign, "PRAGMA application_id = 7");
    StateStore.open(newer).close();
    run(newer, "PRAGMA user_version = 99");
    assertThatThrownBy(() -> StateStore.open(foreign))
        .hasMessageContaining("not a file of this gateway");
    assertThatThrownBy(() -> StateStore.open(newer)).hasMessageContaining("newer version");
  }

  private static void run(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
