package dev.nestor.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionNamesTest {
  @Test
  void aSearchPathIsReadAsTheServerPrintsIt() {
    assertThat(SessionNames.parseSearchPath("\"$user\", public"))
        .containsExactly("$user", "public");
    assertThat(SessionNames.parseSearchPath("App, \"App\",\"a,\"\"b\""))
        .containsExactly("app", "App", "a,\"b");
    assertThat(SessionNames.parseSearchPath("")).isEmpty();
    assertThat(SessionNames.parseSearchPath("\"\"")).isEmpty();
    assertThat(SessionNames.parseSearchPath("unfinished, \"quote"))
        .containsExactly("unfinished", "quote");
  }
}
