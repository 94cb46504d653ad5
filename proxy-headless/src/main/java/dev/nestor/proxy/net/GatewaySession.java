package dev.nestor.proxy.net;

import dev.nestor.proxy.capture.SessionCapture;
import dev.nestor.proxy.capture.SessionCapture.Commit;
import dev.nestor.proxy.capture.SessionFacts;
import dev.nestor.proxy.config.GatewayConfig.Limits;
import dev.nestor.proxy.decision.Ruling.CredentialLock;
import dev.nestor.proxy.masking.MaskPlan;
import dev.nestor.proxy.session.BackendVerdict;
import dev.nestor.proxy.session.Execution;
import dev.nestor.proxy.session.FrontendVerdict;
import dev.nestor.proxy.session.HoldDesk;
import dev.nestor.proxy.session.RowVerdict;
import dev.nestor.proxy.session.SessionEnd;
import dev.nestor.proxy.session.SessionEnd.Trigger;
import dev.nestor.proxy.session.SessionMachine;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.recording.FrameFlags;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One client and its server while they talk. Walks the messages of both directions in place, lets
/// the [SessionMachine] decide, commits a batch to the record, and only then forwards it.
///
/// Back-pressure is auto-read: a leg is read only while the other one can be written, the ring has
/// room and nothing waits for a decision.
///
/// Everything happens on the event loop that both channels share; methods marked *any thread* go
/// there first.
public final class GatewaySession {
  private static final int HEADER_BYTES = 5;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /// Longest batch, and longest message that is held whole without need.
  private static final int BATCH_BYTES_MAX = 32 * 1024;

  private static final int MESSAGE_BYTES_MAX = 1 << 30;
  private static final int SERVER_MESSAGE_BYTES_MAX = 64 << 20;
  private static final int DRAIN_SECONDS_MAX = 5;
  private static final int CLOSE_LATER_MILLIS = 100;

  private final Channel client;
  private final Channel server;
  private final ServerConnection.CancelTarget cancelTarget;
  private final int serverPid;
  private final byte[] serverSecret;
  private final SessionMachine machine;
  private final SessionCapture capture;
  private final SessionFacts facts;
  private final Limits limits;
  private final CancelSender cancels;
  private final Instant startedAt;
  private final Consumer<CredentialLock> locks;
  private final Runnable onEnd;
  private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();

  // client to server
  private @Nullable ByteBuf clientIn;
  private List<ByteBuf> toServer = new ArrayList<>();
  private int clientAt;
  private int clientSliceFrom;
  private int copyPartLeft;
  private boolean copyPartFirst;
  private boolean clientWaits;
  private boolean clientBlocked;

  // server to client
  private @Nullable ByteBuf serverIn;
  private final ClientBatch toClient;
  private int rowPartLeft;
  private boolean rowPartForwarded;
  private boolean rowPartFirst;
  private byte rowPartType;
  private boolean serverBlocked;

  private int cancelsUnderWay;
  private @Nullable SessionEnd end;
  private long endBy;
  private long endBegan;
  private long endInFlight;
  private long cutMicros;
  private boolean draining;
  private boolean drainedError;
  private boolean drainedComplete;
  private boolean finished;
  private final Queue<List<RecordedEvent>> eventsToRecord = new ConcurrentLinkedQueue<>();
  private volatile String outcome = "";

  GatewaySession(
      Channel client,
      ServerConnection server,
      Function<Consumer<byte[]>, SessionMachine> machine,
      SessionCapture capture,
      SessionFacts facts,
      Limits limits,
      CancelSender cancels,
      Instant startedAt,
      Consumer<CredentialLock> locks,
      Runnable onEnd) {
    this.client = client;
    this.server = server.channel();
    this.cancelTarget = server.target();
    this.serverPid = server.pid();
    this.serverSecret = server.secret();
    this.capture = capture;
    this.facts = facts;
    this.limits = limits;
    this.cancels = cancels;
    this.startedAt = startedAt;
    this.locks = locks;
    this.onEnd = onEnd;
    this.toClient = new ClientBatch(client);
    this.machine = machine.apply(this::inject);
  }

  /// Number of the session in the archive.
  public long number() {
    return capture.number();
  }

  /// Who and where from.
  public SessionFacts facts() {
    return facts;
  }

  /// When it became ready.
  public Instant startedAt() {
    return startedAt;
  }

  /// Statements by decision so far: allow, mask, hold, block, kill. Read racily.
  public long[] counts() {
    return capture.counts();
  }

  /// What became of the transaction, in a word; empty while that is not known. Read racily.
  public String outcome() {
    return outcome;
  }

  /// Done when the session has ended, its server's side included.
  public CompletableFuture<SessionEnd> ended() {
    return ended;
  }

  /// Whether its policy is recorded and not carried out. Any thread.
  boolean observesOnly() {
    return machine.observesOnly();
  }

  /// Ends the session from outside. Any thread.
  ///
  /// @param by principal number, 0 for nobody
  public void end(SessionEnd why, long by) {
    end(why, by, Duration.ZERO);
  }

  /// Ends the session for the client now, and begins later with the server's side: where very many
  /// end at once, taking connections and server processes apart would take the time that telling
  /// the others needs. Any thread.
  void end(SessionEnd why, long by, Duration serverLater) {
    client.eventLoop().execute(() -> endNow(why, by, serverLater));
  }

  /// Writes down an event of this session. Any thread.
  void record(RecordedEvent event) {
    record(List.of(event));
  }

  /// Writes down events of this session, one directly behind the other. Any thread.
  void record(List<RecordedEvent> events) {
    eventsToRecord.add(events);
    client.eventLoop().execute(this::recordEvents);
  }

  private void recordEvents() {
    for (List<RecordedEvent> events = eventsToRecord.poll();
        events != null && !finished;
        events = eventsToRecord.poll()) {
      events.forEach(capture::event);
    }
  }

  /// Goes on with what waited. Any thread.
  void wake() {
    client
        .eventLoop()
        .execute(() -> {
          if (clientWaits) {
            pumpClient();
            server.flush();
          }
        });
  }

  /// Ends the session if it does nothing; used while the gateway drains. Any thread.
  void endIfIdle(SessionEnd why) {
    client
        .eventLoop()
        .execute(() -> {
          if (machine.isIdle() && machine.transaction() == 'I') {
            endNow(why, 0);
          }
        });
  }

  // ---- client to server

  void clientRead(ByteBuf in) {
    if (end != null) {
      in.release();
      return;
    }
    clientIn = cumulate(client, clientIn, in);
    if (!clientBlocked && (!clientWaits || machine.wantsMore())) {
      pumpClient();
    }
  }

  private static ByteBuf cumulate(Channel channel, @Nullable ByteBuf before, ByteBuf in) {
    if (before == null) {
      return in;
    }
    if (!before.isReadable()) {
      before.release();
      return in;
    }
    int needed = before.readableBytes() + in.readableBytes();
    ByteBuf both = channel.alloc().directBuffer(Math.max(needed, Math.min(2 * needed, 1 << 20)));
    both.writeBytes(before).writeBytes(in);
    before.release();
    in.release();
    return both;
  }

  /// A message of the gateway's own goes out behind what was decided before.
  private void inject(byte[] message) {
    cutClientSlice();
    toServer.add(Packets.buffer(server.alloc(), message));
  }

  private void cutClientSlice() {
    ByteBuf in = clientIn;
    if (in != null && clientAt > clientSliceFrom) {
      toServer.add(in.retainedSlice(clientSliceFrom, clientAt - clientSliceFrom));
    }
    clientSliceFrom = clientAt;
  }

  private void pumpClient() {
    clientWaits = false;
    while (end == null && !clientBlocked && !clientWaits && cancelsUnderWay == 0) {
      ByteBuf in = clientIn;
      if (in == null || !in.isReadable()) {
        break;
      }
      if (!(copyPartLeft > 0 ? copyPart(in) : clientBatch(in))) {
        break;
      }
    }
    tellHeld();
    updateAutoRead();
  }

  /// Decides and forwards as many whole messages as fit into one batch.
  ///
  /// @return whether anything was consumed
  private boolean clientBatch(ByteBuf in) {
    int start = in.readerIndex();
    int messages = 0;
    @Nullable SessionEnd ending = null;
    clientAt = start;
    clientSliceFrom = start;
    while (ending == null) {
      int available = in.writerIndex() - clientAt;
      if (available < HEADER_BYTES) {
        break;
      }
      byte type = in.getByte(clientAt);
      int total = 1 + in.getInt(clientAt + 1);
      if (total < HEADER_BYTES || total > MESSAGE_BYTES_MAX) {
        ending = SessionEnd.violation("message length " + (total - 1) + " is out of range");
        break;
      }
      if (clientAt > start && clientAt - start + total > BATCH_BYTES_MAX) {
        break;
      }
      if (available < total) {
        if (type == 'd' && total > BATCH_BYTES_MAX) {
          if (clientAt == start) {
            copyPartLeft = total;
            copyPartFirst = true;
            return copyPart(in);
          }
        } else if (type != 'd' && total > limits.statementBytesMax()) {
          ending = tooLong(total);
        }
        break;
      }
      if (type == 'd') {
        capture.passMessage();
      } else if (total > limits.statementBytesMax()) {
        ending = tooLong(total);
        break;
      } else {
        capture.beginMessage(clientAt - start);
        switch (machine.frontend(
            in.nioBuffer(clientAt, total),
            type == 'P' ? in.nioBuffer(clientAt + total, available - total) : NOTHING)) {
          case FrontendVerdict.Forward() -> {}
          case FrontendVerdict.Replace(byte[] replacement) -> {
            cutClientSlice();
            toServer.add(Packets.buffer(server.alloc(), replacement));
            clientSliceFrom = clientAt + total;
          }
          case FrontendVerdict.Wait() -> {
            capture.cancelMessage();
            clientWaits = true;
          }
          case FrontendVerdict.End(SessionEnd why) -> {
            ending = why;
            cutClientSlice();
            clientSliceFrom = clientAt + total; // what ends the session is not forwarded
          }
        }
        if (clientWaits) {
          break;
        }
      }
      clientAt += total;
      messages++;
    }
    cutClientSlice();
    if (clientAt == start && toServer.isEmpty() && ending == null) {
      return false;
    }
    commitClient(in, start, messages, ending);
    return true;
  }

  private SessionEnd tooLong(int total) {
    return new SessionEnd(
        Trigger.POLICY,
        "54000",
        "a statement of "
            + total
            + " bytes is longer than this gateway allows ("
            + limits.statementBytesMax()
            + ")");
  }

  private void commitClient(ByteBuf in, int start, int messages, @Nullable SessionEnd ending) {
    ByteBuffer content = in.nioBuffer(start, clientAt - start);
    switch (capture.command(content, messages, 0)) {
      case DONE -> {
        in.readerIndex(clientAt);
        for (ByteBuf message : toServer) {
          server.write(message, server.voidPromise());
        }
        toServer.clear();
        releaseIfEmpty(true);
        if (ending != null) {
          endNow(ending, 0);
        }
      }
      case FULL -> {
        clientBlocked = true;
        int consumed = clientAt;
        retryWhenFreed(() -> {
          clientBlocked = false;
          if (end != null) {
            return;
          }
          clientAt = consumed;
          commitClient(in, start, messages, ending);
          pumpClient();
          server.flush();
        });
      }
      case DEAD -> {
        in.readerIndex(clientAt);
        recorderDead();
      }
    }
  }

  private void releaseIfEmpty(boolean ofClient) {
    ByteBuf in = ofClient ? clientIn : serverIn;
    if (in != null && !in.isReadable()) {
      in.release();
      if (ofClient) {
        clientIn = null;
      } else {
        serverIn = null;
      }
    }
  }

  private void retryWhenFreed(Runnable retry) {
    updateAutoRead();
    capture.whenFreed(() -> client.eventLoop().execute(retry));
  }

  /// A piece of copy data that is too large to be held whole.
  private boolean copyPart(ByteBuf in) {
    int length = Math.min(Math.min(in.readableBytes(), copyPartLeft), BATCH_BYTES_MAX);
    Commit commit =
        capture.part(
            true,
            in.nioBuffer(in.readerIndex(), length),
            'd',
            copyPartFirst,
            length == copyPartLeft);
    switch (commit) {
      case DONE -> {
        copyPartLeft -= length;
        copyPartFirst = false;
        server.write(in.readRetainedSlice(length), server.voidPromise());
        releaseIfEmpty(true);
      }
      case FULL -> {
        clientBlocked = true;
        retryWhenFreed(() -> {
          clientBlocked = false;
          if (end == null) {
            pumpClient();
            server.flush();
          }
        });
      }
      case DEAD -> recorderDead();
    }
    return commit == Commit.DONE;
  }

  void clientReadComplete() {
    server.flush();
  }

  void clientGone() {
    endNow(new SessionEnd(Trigger.CLIENT, "00000", "the client has left"), 0);
  }

  // ---- server to client

  void serverRead(ByteBuf in) {
    if (finished) {
      in.release();
      return;
    }
    serverIn = cumulate(server, serverIn, in);
    if (!serverBlocked) {
      pumpServer();
    }
  }

  private void pumpServer() {
    while (!serverBlocked && !finished) {
      ByteBuf in = serverIn;
      if (in == null || !in.isReadable()) {
        break;
      }
      if (!(rowPartLeft > 0 ? rowPart(in) : serverBatch(in))) {
        break;
      }
    }
    sendInjected();
    if (clientWaits && end == null) {
      pumpClient();
      server.flush();
    }
    updateAutoRead();
  }

  /// Sends what the gateway has to say to the server because of what the server said. Behind
  /// messages of the client that wait for room in the ring it waits too.
  private void sendInjected() {
    if (toServer.isEmpty() || clientBlocked || end != null) {
      return;
    }
    toServer.forEach(message -> server.write(message, server.voidPromise()));
    toServer.clear();
    server.flush();
  }

  private boolean serverBatch(ByteBuf in) {
    int start = in.readerIndex();
    int at = start;
    int sliceFrom = start;
    int messages = 0;
    int flags = 0;
    @Nullable SessionEnd ending = null;
    while (ending == null) {
      int available = in.writerIndex() - at;
      if (available < HEADER_BYTES) {
        break;
      }
      byte type = in.getByte(at);
      int total = 1 + in.getInt(at + 1);
      if (total < HEADER_BYTES || total > MESSAGE_BYTES_MAX) {
        ending = SessionEnd.violation("the server sent a message of length " + (total - 1));
        break;
      }
      if (at > start && (at - start + total > BATCH_BYTES_MAX || toClient.isFull(total))) {
        break;
      }
      boolean row = type == 'D' || type == 'd';
      if (available < total) {
        if (row && total > BATCH_BYTES_MAX && !machine.holdsRows()) {
          if (at == start) {
            rowPartLeft = total;
            rowPartType = type;
            RowVerdict whole = machine.row(type, total);
            rowPartForwarded = whole instanceof RowVerdict.Forward && end == null;
            cutOffIf(whole);
            rowPartFirst = true;
            return rowPart(in);
          }
        } else if (total > SERVER_MESSAGE_BYTES_MAX) {
          ending = SessionEnd.violation("the server sent a message of " + total + " bytes");
        }
        break;
      }
      RowVerdict rowVerdict = row ? machine.row(type, total) : RowVerdict.OWN;
      if (rowVerdict instanceof RowVerdict.Forward) {
        capture.passRow(type);
        messages++;
      } else if (rowVerdict instanceof RowVerdict.Mask(MaskPlan plan, Execution execution)) {
        toClient.forward(in, sliceFrom, at);
        sliceFrom = at + total;
        int length = toClient.rewrite(plan, in, at, total);
        if (length == MaskPlan.MALFORMED) {
          ending = SessionEnd.violation("the server sent a row unlike its description");
        } else {
          execution.countRow(length);
          capture.passRow(type);
          messages++;
          flags |= FrameFlags.DIFFERS_FROM_SERVER;
        }
      } else if (rowVerdict instanceof RowVerdict.Withhold) {
        toClient.forward(in, sliceFrom, at);
        sliceFrom = at + total;
        cutOffIf(rowVerdict);
      } else if (rowVerdict instanceof RowVerdict.End(SessionEnd why)) {
        ending = why;
        toClient.forward(in, sliceFrom, at);
        sliceFrom = at + total;
      } else {
        capture.beginAnswer();
        ByteBuffer message = in.nioBuffer(at, total);
        switch (machine.backend(message)) {
          case BackendVerdict.Forward() -> {
            messages++;
            flags |= note(type);
          }
          case BackendVerdict.Swallow() -> {
            capture.cancelMessage();
            toClient.forward(in, sliceFrom, at);
            sliceFrom = at + total;
          }
          case BackendVerdict.Replace(byte[] replacement) -> {
            messages++;
            flags |= note(type) | FrameFlags.DIFFERS_FROM_SERVER;
            toClient.forward(in, sliceFrom, at);
            toClient.add(replacement);
            messages += passFurther(replacement);
            sliceFrom = at + total;
          }
          case BackendVerdict.End(SessionEnd why) -> {
            capture.cancelMessage();
            ending = why;
            toClient.forward(in, sliceFrom, at);
            sliceFrom = at + total;
          }
        }
      }
      at += total;
    }
    toClient.forward(in, sliceFrom, at);
    if (at == start && ending == null) {
      return false;
    }
    in.readerIndex(at);
    if (end != null) {
      toClient.discard();
      drained();
      return true;
    }
    commitServer(messages, flags, ending);
    return true;
  }

  /// Counts the messages behind the first one of a replacement.
  private int passFurther(byte[] replacement) {
    ByteBuffer messages = ByteBuffer.wrap(replacement);
    int further = 0;
    int at = 1 + messages.getInt(1);
    while (at < replacement.length) {
      capture.passMessage();
      further++;
      at += 1 + messages.getInt(at + 1);
    }
    return further;
  }

  private int note(byte type) {
    if (type == 'C') {
      drainedComplete = true;
      drainedError = false;
    } else if (type == 'E') {
      drainedError = true;
      return FrameFlags.ERROR;
    }
    return 0;
  }

  private void commitServer(int messages, int flags, @Nullable SessionEnd ending) {
    switch (capture.results(toClient.content(), messages, flags)) {
      case DONE -> {
        toClient.send();
        releaseIfEmpty(false);
        if (ending != null) {
          endNow(ending, 0);
        }
      }
      case FULL -> {
        serverBlocked = true;
        retryWhenFreed(() -> {
          serverBlocked = false;
          if (end == null) {
            commitServer(messages, flags, ending);
            pumpServer();
            client.flush();
          }
        });
      }
      case DEAD -> {
        toClient.discard();
        recorderDead();
      }
    }
  }

  private static void discard(List<ByteBuf> messages) {
    messages.forEach(ByteBuf::release);
    messages.clear();
  }

  /// A piece of a row that is too large to be held whole.
  private boolean rowPart(ByteBuf in) {
    int length = Math.min(Math.min(in.readableBytes(), rowPartLeft), BATCH_BYTES_MAX);
    if (!rowPartForwarded || end != null) {
      in.skipBytes(length);
      rowPartLeft -= length;
      releaseIfEmpty(false);
      return true;
    }
    Commit commit =
        capture.part(
            false,
            in.nioBuffer(in.readerIndex(), length),
            rowPartType,
            rowPartFirst,
            length == rowPartLeft);
    switch (commit) {
      case DONE -> {
        rowPartFirst = false;
        rowPartLeft -= length;
        client.write(in.readRetainedSlice(length), client.voidPromise());
        releaseIfEmpty(false);
      }
      case FULL -> {
        serverBlocked = true;
        retryWhenFreed(() -> {
          serverBlocked = false;
          if (end == null) {
            pumpServer();
            client.flush();
          }
        });
      }
      case DEAD -> recorderDead();
    }
    return commit == Commit.DONE;
  }

  void serverReadComplete() {
    client.flush();
  }

  void serverGone() {
    if (end != null) {
      finish(
          machine.isIdle() ? outcomeWhenIdle() : RecordedEvent.Transaction.UNKNOWN,
          RecordedEvent.ServerSide.TERMINATED);
      return;
    }
    endNow(
        new SessionEnd(Trigger.SERVER, "08006", "the server closed the connection unexpectedly"),
        0);
  }

  // ---- flow

  void updateAutoRead() {
    client
        .config()
        .setAutoRead(
            end == null
                && (!clientWaits || readsAhead())
                && !clientBlocked
                && cancelsUnderWay == 0
                && server.isWritable());
    server.config().setAutoRead(end != null || (!serverBlocked && client.isWritable()));
  }

  /// While people think, the client may say more, and may leave: bounded, and only then.
  private boolean readsAhead() {
    ByteBuf in = clientIn;
    return (machine.isHolding() || machine.wantsMore())
        && (in == null || in.readableBytes() < limits.heldBytesMax());
  }

  /// Tells the client that a statement waits for people, between two messages of the server.
  private void tellHeld() {
    byte[] notice = machine.takeNotice();
    if (notice != null && end == null) {
      capture.beginAnswer();
      if (capture.results(ByteBuffer.wrap(notice), 1, FrameFlags.DIFFERS_FROM_SERVER)
          == Commit.DONE) {
        client.writeAndFlush(Packets.buffer(client.alloc(), notice), client.voidPromise());
      }
    }
  }

  // ---- cancel

  /// A client asked to cancel what this session runs. Any thread.
  ///
  /// @param done run when the server has taken the request, or there was nothing to cancel
  void cancelRequested(Runnable done) {
    client
        .eventLoop()
        .execute(() -> {
          if (end == null && machine.withdraw(HoldDesk.Withdrawal.CANCELLED)) {
            capture.event(
                new RecordedEvent.Cancel(capture.number(), 0, true, "held statement cancelled"));
            done.run();
            return;
          }
          boolean running = end == null && machine.runsForClient();
          capture.event(
              new RecordedEvent.Cancel(
                  capture.number(),
                  machine.statementInFlight(),
                  true,
                  running ? "forwarded" : "nothing to cancel"));
          if (!running) {
            done.run();
            return;
          }
          sendCancel(done);
        });
  }

  /// Asks the server to stop a statement, of which the client gets no more rows.
  private void cutOffIf(RowVerdict verdict) {
    if (verdict instanceof RowVerdict.Withhold(boolean first) && first && end == null) {
      sendCancel(() -> {});
    }
  }

  /// Until the server has taken it, nothing new may start: it would be what is hit.
  private void sendCancel(Runnable done) {
    cancelsUnderWay++;
    updateAutoRead();
    cancels.send(
        client.eventLoop(),
        cancelTarget,
        serverPid,
        serverSecret,
        () -> {
          cancelsUnderWay--;
          done.run();
          pumpClient();
          server.flush();
        });
  }

  // ---- the end

  private void recorderDead() {
    endNow(
        new SessionEnd(
            Trigger.ERROR,
            "58030",
            "the recorder of this gateway has failed, and nothing runs unrecorded"),
        0);
  }

  private void endNow(SessionEnd why, long by) {
    endNow(why, by, Duration.ZERO);
  }

  private void endNow(SessionEnd why, long by, Duration serverLater) {
    if (end != null) {
      return;
    }
    end = why;
    endBy = by;
    endBegan = System.nanoTime();
    endInFlight = machine.statementInFlight();
    abandonHeld(why);
    if (forced()) {
      capture.killing();
    }
    why.lock().ifPresent(locks); // before the client knows, or it could come back
    if (client.isActive() && why.trigger() != Trigger.CLIENT && !machine.serverIsEnding()) {
      byte[] fatal = Packets.fatal(why.sqlState(), why.message());
      capture.lastWords(fatal);
      ChannelFuture told = client.writeAndFlush(Packets.buffer(client.alloc(), fatal));
      if (serverLater.isZero()) {
        told.addListener(ChannelFutureListener.CLOSE);
      } else { // nothing is read of it any more
        told.addListener(_ ->
            client
                .eventLoop()
                .schedule(() -> client.close(), CLOSE_LATER_MILLIS, TimeUnit.MILLISECONDS));
      }
    } else {
      client.flush();
      client.close();
    }
    cutMicros = (System.nanoTime() - endBegan) / 1000;
    if (server.isActive() && !machine.isIdle()) {
      // the server still works; what it answers from here on tells what became of it
      draining = true;
      drainedError = false;
      drainedComplete = false;
      server.config().setAutoRead(true);
    }
    if (serverLater.isZero()) {
      endServer();
    } else {
      client.eventLoop().schedule(this::endServer, serverLater.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void endServer() {
    if (finished) {
      return;
    }
    if (!server.isActive()) {
      finish(
          machine.isIdle() ? outcomeWhenIdle() : RecordedEvent.Transaction.UNKNOWN,
          RecordedEvent.ServerSide.TERMINATED);
    } else if (draining) {
      drain();
    } else {
      finish(outcomeWhenIdle(), RecordedEvent.ServerSide.TERMINATED);
    }
  }

  /// What waited for people is written down as not forwarded.
  private void abandonHeld(SessionEnd why) {
    HoldDesk.Withdrawal withdrawal =
        why.trigger() == Trigger.SHUTDOWN
            ? HoldDesk.Withdrawal.SHUTDOWN
            : HoldDesk.Withdrawal.DISCONNECTED;
    ByteBuf in = clientIn;
    if (in == null || in.readableBytes() < HEADER_BYTES || !machine.isHolding()) {
      return;
    }
    int total = 1 + in.getInt(in.readerIndex() + 1);
    capture.beginMessage(0);
    if (in.readableBytes() >= total && machine.abandonHeld(withdrawal)) {
      capture.command(in.nioBuffer(in.readerIndex(), total), 1, 0);
    }
  }

  private boolean forced() {
    SessionEnd why = end;
    return why != null
        && switch (why.trigger()) {
          case OPERATOR, POLICY, REVOKED, EXPIRED -> true;
          case CLIENT, SERVER, SHUTDOWN, ERROR -> false;
        };
  }

  /// The client is gone, the server still works: ask it to stop, and see what became of it.
  private void drain() {
    server.flush();
    cancels.send(client.eventLoop(), cancelTarget, serverPid, serverSecret, () -> {});
    server
        .eventLoop()
        .schedule(
            () -> finish(RecordedEvent.Transaction.UNKNOWN, RecordedEvent.ServerSide.STILL_RUNNING),
            DRAIN_SECONDS_MAX,
            TimeUnit.SECONDS);
  }

  private void drained() {
    releaseIfEmpty(false);
    if (draining && machine.isIdle()) {
      RecordedEvent.Transaction outcome =
          machine.transaction() != 'I' || drainedError
              ? RecordedEvent.Transaction.ROLLED_BACK
              : drainedComplete
                  ? RecordedEvent.Transaction.COMMITTED
                  : RecordedEvent.Transaction.UNKNOWN;
      finish(outcome, RecordedEvent.ServerSide.CANCELLED);
    }
  }

  private RecordedEvent.Transaction outcomeWhenIdle() {
    return machine.transaction() == 'I'
        ? RecordedEvent.Transaction.NONE
        : RecordedEvent.Transaction.ROLLED_BACK;
  }

  private void finish(RecordedEvent.Transaction transaction, RecordedEvent.ServerSide side) {
    if (finished) {
      return;
    }
    recordEvents();
    finished = true;
    outcome =
        switch (transaction) {
          case UNSET, NONE -> "none";
          case COMMITTED -> "committed";
          case ROLLED_BACK -> "rolledBack";
          case UNKNOWN -> "unknown";
        };
    SessionEnd why = java.util.Objects.requireNonNull(end);
    machine.sessionEnds();
    if (forced()) {
      capture.event(
          new RecordedEvent.Kill(
              SessionCapture.trigger(why.trigger()),
              endBy,
              endInFlight,
              cutMicros,
              side,
              transaction,
              capture.lastComplete()));
    }
    capture.end(why.trigger(), endBy, endInFlight, transaction);
    if (server.isActive()) {
      server
          .writeAndFlush(Packets.buffer(server.alloc(), Packets.terminate()))
          .addListener(ChannelFutureListener.CLOSE);
    }
    discard(toServer);
    toClient.discard();
    if (clientIn != null) {
      clientIn.release();
      clientIn = null;
    }
    if (serverIn != null) {
      serverIn.release();
      serverIn = null;
    }
    onEnd.run();
    ended.complete(why);
  }
}
