package dev.nestor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PolicyTablesTest {
  private static final Path PAGE =
      Path.of(System.getProperty("nestor.root"), "docs/policy-tables.md");

  @Test // a page that was copied by hand is wrong from the next commit on
  void thePageSaysWhatTheCodeSays() throws IOException {
    if (Boolean.getBoolean("nestor.write")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, PolicyTables.markdown());
    }

    assertThat(PAGE)
        .as(
            "make it again: mvn -pl policy-engine -am test -Dtest=PolicyTablesTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dnestor.test.jvm=-Dnestor.write=true")
        .exists();
    assertThat(Files.readString(PAGE))
        .as("docs/policy-tables.md is stale; PolicyTablesTest says how to make it again")
        .isEqualTo(PolicyTables.markdown());
  }
}
