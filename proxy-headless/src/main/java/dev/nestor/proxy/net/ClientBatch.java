package dev.nestor.proxy.net;

import dev.nestor.proxy.masking.MaskPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a batch of the server's messages becomes for the client. Messages that stay are slices of
/// what was read; from the first row that is rewritten on, everything is written behind one another
/// into one buffer, so that neither the record nor the socket must join pieces.
///
/// Belongs to the event loop of its session.
final class ClientBatch {
  private static final int BUFFER_BYTES = 40 * 1024;

  /// When so much is written, the batch ends.
  private static final int FULL_BYTES = 64 * 1024;

  /// A row that is longer than this begins a batch of its own where rows are rewritten, because it
  /// may become much longer.
  private static final int SHORT_ROW_BYTES = 8 * 1024;

  /// A row that could become longer than this is not shown.
  private static final int ROW_BYTES_MAX = 128 << 20;

  private final Channel client;
  private final List<ByteBuf> slices = new ArrayList<>();
  private @Nullable ByteBuf written;

  ClientBatch(Channel client) {
    this.client = client;
  }

  /// Whether a message of this length must wait for the next batch.
  boolean isFull(int total) {
    ByteBuf buffer = written;
    return buffer != null && (buffer.readableBytes() > FULL_BYTES || total > SHORT_ROW_BYTES);
  }

  /// Adds messages as they are.
  void forward(ByteBuf in, int from, int to) {
    if (to <= from) {
      return;
    }
    ByteBuf buffer = written;
    if (buffer == null) {
      slices.add(in.retainedSlice(from, to - from));
    } else {
      buffer.writeBytes(in, from, to - from);
    }
  }

  /// Adds a message of the gateway's own.
  void add(byte[] message) {
    ByteBuf buffer = written;
    if (buffer == null) {
      slices.add(Packets.buffer(client.alloc(), message));
    } else {
      buffer.writeBytes(message);
    }
  }

  /// Adds a row as a plan leaves it.
  ///
  /// @return its length, or [MaskPlan#MALFORMED]
  int rewrite(MaskPlan plan, ByteBuf in, int at, int total) {
    int bytesMax = plan.bytesMax(total);
    if (bytesMax > ROW_BYTES_MAX) {
      return MaskPlan.MALFORMED;
    }
    ByteBuf buffer = buffer();
    buffer.ensureWritable(bytesMax);
    ByteBuffer from = view(in, at, total);
    ByteBuffer to = view(buffer, buffer.writerIndex(), bytesMax);
    int length = plan.rewrite(from, from.position(), total, to, to.position());
    if (length > 0) {
      buffer.writerIndex(buffer.writerIndex() + length);
    }
    return length;
  }

  /// A view that lives until the next one of the same buffer: no object for a row.
  private static ByteBuffer view(ByteBuf buffer, int index, int length) {
    return buffer.nioBufferCount() == 1
        ? buffer.internalNioBuffer(index, length)
        : buffer.nioBuffer(index, length);
  }

  private ByteBuf buffer() {
    ByteBuf buffer = written;
    if (buffer == null) {
      buffer = client.alloc().directBuffer(BUFFER_BYTES);
      for (ByteBuf slice : slices) {
        buffer.writeBytes(slice);
        slice.release();
      }
      slices.clear();
      written = buffer;
    }
    return buffer;
  }

  /// All of it, for the record; valid until the batch changes.
  ByteBuffer content() {
    ByteBuf buffer = written;
    if (buffer != null) {
      return buffer.nioBuffer();
    }
    if (slices.isEmpty()) {
      return ByteBuffer.allocate(0);
    }
    if (slices.size() == 1) {
      return slices.getFirst().nioBuffer();
    }
    ByteBuf all =
        Unpooled.wrappedBuffer(slices.stream().map(ByteBuf::duplicate).toArray(ByteBuf[]::new));
    ByteBuffer copy = ByteBuffer.allocate(all.readableBytes());
    all.getBytes(all.readerIndex(), copy);
    return copy.flip();
  }

  /// Writes it to the client, and is empty.
  void send() {
    for (ByteBuf slice : slices) {
      client.write(slice, client.voidPromise());
    }
    slices.clear();
    ByteBuf buffer = written;
    if (buffer != null) {
      client.write(buffer, client.voidPromise());
      written = null;
    }
  }

  /// Forgets it.
  void discard() {
    slices.forEach(ByteBuf::release);
    slices.clear();
    ByteBuf buffer = written;
    if (buffer != null) {
      buffer.release();
      written = null;
    }
  }
}
