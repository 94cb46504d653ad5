package dev.nestor.recorder.event;

import dev.nestor.recorder.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that happened and has a frame of its own. *Statement* is a number in the frame's
/// session; times are microseconds of the archive clock; principals and credentials are numbers
/// that go through the whole archive.
///
/// Persons stand only in [Principal], [Client] and [Comment], which have a lane of their own;
/// elsewhere their numbers stand for them. A *frame* in an event is a sequence in the event's
/// session.
public sealed interface RecordedEvent {
  /// Lane of the event: 4 for persons, 3 for all else.
  default int lane() {
    return switch (this) {
      case Principal _, Client _, Comment _ -> 4;
      case Unknown unknown -> unknown.unknownLane();
      default -> 3;
    };
  }

  /// A connection, refused ones too; again at the start of each segment that it reaches into.
  ///
  /// @param id 16 bytes
  /// @param protocol version as in StartupMessage (196608 is 3.0)
  /// @param tlsVersion IANA number, 0 without TLS
  /// @param tlsCipher IANA number
  /// @param connection name of the configured database entry
  /// @param again true where a later segment repeats it
  /// @param refusalCode reason of a refused login; empty if it was let in
  /// @param decision what policy said of the connection
  /// @param ofSession number of the session where this is repeated outside its frames; 0 = the
  ///   frame's session
  record Session(
      Bytes id,
      String database,
      String roleAsked,
      String roleOnServer,
      String applicationName,
      int protocol,
      int tlsVersion,
      int tlsCipher,
      String driverGuess,
      long principal,
      long credential,
      Method method,
      List<String> startupParameters,
      String connection,
      String serverVersion,
      int backendPid,
      int serverTlsVersion,
      boolean again,
      String refusalCode,
      ArchiveObject.@Nullable Decision decision,
      long ofSession)
      implements RecordedEvent {
    public Session {
      startupParameters = List.copyOf(startupParameters);
    }

    /// Begins with every field absent.
    public static Builder builder() {
      return new Builder();
    }

    /// Begins with the fields of this one.
    public Builder toBuilder() {
      Builder b = new Builder();
      b.id = id;
      b.database = database;
      b.roleAsked = roleAsked;
      b.roleOnServer = roleOnServer;
      b.applicationName = applicationName;
      b.protocol = protocol;
      b.tlsVersion = tlsVersion;
      b.tlsCipher = tlsCipher;
      b.driverGuess = driverGuess;
      b.principal = principal;
      b.credential = credential;
      b.method = method;
      b.startupParameters = startupParameters;
      b.connection = connection;
      b.serverVersion = serverVersion;
      b.backendPid = backendPid;
      b.serverTlsVersion = serverTlsVersion;
      b.again = again;
      b.refusalCode = refusalCode;
      b.decision = decision;
      b.ofSession = ofSession;
      return b;
    }

    /// Sets fields by name; a builder belongs to one thread.
    public static final class Builder {
      private Bytes id = Bytes.EMPTY;
      private String database = "";
      private String roleAsked = "";
      private String roleOnServer = "";
      private String applicationName = "";
      private int protocol;
      private int tlsVersion;
      private int tlsCipher;
      private String driverGuess = "";
      private long principal;
      private long credential;
      private Method method = Method.UNSET;
      private List<String> startupParameters = List.of();
      private String connection = "";
      private String serverVersion = "";
      private int backendPid;
      private int serverTlsVersion;
      private boolean again;
      private String refusalCode = "";
      private ArchiveObject.@Nullable Decision decision;
      private long ofSession;

      private Builder() {}

      public Builder id(Bytes value) {
        this.id = value;
        return this;
      }

      public Builder database(String value) {
        this.database = value;
        return this;
      }

      public Builder roleAsked(String value) {
        this.roleAsked = value;
        return this;
      }

      public Builder roleOnServer(String value) {
        this.roleOnServer = value;
        return this;
      }

      public Builder applicationName(String value) {
        this.applicationName = value;
        return this;
      }

      public Builder protocol(int value) {
        this.protocol = value;
        return this;
      }

      public Builder tlsVersion(int value) {
        this.tlsVersion = value;
        return this;
      }

      public Builder tlsCipher(int value) {
        this.tlsCipher = value;
        return this;
      }

      public Builder driverGuess(String value) {
        this.driverGuess = value;
        return this;
      }

      public Builder principal(long value) {
        this.principal = value;
        return this;
      }

      public Builder credential(long value) {
        this.credential = value;
        return this;
      }

      public Builder method(Method value) {
        this.method = value;
        return this;
      }

      public Builder startupParameters(List<String> value) {
        this.startupParameters = value;
        return this;
      }

      public Builder connection(String value) {
        this.connection = value;
        return this;
      }

      public Builder serverVersion(String value) {
        this.serverVersion = value;
        return this;
      }

      public Builder backendPid(int value) {
        this.backendPid = value;
        return this;
      }

      public Builder serverTlsVersion(int value) {
        this.serverTlsVersion = value;
        return this;
      }

      public Builder again(boolean value) {
        this.again = value;
        return this;
      }

      public Builder refusalCode(String value) {
        this.refusalCode = value;
        return this;
      }

      public Builder decision(ArchiveObject.@Nullable Decision value) {
        this.decision = value;
        return this;
      }

      public Builder ofSession(long value) {
        this.ofSession = value;
        return this;
      }

      public Session build() {
        return new Session(
            id,
            database,
            roleAsked,
            roleOnServer,
            applicationName,
            protocol,
            tlsVersion,
            tlsCipher,
            driverGuess,
            principal,
            credential,
            method,
            startupParameters,
            connection,
            serverVersion,
            backendPid,
            serverTlsVersion,
            again,
            refusalCode,
            decision,
            ofSession);
      }
    }
  }

  enum Method {
    UNSET,
    JWT,
    OAUTHBEARER,
    CHILD,
    SAML,
    CERT,
    DISCOVERY
  }

  /// The end of a session.
  ///
  /// @param byPrincipal who ended it, 0 if nobody
  /// @param causeFrame sequence of the frame that caused it
  /// @param statementsByDecision counts of allow, mask, hold, block, kill
  record SessionEnd(
      Trigger trigger,
      long byPrincipal,
      long causeFrame,
      long statementInFlight,
      Transaction transaction,
      List<Long> statementsByDecision,
      long rows,
      long bytesIn,
      long bytesOut)
      implements RecordedEvent {
    public SessionEnd {
      statementsByDecision = List.copyOf(statementsByDecision);
    }

    /// Begins with every field absent.
    public static Builder builder() {
      return new Builder();
    }

    /// Begins with the fields of this one.
    public Builder toBuilder() {
      Builder b = new Builder();
      b.trigger = trigger;
      b.byPrincipal = byPrincipal;
      b.causeFrame = causeFrame;
      b.statementInFlight = statementInFlight;
      b.transaction = transaction;
      b.statementsByDecision = statementsByDecision;
      b.rows = rows;
      b.bytesIn = bytesIn;
      b.bytesOut = bytesOut;
      return b;
    }

    /// Sets fields by name; a builder belongs to one thread.
    public static final class Builder {
      private Trigger trigger = Trigger.UNSET;
      private long byPrincipal;
      private long causeFrame;
      private long statementInFlight;
      private Transaction transaction = Transaction.UNSET;
      private List<Long> statementsByDecision = List.of();
      private long rows;
      private long bytesIn;
      private long bytesOut;

      private Builder() {}

      public Builder trigger(Trigger value) {
        this.trigger = value;
        return this;
      }

      public Builder byPrincipal(long value) {
        this.byPrincipal = value;
        return this;
      }

      public Builder causeFrame(long value) {
        this.causeFrame = value;
        return this;
      }

      public Builder statementInFlight(long value) {
        this.statementInFlight = value;
        return this;
      }

      public Builder transaction(Transaction value) {
        this.transaction = value;
        return this;
      }

      public Builder statementsByDecision(List<Long> value) {
        this.statementsByDecision = value;
        return this;
      }

      public Builder rows(long value) {
        this.rows = value;
        return this;
      }

      public Builder bytesIn(long value) {
        this.bytesIn = value;
        return this;
      }

      public Builder bytesOut(long value) {
        this.bytesOut = value;
        return this;
      }

      public SessionEnd build() {
        return new SessionEnd(
            trigger,
            byPrincipal,
            causeFrame,
            statementInFlight,
            transaction,
            statementsByDecision,
            rows,
            bytesIn,
            bytesOut);
      }
    }
  }

  enum Trigger {
    UNSET,
    CLIENT,
    OPERATOR,
    POLICY,
    REVOKED,
    EXPIRED,
    IDLE,
    SERVER,
    SHUTDOWN,
    ERROR
  }

  enum Transaction {
    UNSET,
    NONE,
    COMMITTED,
    ROLLED_BACK,
    UNKNOWN
  }

  /// A credential as presented or issued.
  ///
  /// @param declaredChain principals of the declared act chain, outermost first
  /// @param decidingActor principal whose rights decide
  record Credential(
      long no,
      String kind,
      long actor,
      long subject,
      long parentNo,
      Lineage lineage,
      Bytes tokenSha256,
      long issued,
      long notBefore,
      long expires,
      List<String> scope,
      List<String> audience,
      long clientPrincipal,
      List<Long> declaredChain,
      String binding,
      String txn,
      int depth,
      long decidingActor,
      String keyId)
      implements RecordedEvent {
    public Credential {
      scope = List.copyOf(scope);
      audience = List.copyOf(audience);
      declaredChain = List.copyOf(declaredChain);
    }

    /// Begins with every field absent.
    public static Builder builder() {
      return new Builder();
    }

    /// Begins with the fields of this one.
    public Builder toBuilder() {
      Builder b = new Builder();
      b.no = no;
      b.kind = kind;
      b.actor = actor;
      b.subject = subject;
      b.parentNo = parentNo;
      b.lineage = lineage;
      b.tokenSha256 = tokenSha256;
      b.issued = issued;
      b.notBefore = notBefore;
      b.expires = expires;
      b.scope = scope;
      b.audience = audience;
      b.clientPrincipal = clientPrincipal;
      b.declaredChain = declaredChain;
      b.binding = binding;
      b.txn = txn;
      b.depth = depth;
      b.decidingActor = decidingActor;
      b.keyId = keyId;
      return b;
    }

    /// Sets fields by name; a builder belongs to one thread.
    public static final class Builder {
      private long no;
      private String kind = "";
      private long actor;
      private long subject;
      private long parentNo;
      private Lineage lineage = Lineage.UNSET;
      private Bytes tokenSha256 = Bytes.EMPTY;
      private long issued;
      private long notBefore;
      private long expires;
      private List<String> scope = List.of();
      private List<String> audience = List.of();
      private long clientPrincipal;
      private List<Long> declaredChain = List.of();
      private String binding = "";
      private String txn = "";
      private int depth;
      private long decidingActor;
      private String keyId = "";

      private Builder() {}

      public Builder no(long value) {
        this.no = value;
        return this;
      }

      public Builder kind(String value) {
        this.kind = value;
        return this;
      }

      public Builder actor(long value) {
        this.actor = value;
        return this;
      }

      public Builder subject(long value) {
        this.subject = value;
        return this;
      }

      public Builder parentNo(long value) {
        this.parentNo = value;
        return this;
      }

      public Builder lineage(Lineage value) {
        this.lineage = value;
        return this;
      }

      public Builder tokenSha256(Bytes value) {
        this.tokenSha256 = value;
        return this;
      }

      public Builder issued(long value) {
        this.issued = value;
        return this;
      }

      public Builder notBefore(long value) {
        this.notBefore = value;
        return this;
      }

      public Builder expires(long value) {
        this.expires = value;
        return this;
      }

      public Builder scope(List<String> value) {
        this.scope = value;
        return this;
      }

      public Builder audience(List<String> value) {
        this.audience = value;
        return this;
      }

      public Builder clientPrincipal(long value) {
        this.clientPrincipal = value;
        return this;
      }

      public Builder declaredChain(List<Long> value) {
        this.declaredChain = value;
        return this;
      }

      public Builder binding(String value) {
        this.binding = value;
        return this;
      }

      public Builder txn(String value) {
        this.txn = value;
        return this;
      }

      public Builder depth(int value) {
        this.depth = value;
        return this;
      }

      public Builder decidingActor(long value) {
        this.decidingActor = value;
        return this;
      }

      public Builder keyId(String value) {
        this.keyId = value;
        return this;
      }

      public Credential build() {
        return new Credential(
            no,
            kind,
            actor,
            subject,
            parentNo,
            lineage,
            tokenSha256,
            issued,
            notBefore,
            expires,
            scope,
            audience,
            clientPrincipal,
            declaredChain,
            binding,
            txn,
            depth,
            decidingActor,
            keyId);
      }
    }
  }

  enum Lineage {
    UNSET,
    VERIFIED,
    DECLARED,
    INFERRED
  }

  record CredentialChange(
      long no,
      CredentialStep step,
      long by,
      long effective,
      ChangeSource source,
      long delayMicros,
      String reasonCode,
      String ticket,
      long sessionsEnded)
      implements RecordedEvent {}

  enum CredentialStep {
    UNSET,
    ISSUED,
    EXCHANGED,
    REFUSED,
    REVOKED,
    EXPIRED,
    PARENT_ENDED,
    USED_AFTER_END,
    BOUND,
    UNBOUND
  }

  enum ChangeSource {
    UNSET,
    API,
    SSF,
    SCIM,
    INTROSPECTION,
    TIMER
  }

  record ApprovalAsk(
      long statement,
      Bytes digest,
      String ruleId,
      String group,
      int needed,
      long until,
      String ticket,
      boolean inTransaction)
      implements RecordedEvent {}

  record ApprovalVote(
      long statement,
      Bytes digest,
      long principal,
      Vote vote,
      String channel,
      long clientFrame,
      long commentFrame,
      String ticket)
      implements RecordedEvent {}

  enum Vote {
    UNSET,
    APPROVE,
    REFUSE
  }

  record ApprovalEnd(long statement, ApprovalOutcome outcome, long heldMicros)
      implements RecordedEvent {}

  enum ApprovalOutcome {
    UNSET,
    GRANTED,
    REFUSED,
    TIMED_OUT,
    CANCELLED,
    DISCONNECTED,
    SHUTDOWN
  }

  /// A session ended by force.
  ///
  /// @param clientCutMicros from the decision to the client's end
  /// @param lastCompleteStatement number in the session, 0 for none
  record Kill(
      Trigger trigger,
      long by,
      long statement,
      long clientCutMicros,
      ServerSide server,
      Transaction transaction,
      long lastCompleteStatement)
      implements RecordedEvent {}

  enum ServerSide {
    UNSET,
    CANCELLED,
    TERMINATED,
    STILL_RUNNING,
    UNKNOWN
  }

  /// What a session has: all of it, or what has changed since the last.
  ///
  /// @param full true if it is all
  /// @param transactionStatus I, T or E
  /// @param ofSession number of the session where this is repeated outside its frames; 0 = the
  ///   frame's session
  record State(
      boolean full,
      String transactionStatus,
      String role,
      String sessionAuthorization,
      List<String> searchPath,
      List<Setting> settings,
      List<Prepared> prepared,
      List<Portal> portals,
      List<String> listening,
      List<String> temporaryTables,
      List<Removed> removed,
      long ofSession)
      implements RecordedEvent {
    public State {
      searchPath = List.copyOf(searchPath);
      settings = List.copyOf(settings);
      prepared = List.copyOf(prepared);
      portals = List.copyOf(portals);
      listening = List.copyOf(listening);
      temporaryTables = List.copyOf(temporaryTables);
      removed = List.copyOf(removed);
    }

    /// Begins with every field absent.
    public static Builder builder() {
      return new Builder();
    }

    /// Begins with the fields of this one.
    public Builder toBuilder() {
      Builder b = new Builder();
      b.full = full;
      b.transactionStatus = transactionStatus;
      b.role = role;
      b.sessionAuthorization = sessionAuthorization;
      b.searchPath = searchPath;
      b.settings = settings;
      b.prepared = prepared;
      b.portals = portals;
      b.listening = listening;
      b.temporaryTables = temporaryTables;
      b.removed = removed;
      b.ofSession = ofSession;
      return b;
    }

    /// Sets fields by name; a builder belongs to one thread.
    public static final class Builder {
      private boolean full;
      private String transactionStatus = "";
      private String role = "";
      private String sessionAuthorization = "";
      private List<String> searchPath = List.of();
      private List<Setting> settings = List.of();
      private List<Prepared> prepared = List.of();
      private List<Portal> portals = List.of();
      private List<String> listening = List.of();
      private List<String> temporaryTables = List.of();
      private List<Removed> removed = List.of();
      private long ofSession;

      private Builder() {}

      public Builder full(boolean value) {
        this.full = value;
        return this;
      }

      public Builder transactionStatus(String value) {
        this.transactionStatus = value;
        return this;
      }

      public Builder role(String value) {
        this.role = value;
        return this;
      }

      public Builder sessionAuthorization(String value) {
        this.sessionAuthorization = value;
        return this;
      }

      public Builder searchPath(List<String> value) {
        this.searchPath = value;
        return this;
      }

      public Builder settings(List<Setting> value) {
        this.settings = value;
        return this;
      }

      public Builder prepared(List<Prepared> value) {
        this.prepared = value;
        return this;
      }

      public Builder portals(List<Portal> value) {
        this.portals = value;
        return this;
      }

      public Builder listening(List<String> value) {
        this.listening = value;
        return this;
      }

      public Builder temporaryTables(List<String> value) {
        this.temporaryTables = value;
        return this;
      }

      public Builder removed(List<Removed> value) {
        this.removed = value;
        return this;
      }

      public Builder ofSession(long value) {
        this.ofSession = value;
        return this;
      }

      public State build() {
        return new State(
            full,
            transactionStatus,
            role,
            sessionAuthorization,
            searchPath,
            settings,
            prepared,
            portals,
            listening,
            temporaryTables,
            removed,
            ofSession);
      }
    }
  }

  /// A setting and its value.
  ///
  /// @param value empty where only the length may be kept
  record Setting(String name, String value, int length) {}

  /// A prepared statement by name.
  ///
  /// @param parseFrame sequence of the frame with its Parse, and the index of the message in it
  /// @param templateFingerprint 8 bytes
  record Prepared(String name, long parseFrame, int message, Bytes templateFingerprint) {}

  record Portal(String name, long bindFrame, String preparedName) {}

  /// An entry that a delta takes away.
  ///
  /// @param fieldNumber field of [State] that has lost an entry
  record Removed(int fieldNumber, String name) {}

  record Cancel(long targetSession, long statement, boolean keyValid, String effect)
      implements RecordedEvent {}

  /// Something that was not recorded.
  ///
  /// @param session 0 if of no session
  record Gap(GapCause cause, long session, long frames, long bytes, long from, long to)
      implements RecordedEvent {}

  enum GapCause {
    UNSET,
    RING_FULL,
    DISK,
    FAULT,
    HOLE,
    PAUSED
  }

  record RecorderEvent(
      RecorderStep step,
      String software,
      String host,
      Bytes configSha256,
      String failMode,
      Bytes previousArchive,
      long by,
      ArchiveObject.Capture captureDefault)
      implements RecordedEvent {}

  enum RecorderStep {
    UNSET,
    START,
    STOP,
    PAUSE,
    RESUME,
    CONFIG,
    RECOVERED
  }

  /// The recorder lives, once a minute.
  ///
  /// @param frames number of the archive's last frame before this
  /// @param statements ordinal of the archive's last statement before this
  /// @param ringPeak most bytes that waited in a ring since the one before
  record Heartbeat(
      long frames,
      long statements,
      long liveSessions,
      long dropped,
      long ringPeak,
      long revocationListAgeMicros,
      long lastSentinelScan)
      implements RecordedEvent {}

  /// How far the archive clock is from others, at each start of a segment, every ten minutes, and
  /// when wall time jumps.
  ///
  /// @param jump by how many microseconds wall time moved against the archive clock since the one
  ///   before, if that is over 50 ms; else 0
  record Clock(
      @Signed long wallMinusArchive,
      @Signed long jump,
      String source,
      @Signed long databaseMinusArchive,
      long errorBound)
      implements RecordedEvent {}

  /// A policy came into force.
  ///
  /// @param sha256 name of an attachment with the bytes, if there is one
  record PolicyLoad(
      Bytes sha256,
      String name,
      String version,
      String state,
      long by,
      Bytes previousSha256,
      long takenAt,
      List<Long> counts)
      implements RecordedEvent {
    public PolicyLoad {
      counts = List.copyOf(counts);
    }
  }

  record Entitlements(
      Bytes sha256,
      String database,
      String version,
      String state,
      long by,
      Bytes previousSha256,
      long takenAt,
      List<Long> counts)
      implements RecordedEvent {
    public Entitlements {
      counts = List.copyOf(counts);
    }
  }

  record Catalog(long epoch, String database, String cause, List<Long> oidsChanged)
      implements RecordedEvent {
    public Catalog {
      oidsChanged = List.copyOf(oidsChanged);
    }
  }

  record Finding(
      String rule,
      String severity,
      int backendPid,
      String role,
      String applicationName,
      long backendStart,
      long ended,
      long credential,
      List<Long> frames,
      long clientFrame,
      long statement,
      String column,
      long hits,
      long besideSession)
      implements RecordedEvent {
    public Finding {
      frames = List.copyOf(frames);
    }

    /// Begins with every field absent.
    public static Builder builder() {
      return new Builder();
    }

    /// Begins with the fields of this one.
    public Builder toBuilder() {
      Builder b = new Builder();
      b.rule = rule;
      b.severity = severity;
      b.backendPid = backendPid;
      b.role = role;
      b.applicationName = applicationName;
      b.backendStart = backendStart;
      b.ended = ended;
      b.credential = credential;
      b.frames = frames;
      b.clientFrame = clientFrame;
      b.statement = statement;
      b.column = column;
      b.hits = hits;
      b.besideSession = besideSession;
      return b;
    }

    /// Sets fields by name; a builder belongs to one thread.
    public static final class Builder {
      private String rule = "";
      private String severity = "";
      private int backendPid;
      private String role = "";
      private String applicationName = "";
      private long backendStart;
      private long ended;
      private long credential;
      private List<Long> frames = List.of();
      private long clientFrame;
      private long statement;
      private String column = "";
      private long hits;
      private long besideSession;

      private Builder() {}

      public Builder rule(String value) {
        this.rule = value;
        return this;
      }

      public Builder severity(String value) {
        this.severity = value;
        return this;
      }

      public Builder backendPid(int value) {
        this.backendPid = value;
        return this;
      }

      public Builder role(String value) {
        this.role = value;
        return this;
      }

      public Builder applicationName(String value) {
        this.applicationName = value;
        return this;
      }

      public Builder backendStart(long value) {
        this.backendStart = value;
        return this;
      }

      public Builder ended(long value) {
        this.ended = value;
        return this;
      }

      public Builder credential(long value) {
        this.credential = value;
        return this;
      }

      public Builder frames(List<Long> value) {
        this.frames = value;
        return this;
      }

      public Builder clientFrame(long value) {
        this.clientFrame = value;
        return this;
      }

      public Builder statement(long value) {
        this.statement = value;
        return this;
      }

      public Builder column(String value) {
        this.column = value;
        return this;
      }

      public Builder hits(long value) {
        this.hits = value;
        return this;
      }

      public Builder besideSession(long value) {
        this.besideSession = value;
        return this;
      }

      public Finding build() {
        return new Finding(
            rule,
            severity,
            backendPid,
            role,
            applicationName,
            backendStart,
            ended,
            credential,
            frames,
            clientFrame,
            statement,
            column,
            hits,
            besideSession);
      }
    }
  }

  record Control(
      ControlVerb verb,
      long by,
      long session,
      long credential,
      String result,
      String channel,
      long commentFrame)
      implements RecordedEvent {}

  enum ControlVerb {
    UNSET,
    LIST,
    WATCH,
    FREEZE,
    THAW,
    KILL,
    REVOKE,
    RELOAD,
    REVEAL,
    EXPORT,
    APPROVE,
    REFUSE
  }

  record Budget(String scope, String measure, long used, long limit, String action)
      implements RecordedEvent {}

  /// A message of the gateway's own to the server.
  record Injected(
      InjectedMessage message, long statement, String text, String sqlState, long micros)
      implements RecordedEvent {}

  enum InjectedMessage {
    UNSET,
    DESCRIBE,
    SHOW,
    QUERY,
    SYNC,
    ERROR_RAISER,
    CANCEL
  }

  record Principal(
      long no,
      PrincipalKind kind,
      String issuer,
      String subject,
      String clientId,
      List<Claim> claims,
      List<String> groups)
      implements RecordedEvent {
    public Principal {
      claims = List.copyOf(claims);
      groups = List.copyOf(groups);
    }
  }

  enum PrincipalKind {
    UNSET,
    HUMAN,
    AGENT,
    SERVICE,
    GATEWAY
  }

  record Claim(String name, String value) {}

  /// The client's end of the connection.
  ///
  /// @param address 4 or 16 bytes
  /// @param proxyProtocolAddress 4 or 16 bytes, absent without PROXY protocol
  record Client(
      Bytes address,
      int port,
      String certificateSubject,
      Bytes certificateSha256,
      String sni,
      Bytes proxyProtocolAddress)
      implements RecordedEvent {}

  record Comment(String text) implements RecordedEvent {}

  /// An event of a kind that a newer version wrote.
  record Unknown(int kind, int unknownLane, Bytes body) implements RecordedEvent {}
}
