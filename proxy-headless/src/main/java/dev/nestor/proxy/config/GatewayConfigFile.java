package dev.nestor.proxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import dev.nestor.policy.RowCapture;
import dev.nestor.policy.document.Document;
import dev.nestor.policy.document.DocumentException;
import dev.nestor.proxy.config.GatewayConfig.Bypass;
import dev.nestor.proxy.config.GatewayConfig.ClaimNames;
import dev.nestor.proxy.config.GatewayConfig.Control;
import dev.nestor.proxy.config.GatewayConfig.Database;
import dev.nestor.proxy.config.GatewayConfig.Delegation;
import dev.nestor.proxy.config.GatewayConfig.HostPort;
import dev.nestor.proxy.config.GatewayConfig.Limits;
import dev.nestor.proxy.config.GatewayConfig.Listen;
import dev.nestor.proxy.config.GatewayConfig.Recording;
import dev.nestor.proxy.config.GatewayConfig.Tls;
import dev.nestor.proxy.config.GatewayConfig.TrustedIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads and checks a gateway's YAML file. What is wrong is collected, not thrown one by one.
public final class GatewayConfigFile {
  private static final JsonSchema SCHEMA =
      Document.schema(GatewayConfigFile.class, "gateway.schema.json");
  private static final String SQLITE = "sqlite:";
  private static final String STORE = "sqlite:state.db";
  private static final List<String> ALGORITHMS = List.of("RS256", "ES256", "EdDSA");
  private static final List<String> TYPES = List.of("at+jwt", "jwt");

  private final Path file;
  private final Path base;
  private final Document document;
  private final List<ConfigError> errors = new ArrayList<>();

  private GatewayConfigFile(Path file, Document document) {
    this.file = file;
    this.base = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
    this.document = document;
  }

  /// Reads a file; relative paths in it count from its own folder. Files that it names must be
  /// readable; secrets are not fetched.
  ///
  /// @throws ConfigException with file, line, column, expectation and fix of everything that is
  ///   wrong
  public static GatewayConfig read(Path file) throws ConfigException {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ConfigException(
          List.of(
              new ConfigError(
                  file,
                  0,
                  0,
                  "the configuration cannot be read; `nestor init DIR` writes one to start from")));
    }
    Document document;
    try {
      document = Document.read(text, SCHEMA);
    } catch (DocumentException e) {
      throw new ConfigException(
          e.errors().stream().map(error -> ConfigError.of(file, error)).toList());
    }
    GatewayConfigFile reader = new GatewayConfigFile(file, document);
    GatewayConfig config = reader.convert(document.json());
    if (!reader.errors.isEmpty()) {
      throw new ConfigException(reader.errors);
    }
    return config;
  }

  private void wrong(String pointer, String message) {
    errors.add(ConfigError.of(file, document.error(pointer, message)));
  }

  private GatewayConfig convert(JsonNode root) {
    Listen listen = listen(root.path("listen"));
    Optional<Control> control =
        root.has("control")
            ? Optional.of(
                new Control(
                    root.path("control").path("host").asText("127.0.0.1"),
                    root.path("control").path("port").asInt(),
                    root.path("control").path("group").asText("dba")))
            : Optional.empty();
    if (control.isPresent() && listen.tls().isEmpty()) {
      wrong(
          "/control",
          "the control API speaks HTTPS and uses the certificate of listen.tls; give one"
              + " there, or leave control out");
    }
    List<TrustedIssuer> issuers = new ArrayList<>();
    for (int i = 0; i < root.path("issuers").size(); i++) {
      issuers.add(issuer(root.path("issuers").get(i), "/issuers/" + i));
    }
    Map<String, Database> databases = new LinkedHashMap<>();
    root.path("databases")
        .properties()
        .forEach(entry ->
            databases.put(
                entry.getKey(), database(entry.getValue(), "/databases/" + entry.getKey())));
    return new GatewayConfig(
        listen,
        control,
        issuers,
        databases,
        recording(root.path("recording")),
        limits(root.path("limits")),
        delegation(root.path("credentials")),
        store(root.path("store")));
  }

  private Listen listen(JsonNode node) {
    String host = node.path("host").asText("127.0.0.1");
    JsonNode tls = node.path("tls");
    if (!tls.isObject()) {
      if (!loopback(host)) {
        wrong(
            "/listen/tls",
            "tls: off is accepted only where host is a loopback address, and host is "
                + host
                + "; give certificate and key");
      }
      return new Listen(host, node.path("port").asInt(), Optional.empty());
    }
    return new Listen(
        host,
        node.path("port").asInt(),
        Optional.of(
            new Tls(
                existing(tls.path("certificate").asText(), "/listen/tls/certificate"),
                existing(tls.path("key").asText(), "/listen/tls/key"))));
  }

  private TrustedIssuer issuer(JsonNode node, String at) {
    String issuer = node.path("issuer").asText();
    String keys = node.path("keys").asText();
    boolean discovery = keys.equals("discovery");
    if (discovery && !issuer.startsWith("https://") && !loopbackUrl(issuer)) {
      wrong(
          at + "/issuer",
          "discovery needs an https:// issuer (http:// only on loopback), found " + issuer);
    }
    JsonNode claims = node.path("claims");
    return new TrustedIssuer(
        issuer,
        node.path("audience").asText(),
        node.has("algorithms") ? texts(node.path("algorithms")) : ALGORITHMS,
        node.has("types")
            ? texts(node.path("types")).stream().map(t -> t.toLowerCase(Locale.ROOT)).toList()
            : TYPES,
        discovery ? Optional.empty() : Optional.of(existing(keys, at + "/keys")),
        node.path("trial").asBoolean(false),
        new ClaimNames(
            claims.path("name").asText("preferred_username"),
            claims.path("groups").asText("groups"),
            claims.path("scope").asText("scope"),
            claims.path("kind").asText("nestor_kind")));
  }

  private Database database(JsonNode node, String at) {
    JsonNode server = node.path("server");
    List<HostPort> hosts = new ArrayList<>();
    for (String text : texts(server.path("hosts"))) {
      int colon = text.lastIndexOf(':');
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port < 1 || port > 65535) {
        wrong(at + "/server/hosts", "port of " + text + " is not in 1..65535");
      }
      hosts.add(new HostPort(text.substring(0, colon), port));
    }
    boolean tls = server.path("tls").asText().equals("verify-full");
    if (!tls && !hosts.stream().allMatch(host -> loopback(host.host()))) {
      wrong(
          at + "/server/tls", "tls: off is accepted only for servers on loopback; use verify-full");
    }
    return new Database(
        hosts,
        server.has("database") ? Optional.of(server.path("database").asText()) : Optional.empty(),
        tls,
        server.has("ca")
            ? Optional.of(existing(server.path("ca").asText(), at + "/server/ca"))
            : Optional.empty(),
        node.path("role").asText(),
        node.has("password")
            ? Optional.of(secret(node.path("password"), at + "/password"))
            : Optional.empty(),
        existing(node.path("policy").asText(), at + "/policy"),
        bypass(node.path("bypass")));
  }

  private static Bypass bypass(JsonNode node) {
    Bypass standard = Bypass.STANDARD;
    return new Bypass(
        node.has("scan") ? duration(node.path("scan").asText()) : standard.scanEvery(),
        node.path("then").asText("report").equals("end"),
        texts(node.path("except-roles")));
  }

  private Recording recording(JsonNode node) {
    String results = node.path("results").asText("masked");
    if (results.equals("full")) {
      wrong(
          "/recording/results",
          "results: full, which keeps what masks replaced, needs an archive that is encrypted for"
              + " its readers, and this version writes none; use none, shape or masked");
      results = "masked";
    }
    return new Recording(
        resolve(node.path("directory").asText()),
        secret(node.path("key"), "/recording/key"),
        node.path("name").asText("nestor"),
        RowCapture.valueOf(results.toUpperCase(Locale.ROOT)),
        bytes(node, "ring", "/recording/ring", 64L << 20, 1L << 20, 4L << 30),
        node.has("ring-directory")
            ? Optional.of(resolve(node.path("ring-directory").asText()))
            : Optional.empty());
  }

  private Limits limits(JsonNode node) {
    Limits standard = Limits.STANDARD;
    String startUp = node.path("start-up").asText("60s");
    return new Limits(
        (int)
            bytes(
                node,
                "statement",
                "/limits/statement",
                standard.statementBytesMax(),
                1024,
                1 << 30),
        node.path("depth").asInt(standard.depthMax()),
        node.path("comment-nesting").asInt(standard.commentNestingMax()),
        (int) bytes(node, "row", "/limits/row", standard.rowBytesMax(), 1024, 1 << 30),
        (int)
            bytes(
                node,
                "held-per-session",
                "/limits/held-per-session",
                standard.heldBytesMax(),
                1024,
                1 << 30),
        node.path("connections").asInt(standard.connectionsMax()),
        node.path("connections-per-address").asInt(standard.connectionsPerAddressMax()),
        duration(startUp));
  }

  private Delegation delegation(JsonNode node) {
    Delegation standard = Delegation.STANDARD;
    Duration life =
        node.has("lifetime") ? duration(node.path("lifetime").asText()) : standard.lifeMax();
    if (life.isZero()) {
      wrong("/credentials/lifetime", "a child must live for at least 1s");
    }
    return new Delegation(
        node.path("depth").asInt(standard.depthMax()),
        node.path("fan-out").asInt(standard.fanOutMax()),
        life);
  }

  private static Duration duration(String text) {
    long amount = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 'h' -> Duration.ofHours(amount);
      case 'm' -> Duration.ofMinutes(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  private Path store(JsonNode node) {
    String text = node.asText(STORE);
    if (!text.startsWith(SQLITE)) {
      wrong(
          "/store",
          "a fleet's store in PostgreSQL cannot be carried out yet; use "
              + STORE
              + ", a file of this gateway alone");
      return base;
    }
    Path file = resolve(text.substring(SQLITE.length()));
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      wrong("/store", "there is no folder " + folder + " for the file " + file.getFileName());
    }
    if (Files.isDirectory(file)) {
      wrong("/store", file + " is a folder; the store is a file");
    }
    return file;
  }

  private long bytes(JsonNode parent, String key, String at, long standard, long least, long most) {
    if (!parent.has(key)) {
      return standard;
    }
    String text = parent.path(key).asText();
    int unit = text.replaceFirst("^[0-9]+", "").length();
    long factor =
        switch (text.substring(text.length() - unit)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> 1;
        };
    String digits = text.substring(0, text.length() - unit);
    long value = digits.length() > 12 ? Long.MAX_VALUE : Long.parseLong(digits) * factor;
    if (value < least || value > most) {
      wrong(at, text + " is not in " + least + "B.." + (most >> 20) + "MiB");
    }
    return value;
  }

  private Secret secret(JsonNode node, String at) {
    if (node.has("file")) {
      return new Secret.InFile(existing(node.path("file").asText(), at + "/file"));
    }
    if (node.has("env")) {
      return new Secret.InEnvironment(node.path("env").asText());
    }
    return new Secret.FromCommand(texts(node.path("command")));
  }

  private Path resolve(String path) {
    return base.resolve(path).normalize();
  }

  private Path existing(String path, String at) {
    Path resolved = resolve(path);
    if (!Files.isReadable(resolved) || Files.isDirectory(resolved)) {
      wrong(
          at,
          "file "
              + resolved
              + " is missing or not readable (relative paths count from "
              + base
              + ")");
    }
    return resolved;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static boolean loopback(String host) {
    try {
      // a literal address or localhost; anything else would ask a resolver
      return host.equals("localhost")
          || (host.matches("[0-9.]+|.*:.*") && InetAddress.getByName(host).isLoopbackAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean loopbackUrl(String url) {
    @Nullable String host = null;
    try {
      host = java.net.URI.create(url).getHost();
    } catch (IllegalArgumentException e) {
      return false;
    }
    return host != null && loopback(host);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
