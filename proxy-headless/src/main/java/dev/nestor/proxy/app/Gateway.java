package dev.nestor.proxy.app;

import dev.nestor.policy.Caller;
import dev.nestor.policy.Policy;
import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.policy.PolicyFile;
import dev.nestor.policy.RowCapture;
import dev.nestor.policy.document.DocumentError;
import dev.nestor.policy.mask.MaskKey;
import dev.nestor.postgres.sql.SqlLimits;
import dev.nestor.proxy.access.AccessRequests;
import dev.nestor.proxy.budget.BudgetLedger;
import dev.nestor.proxy.capture.PolicyRecord;
import dev.nestor.proxy.catalog.CatalogWatch;
import dev.nestor.proxy.config.ConfigError;
import dev.nestor.proxy.config.ConfigException;
import dev.nestor.proxy.config.GatewayConfig;
import dev.nestor.proxy.config.GatewayConfig.Database;
import dev.nestor.proxy.config.GatewayConfig.HostPort;
import dev.nestor.proxy.config.GatewayConfig.Limits;
import dev.nestor.proxy.config.Secret;
import dev.nestor.proxy.control.ControlServer;
import dev.nestor.proxy.credential.Credentials;
import dev.nestor.proxy.credential.DelegationLimits;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.decision.LabelPins;
import dev.nestor.proxy.decision.PlanRecorder;
import dev.nestor.proxy.decision.PolicyCallers;
import dev.nestor.proxy.decision.PolicyDecider;
import dev.nestor.proxy.decision.StatementDecider;
import dev.nestor.proxy.identity.TokenVerifier;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.proxy.net.Route;
import dev.nestor.proxy.net.TlsContext;
import dev.nestor.proxy.net.TlsContexts;
import dev.nestor.proxy.sentinel.ServerWatch;
import dev.nestor.proxy.store.StateStore;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.Recorder;
import dev.nestor.recorder.recording.RecorderSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running gateway: what `nestor serve` starts, and what the demo and tests start in their own
/// process.
public final class Gateway implements AutoCloseable {
  /// Name and version, as archives name the software.
  public static final String SOFTWARE = "nestor 0.1.0";

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final int LOOPS_MAX = 16;
  private static final int PAGE_BYTES = 4096;

  private final GatewayConfig config;
  private final Recorder recorder;
  private final GatewayServer server;
  private final Optional<ControlServer> control;
  private final Map<String, CatalogWatch> catalogs;
  private final List<ServerWatch> watches;
  private final StateStore store;
  private final Credentials credentials;
  private final BudgetKeeper budgets;

  private Gateway(
      GatewayConfig config,
      Recorder recorder,
      GatewayServer server,
      Optional<ControlServer> control,
      Map<String, CatalogWatch> catalogs,
      List<ServerWatch> watches,
      StateStore store,
      Credentials credentials,
      BudgetKeeper budgets) {
    this.config = config;
    this.recorder = recorder;
    this.server = server;
    this.control = control;
    this.catalogs = catalogs;
    this.watches = watches;
    this.store = store;
    this.credentials = credentials;
    this.budgets = budgets;
  }

  /// Checks everything that can be checked before a port is opened, then starts.
  ///
  /// @param allowTestKeys accepts the published keys of the sample sessions; never for `serve`
  /// @throws ConfigException if a policy or key is missing or malformed
  /// @throws IOException if the archive cannot be written or a port cannot be had
  public static Gateway start(GatewayConfig config, boolean allowTestKeys)
      throws ConfigException, IOException {
    HostKey hostKey = hostKey(config, allowTestKeys);
    Map<String, Policy> policies = policies(config);
    Optional<TlsContext> tls = Optional.empty();
    if (config.listen().tls().isPresent()) {
      GatewayConfig.Tls files = config.listen().tls().get();
      tls = Optional.of(TlsContexts.forClients(files.certificate(), files.key()));
    }
    // one core is the recorder's: loops beside it on the last one would only switch more often
    int loops = Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, LOOPS_MAX);
    int ringBytes = (int) (config.recording().ringBytes() / PAGE_BYTES * PAGE_BYTES);
    RecorderSettings settings =
        RecorderSettings.of(config.recording().directory(), hostKey)
            .withRings(loops)
            .withRingBytes(ringBytes)
            .withNames(InetAddress.getLoopbackAddress().getHostName(), SOFTWARE);
    if (config.recording().ringDirectory().isPresent()) {
      settings = settings.withRingDirectory(config.recording().ringDirectory().get());
    }
    StateStore store = StateStore.open(config.store());
    try {
      Recorder recorder = Recorder.start(settings);
      try {
        return start(config, store, recorder, loops, tls, policies);
      } catch (IOException | ConfigException | RuntimeException e) {
        recorder.close();
        throw e;
      }
    } catch (IOException | ConfigException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static Gateway start(
      GatewayConfig config,
      StateStore store,
      Recorder recorder,
      int loops,
      Optional<TlsContext> tls,
      Map<String, Policy> policies)
      throws IOException, ConfigException {
    GatewayConfig.Delegation delegation = config.delegation();
    Credentials credentials =
        Credentials.start(
            store,
            new TokenVerifier(config.issuers(), Clock.systemUTC()),
            new DelegationLimits(
                delegation.depthMax(), delegation.fanOutMax(), delegation.lifeMax()),
            Clock.systemUTC());
    BudgetKeeper budgets = BudgetKeeper.open(store, Clock.systemUTC());
    Map<String, CatalogWatch> catalogs = new ConcurrentHashMap<>();
    Map<String, Route> routes = new LinkedHashMap<>();
    List<PolicyRecord> records = new ArrayList<>();
    for (Map.Entry<String, Database> entry : config.databases().entrySet()) {
      Policy policy = java.util.Objects.requireNonNull(policies.get(entry.getKey()));
      PolicyRecord record = PolicyRecord.of(entry.getValue().policy(), policy, recorder);
      records.add(record);
      routes.put(
          entry.getKey(),
          route(
              config,
              entry.getKey(),
              entry.getValue(),
              policy,
              record,
              recorder,
              catalogs,
              store,
              budgets.ledger(entry.getKey())));
    }
    budgets.start();
    GatewayServer server =
        GatewayServer.start(
            new GatewayServer.Settings(
                config.listen().host(),
                config.listen().port(),
                tls,
                name -> {
                  @Nullable Route route = routes.get(name);
                  return route != null ? route : routes.get(GatewayConfig.ANY_DATABASE);
                },
                credentials,
                recorder,
                loops,
                config.limits(),
                Clock.systemUTC()));
    Optional<ControlServer> control = Optional.empty();
    try {
      if (config.control().isPresent()) {
        GatewayConfig.Control settings = config.control().get();
        GatewayConfig.Tls files = config.listen().tls().orElseThrow();
        control =
            Optional.of(
                ControlServer.start(
                    settings.host(),
                    settings.port(),
                    TlsContexts.forControl(files.certificate(), files.key()),
                    settings.group(),
                    server,
                    AccessRequests.start(
                        store,
                        credentials,
                        name ->
                            policies.getOrDefault(name, policies.get(GatewayConfig.ANY_DATABASE)),
                        Clock.systemUTC())));
      }
    } catch (IOException e) {
      server.close();
      throw e;
    }
    server.onLoop(
        0,
        ring -> {
          for (PolicyRecord record : records) {
            ring.event(System.nanoTime(), record.load());
          }
          ring.commit();
        });
    List<ServerWatch> watches = watches(config, server, recorder);
    recorder.onFailure(failure ->
        LOG.error("the recorder has failed: {}; no statement runs any more", failure.message()));
    return new Gateway(
        config, recorder, server, control, catalogs, watches, store, credentials, budgets);
  }

  private static HostKey hostKey(GatewayConfig config, boolean allowTestKeys)
      throws ConfigException {
    Secret reference = config.recording().key();
    try {
      HostKey key =
          HostKey.parse(reference.read())
              .orElseThrow(
                  () -> new IOException("is not a recorder key as `nestor init` writes it"));
      if (key.isTestKey() && !allowTestKeys) {
        throw new IOException("is a published test key, which anybody can sign with");
      }
      return key;
    } catch (IOException e) {
      throw new ConfigException(
          List.of(
              new ConfigError(
                  reference instanceof Secret.InFile(Path file) ? file : Path.of("recording.key"),
                  0,
                  0,
                  "the recorder's key: " + e.getMessage())));
    }
  }

  private static Map<String, Policy> policies(GatewayConfig config)
      throws ConfigException, IOException {
    Map<String, Policy> policies = new LinkedHashMap<>();
    List<ConfigError> errors = new ArrayList<>();
    for (Map.Entry<String, Database> entry : config.databases().entrySet()) {
      Path file = entry.getValue().policy();
      switch (PolicyFile.read(file)) {
        case PolicyFile.Valid(Policy policy) -> {
          if (policy.failOpen()) {
            LOG.warn(
                "policy {} says recording: fail-open, which cannot be carried out yet; statements"
                    + " stop when the recorder fails",
                policy.name());
          }
          policies.put(entry.getKey(), policy);
        }
        case PolicyFile.Invalid(List<DocumentError> found) ->
            found.forEach(error ->
                errors.add(new ConfigError(file, error.line(), error.column(), error.message())));
      }
    }
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    return policies;
  }

  private static Route route(
      GatewayConfig config,
      String name,
      Database database,
      Policy policy,
      PolicyRecord record,
      Recorder recorder,
      Map<String, CatalogWatch> catalogs,
      StateStore store,
      BudgetLedger ledger)
      throws IOException, ConfigException {
    Optional<String> password = Optional.empty();
    if (database.password().isPresent()) {
      String value = database.password().get().read();
      if (value.isEmpty()) {
        throw new IOException(
            "the password of role " + database.role() + " is empty: " + database.password().get());
      }
      password = Optional.of(value);
    }
    Optional<TlsContext> tls =
        database.tls() ? Optional.of(TlsContexts.forServers(database.ca())) : Optional.empty();
    PolicyDecisionPoint decisions = new PolicyDecisionPoint(policy);
    Map<String, LabelPins> pins = new ConcurrentHashMap<>();
    AtomicLong sessionNumbers = new AtomicLong();
    MaskKey maskKey = MaskKey.random(); // equal values stay equal as long as the gateway runs
    RowCapture rows = policy.results().orElse(config.recording().results());
    PlanRecorder plans =
        new PlanRecorder(
            recorder.objects(),
            record.object(),
            capture(rows),
            policy.rules().size(),
            policy::reasonOf);
    Limits limits = config.limits();
    SqlLimits sqlLimits =
        new SqlLimits(
            limits.statementBytesMax(),
            SqlLimits.DEFAULT.tokensMax(),
            limits.depthMax(),
            limits.commentNestingMax());
    String fixed = database.database().orElse(null);
    Optional<String> secret = password;
    if (!name.equals(GatewayConfig.ANY_DATABASE)) {
      String onServer = fixed == null ? name : fixed;
      catalogs.computeIfAbsent(
          catalogKey(database, onServer), _ -> watch(onServer, database, secret));
    }
    return new Route(
        name,
        database.hosts(),
        Optional.ofNullable(
            fixed == null && !name.equals(GatewayConfig.ANY_DATABASE) ? name : fixed),
        tls,
        database.role(),
        password,
        rows,
        (credential, onServer, wake) ->
            decider(
                pins.computeIfAbsent(
                    onServer, _ -> PinKeeper.pins(store, name, onServer, decisions)),
                credential,
                catalogs.computeIfAbsent(
                    catalogKey(database, onServer), _ -> watch(onServer, database, secret)),
                plans,
                sqlLimits,
                database.role(),
                onServer,
                maskKey,
                // children spend what their root may: a credential does not multiply a budget
                ledger.session(
                    "session " + sessionNumbers.incrementAndGet(),
                    credential.root().id(),
                    credential.root().token().issuer() + ' ' + credential.root().token().subject()),
                wake));
  }

  private static StatementDecider decider(
      LabelPins pins,
      HeldCredential credential,
      CatalogWatch catalog,
      PlanRecorder plans,
      SqlLimits limits,
      String role,
      String database,
      MaskKey maskKey,
      BudgetLedger.Session accounts,
      Runnable wake) {
    Caller caller = PolicyCallers.of(credential, database);
    return new PolicyDecider(pins, caller, catalog, plans, limits, role, maskKey, accounts, wake);
  }

  private static ArchiveObject.Capture capture(RowCapture rows) {
    return switch (rows) {
      case NONE -> ArchiveObject.Capture.NONE;
      case SHAPE -> ArchiveObject.Capture.SHAPE;
      case MASKED -> ArchiveObject.Capture.MASKED;
    };
  }

  /// One watch for one database of one server, however many entries lead there by one role.
  private static String catalogKey(Database database, String onServer) {
    return database.role() + "@" + database.hosts() + "/" + onServer;
  }

  /// One for each configured database of a server; what `"*"` passes on is not watched.
  private static List<ServerWatch> watches(
      GatewayConfig config, GatewayServer server, Recorder recorder) throws IOException {
    Map<String, ServerWatch> watches = new LinkedHashMap<>();
    for (Map.Entry<String, Database> entry : config.databases().entrySet()) {
      if (entry.getKey().equals(GatewayConfig.ANY_DATABASE)) {
        continue;
      }
      Database database = entry.getValue();
      String name = database.database().orElse(entry.getKey());
      Optional<String> password = Optional.empty();
      if (database.password().isPresent()) {
        password = Optional.of(database.password().get().read());
      }
      Optional<String> secret = password;
      watches.computeIfAbsent(
          database.hosts() + "/" + name,
          _ ->
              ServerWatch.start(
                  new ServerWatch.Settings(
                      name,
                      () -> connect(name, database, secret),
                      database.bypass().scanEvery(),
                      database.bypass().end(),
                      Set.copyOf(database.bypass().exceptRoles())),
                  process -> server.registry().hasProcess(process) || OwnConnections.has(process),
                  recorder,
                  server::record,
                  Clock.systemUTC()));
    }
    return List.copyOf(watches.values());
  }

  private static CatalogWatch watch(String name, Database database, Optional<String> password) {
    return CatalogWatch.start(name, () -> connect(name, database, password));
  }

  /// The gateway's own connection for the catalog, by the same proofs as a session's.
  private static Connection connect(String name, Database database, Optional<String> password)
      throws SQLException {
    StringBuilder hosts = new StringBuilder();
    for (HostPort host : database.hosts()) {
      hosts.append(hosts.isEmpty() ? "" : ",").append(host);
    }
    Properties properties = new Properties();
    properties.setProperty("user", database.role());
    password.ifPresent(value -> properties.setProperty("password", value));
    properties.setProperty("ApplicationName", "nestor-catalog");
    properties.setProperty("options", "-c jit=off"); // compiling would take longer than answering
    properties.setProperty("assumeMinServerVersion", "14"); // the name goes with the start-up
    properties.setProperty("sslmode", database.tls() ? "verify-full" : "disable");
    database.ca().ifPresent(ca -> properties.setProperty("sslrootcert", ca.toString()));
    if (database.tls()) {
      properties.setProperty("channelBinding", "require");
    }
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    return OwnConnections.noted(
        DriverManager.getConnection("jdbc:postgresql://" + hosts + "/" + name, properties));
  }

  /// What it was started with.
  public GatewayConfig config() {
    return config;
  }

  /// The port that clients connect to.
  public int port() {
    return server.port();
  }

  /// The port of the control API, if there is one.
  public Optional<Integer> controlPort() {
    return control.map(ControlServer::port);
  }

  /// The public key that its archive verifies with.
  public String verifierKey() {
    return recorder.verifierKey().toString();
  }

  /// How full the fullest ring of the recorder has been, in words.
  String fullestRing() {
    return recorder.ringPeakBytes() + " of " + config.recording().ringBytes() + " bytes";
  }

  /// Lets running statements finish for a while, seals the archive, closes everything.
  ///
  /// @param patience longest wait
  /// @throws IOException if the archive could not be sealed
  public void close(Duration patience) throws IOException {
    control.ifPresent(ControlServer::close);
    server.drain(patience);
    credentials.close();
    server.close();
    watches.forEach(ServerWatch::close);
    catalogs.values().forEach(CatalogWatch::close);
    budgets.close();
    try {
      recorder.close();
    } finally {
      store.close();
    }
  }

  /// Ends running statements at once.
  ///
  /// @throws IOException if the archive could not be sealed
  @Override
  public void close() throws IOException {
    close(Duration.ZERO);
  }
}
