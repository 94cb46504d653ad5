package dev.nestor.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong is named with file, line, column, expectation and fix.
class GatewayConfigFileTest {
  private static final String GOOD =
      """
      listen: { host: 127.0.0.1, port: 6432, tls: off }
      issuers:
        - issuer: https://id.example
          audience: nestor
          keys: discovery
      databases:
        orders:
          server: { hosts: ["localhost:5432"], tls: off }
          role: app_rw
          password: { env: ORDERS_PASSWORD }
          policy: policy.yaml
      recording: { directory: archive, key: { env: RECORDER_KEY } }
      """;

  @TempDir Path folder;

  @BeforeEach
  void policy() throws Exception {
    Files.writeString(folder.resolve("policy.yaml"), "");
  }

  private Path write(String yaml) throws Exception {
    return Files.writeString(folder.resolve("nestor.yaml"), yaml);
  }

  private String errors(String yaml) throws Exception {
    Path file = write(yaml);
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> GatewayConfigFile.read(file));
    return String.join("\n", e.errors().stream().map(ConfigError::toString).toList());
  }

  @Test
  void aGoodFileIsRead() throws Exception {
    GatewayConfig config = GatewayConfigFile.read(write(GOOD));

    assertThat(config.databases().get("orders").role()).isEqualTo("app_rw");
    assertThat(config.recording().directory()).isEqualTo(folder.resolve("archive"));
    assertThat(config.limits()).isEqualTo(GatewayConfig.Limits.STANDARD);
  }

  @Test
  void anUnknownKeyIsNamedWithItsPlaceAndTheNearestOne() throws Exception {
    assertThat(errors(GOOD.replace("role:", "rol:")))
        .contains("nestor.yaml:9:5: unknown key `rol`")
        .contains("did you mean `role`?");
  }

  @Test
  void plainTextIsForLoopbackAlone() throws Exception {
    assertThat(errors(GOOD.replace("host: 127.0.0.1", "host: 0.0.0.0")))
        .contains("nestor.yaml:1:")
        .contains("loopback");
    assertThat(errors(GOOD.replace("localhost:5432", "db.example:5432")))
        .contains("use verify-full");
  }

  @Test
  void aSecretMayNotStandInline() throws Exception {
    assertThat(errors(GOOD.replace("{ env: ORDERS_PASSWORD }", "hunter2")))
        .contains("nestor.yaml:10:")
        .doesNotContain("hunter2");
  }

  @Test
  void aMissingFileIsNamedWithTheFolderThatPathsCountFrom() throws Exception {
    assertThat(errors(GOOD.replace("policy.yaml", "nowhere.yaml")))
        .contains("nestor.yaml:11:")
        .contains("nowhere.yaml is missing")
        .contains("relative paths count from");
  }

  @Test
  void whatIsNoYamlSaysWhere() throws Exception {
    assertThat(errors("listen: {")).contains("nestor.yaml:").contains("not YAML");
    assertThat(errors("")).contains("empty");
  }

  @Test
  void aSizeOutOfRangeNamesTheRange() throws Exception {
    assertThat(errors(GOOD + "limits: { statement: 2GiB }")).contains("2GiB is not in");
  }

  @Test
  void aFileThatIsNotThereSaysHowToGetOne() {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class, () -> GatewayConfigFile.read(folder.resolve("none.yaml")));

    assertThat(e.errors().getFirst().message()).contains("nestor init");
  }
}
