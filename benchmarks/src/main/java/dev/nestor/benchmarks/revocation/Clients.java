package dev.nestor.benchmarks.revocation;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A process with many database sessions, one a token, that tells when each was cut. Reads, batch
/// by batch, a number n and a line `name token` a session up to an empty line, where every nth
/// session goes on in the middle of a statement; prints `ready` when all are in, then, when all are
/// over, `name micros` for each: the wall clock when its FATAL 57P01 had arrived, in microseconds,
/// or 0 if something else happened.
final class Clients {
  private static final int TLS_REQUEST = 80877103;
  private static final int PROTOCOL = 196608;
  private static final int AT_A_TIME = 16;
  private static final String BUSY = "select pg_sleep(600)";

  private final Map<String, Long> ends = new ConcurrentHashMap<>();
  private final CountDownLatch ready;
  private final CountDownLatch over;
  private final int port;
  private final String database;
  private final SslContext tls;

  private Clients(int count, int port, String database, SslContext tls) {
    this.ready = new CountDownLatch(count);
    this.over = new CountDownLatch(count);
    this.port = port;
    this.database = database;
    this.tls = tls;
  }

  /// Arguments: port of the gateway, CA file, database.
  public static void main(String[] arguments) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    SslContext tls =
        SslContextBuilder.forClient().trustManager(Path.of(arguments[1]).toFile()).build();
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    for (String head = in.readLine(); head != null; head = in.readLine()) {
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      new Clients(lines.size(), Integer.parseInt(arguments[0]), arguments[2], tls)
          .run(loop, lines, Integer.parseInt(head));
    }
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private void run(EventLoopGroup loop, List<String> lines, int busyEvery)
      throws InterruptedException {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int blank = line.indexOf(' ');
      connect(
          loop,
          new Session(line.substring(0, blank), line.substring(blank + 1), i % busyEvery == 0));
      while (i + 1 - (lines.size() - ready.getCount()) > AT_A_TIME) {
        TimeUnit.MILLISECONDS.sleep(1); // every log-in costs the server a process
      }
    }
    ready.await();
    System.out.println("ready");
    over.await();
    ends.forEach((name, at) -> System.out.println(name + " " + at));
  }

  private void connect(EventLoopGroup loop, Session session) throws InterruptedException {
    Channel channel =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel made) {
                    made.pipeline().addLast(session);
                  }
                })
            .connect("localhost", port)
            .sync()
            .channel();
    channel.writeAndFlush(channel.alloc().buffer(8).writeInt(8).writeInt(TLS_REQUEST));
  }

  /// One session from its first byte to its last.
  private final class Session extends ByteToMessageDecoder {
    private final String name;
    private final String token;
    private final boolean busy;
    private boolean encrypted;
    private boolean in;
    private boolean ended;

    Session(String name, String token, boolean busy) {
      this.name = name;
      this.token = token;
      this.busy = busy;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out) {
      if (!encrypted) {
        encrypted = true;
        if (bytes.readByte() != 'S') {
          ctx.close();
          return;
        }
        ctx.pipeline().addFirst(tls.newHandler(ctx.alloc(), "localhost", port));
        startup(ctx);
        return;
      }
      if (bytes.readableBytes() < 5
          || bytes.readableBytes() < 1 + bytes.getInt(bytes.readerIndex() + 1)) {
        return;
      }
      byte type = bytes.readByte();
      ByteBuf body = bytes.readSlice(bytes.readInt() - 4);
      if (type == 'E') {
        Instant now = Instant.now();
        boolean cut = in && body.toString(StandardCharsets.UTF_8).contains("57P01");
        over(cut ? ChronoUnit.MICROS.between(Instant.EPOCH, now) : 0);
      } else if (type == 'Z' && !in) {
        in = true;
        if (busy) {
          message(ctx, 'Q', BUSY);
        }
        ready.countDown();
      }
    }

    private void startup(ChannelHandlerContext ctx) {
      byte[] parameters =
          ("user\0" + name + "\0database\0" + database + "\0\0")
              .getBytes(StandardCharsets.US_ASCII);
      ctx.writeAndFlush(
          ctx.alloc()
              .buffer()
              .writeInt(8 + parameters.length)
              .writeInt(PROTOCOL)
              .writeBytes(parameters));
      message(ctx, 'p', token);
    }

    private void message(ChannelHandlerContext ctx, char type, String text) {
      byte[] body = text.getBytes(StandardCharsets.US_ASCII);
      ctx.writeAndFlush(
          ctx.alloc()
              .buffer()
              .writeByte(type)
              .writeInt(5 + body.length)
              .writeBytes(body)
              .writeByte(0));
    }

    private void over(long at) {
      if (!ended) {
        ended = true;
        ends.put(name, at);
        if (!in) {
          ready.countDown();
        }
        over.countDown();
      }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
      over(0);
    }
  }
}
