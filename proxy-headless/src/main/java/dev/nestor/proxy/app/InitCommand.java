package dev.nestor.proxy.app;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.nestor.proxy.net.TlsContexts;
import dev.nestor.recorder.note.HostKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor init`: writes everything that a first `nestor serve` needs.
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a commented configuration, a policy to start from, the recorder's key and its",
      "public half, and a self-signed certificate into a new folder."
    },
    footer = {
      "",
      "Example: nestor init gateway --trial --server localhost:5432 --database orders --role app_rw"
    })
final class InitCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "A folder that is new or empty.")
  private Path directory = Path.of("gateway");

  @Option(
      names = "--server",
      defaultValue = "localhost:5432",
      description = "The PostgreSQL server (default: ${DEFAULT-VALUE}).")
  private String server = "localhost:5432";

  @Option(
      names = "--database",
      defaultValue = "postgres",
      description = "Its database (default: ${DEFAULT-VALUE}).")
  private String database = "postgres";

  @Option(
      names = "--role",
      defaultValue = "app_rw",
      description = "The database role that the gateway uses (default: ${DEFAULT-VALUE}).")
  private String role = "app_rw";

  @Option(
      names = "--port",
      defaultValue = "6432",
      description = "Port for clients (default: ${DEFAULT-VALUE}).")
  private int port = 6432;

  @Option(
      names = "--control-port",
      defaultValue = "8443",
      description = "Port of the control API (default: ${DEFAULT-VALUE}).")
  private int controlPort = 8443;

  @Option(
      names = "--trial",
      description = "Also an issuer of its own, so that `nestor token mint` gives a first token.")
  private boolean trial;

  @Override
  public Integer call() {
    PrintStream err = System.err;
    if (!server.matches("[^:\\s]+:[0-9]{1,5}") && !server.matches("\\[[0-9a-fA-F:]+]:[0-9]{1,5}")) {
      err.println("nestor: --server must be HOST:PORT, found " + server);
      return 2;
    }
    if (!role.matches("[A-Za-z_][A-Za-z0-9_$-]*")
        || !database.matches("[A-Za-z_][A-Za-z0-9_$-]*")) {
      err.println("nestor: --role and --database must be plain names");
      return 2;
    }
    try {
      if (Files.exists(directory) && !isEmpty(directory)) {
        err.println("nestor: " + directory + " is not empty; give a new folder");
        return 2;
      }
      write();
    } catch (IOException e) {
      err.println("nestor: cannot write to " + directory + ": " + e.getMessage());
      return 3;
    }
    PrintStream out = System.out;
    out.println("Written to " + directory + ":");
    out.println("  nestor.yaml             the gateway's configuration");
    out.println("  policies/start.yaml     who may do what; blocks what no rule allows");
    out.println("  server.crt, server.key  a self-signed certificate for clients");
    out.println("  secrets/recorder.key    signs the archive; nestor.vkey is its public half");
    out.println("  secrets/database        put the password of role " + role + " into this file");
    if (trial) {
      out.println("  secrets/trial-issuer.jwk  the trial issuer's key");
    }
    out.println();
    out.println("Next:");
    out.println("  nestor config check " + directory.resolve("nestor.yaml"));
    out.println("  nestor serve --config " + directory.resolve("nestor.yaml"));
    if (trial) {
      out.println(
          "  nestor token mint --dir " + directory + " --name you --kind human --group dba");
    }
    return 0;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private void write() throws IOException {
    Path secrets = Files.createDirectories(directory.resolve("secrets"));
    Files.createDirectories(directory.resolve("policies"));
    TlsContexts.writeSelfSigned(
        directory.resolve("server.crt"), directory.resolve("server.key"), "localhost");
    HostKey key = HostKey.generate("nestor", new SecureRandom());
    TlsContexts.writePrivate(secrets.resolve("recorder.key"), key.toPrivateText() + "\n");
    Files.writeString(directory.resolve("nestor.vkey"), key.verifierKey() + "\n");
    TlsContexts.writePrivate(secrets.resolve("database"), "");
    if (trial) {
      writeTrialIssuer(secrets);
    }
    Files.writeString(directory.resolve("policies/start.yaml"), template("start-policy.yaml"));
    boolean local = server.startsWith("localhost:") || server.startsWith("127.");
    Files.writeString(
        directory.resolve("nestor.yaml"),
        template("start-config.yaml")
            .replace("@port@", Integer.toString(port))
            .replace("@control-port@", Integer.toString(controlPort))
            .replace(
                "@issuers@", template(trial ? "start-trial.yaml" : "start-issuer.yaml").strip())
            .replace("@server@", server)
            .replace("@database@", database)
            .replace("@role@", role)
            .replace("@tls@", local ? "off" : "verify-full"));
  }

  private void writeTrialIssuer(Path secrets) throws IOException {
    try {
      ECKey key =
          new ECKeyGenerator(Curve.P_256)
              .keyID(UUID.randomUUID().toString())
              .algorithm(JWSAlgorithm.ES256)
              .generate();
      TlsContexts.writePrivate(secrets.resolve("trial-issuer.jwk"), key.toJSONString() + "\n");
      Files.writeString(
          directory.resolve("trial-issuer.jwks"), new JWKSet(key).toString(true) + "\n");
    } catch (JOSEException e) {
      throw new IOException("cannot make the trial issuer's key", e);
    }
  }

  private static String template(String name) throws IOException {
    try (InputStream in = InitCommand.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
