package dev.nestor.recorder.recording;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.BodyCodec;
import dev.nestor.recorder.event.References;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The objects that a recorder has seen, by value. Numbers are the recorder's own and live as long
/// as it does; in the archive each chunk has numbers of its own. Every new object is on file beside
/// the rings before its number is given out, so that recovery can name a plan that was defined an
/// hour ago.
///
/// **Threads.** Any. Looking up a known object takes no lock.
public final class ObjectTable implements References {
  private final ConcurrentHashMap<ArchiveObject, Integer> numbers = new ConcurrentHashMap<>();

  /// By number; an element is written before [#count] says that it is there.
  private volatile @Nullable ArchiveObject[] objects = new ArchiveObject[256];

  private volatile int count;
  private final @Nullable FileChannel file;
  private final java.util.function.BiConsumer<String, Throwable> failed;

  ObjectTable(@Nullable FileChannel file, java.util.function.BiConsumer<String, Throwable> failed) {
    this.file = file;
    this.failed = failed;
  }

  /// The number of an object, for [RowStart], [RowEnd] and [Ring#mention]. The same for an equal
  /// object.
  ///
  /// @throws IllegalArgumentException if the object, or one that it refers to, is over a limit of
  ///   the format
  public int intern(ArchiveObject object) {
    Integer known = numbers.get(object);
    return known != null ? known : define(object);
  }

  @Override
  public int numberOf(ArchiveObject object) {
    return intern(object);
  }

  @Override
  public ArchiveObject object(long number) {
    ArchiveObject object = number < 1 || number > count ? null : objects[(int) number];
    if (object == null) {
      throw new DamageException("object " + number + " is not in the table");
    }
    return object;
  }

  /// The caller holds [#numbers].
  private int add(ArchiveObject object) {
    int number = count + 1;
    if (number == objects.length) {
      objects = Arrays.copyOf(objects, number * 2);
    }
    objects[number] = object;
    count = number;
    return number;
  }

  /// Takes the objects of a table that a dead recorder left, as far as it is whole.
  static ObjectTable read(java.nio.file.Path file) throws IOException {
    ObjectTable table = new ObjectTable(null, (_, _) -> {});
    if (!java.nio.file.Files.isRegularFile(file)) {
      return table;
    }
    ByteSource source = new ByteSource("object table", java.nio.file.Files.readAllBytes(file));
    try {
      while (source.hasRemaining()) {
        int length = (int) source.u32();
        int kind = (int) source.u32();
        ArchiveObject object = BodyCodec.decodeObject(kind, source.array(length), table);
        table.numbers.putIfAbsent(object, table.add(object));
      }
    } catch (DamageException e) {
      return table; // the last one was being written: nothing that was acknowledged refers to it
    }
    return table;
  }

  private int define(ArchiveObject object) {
    synchronized (numbers) {
      Integer known = numbers.get(object);
      if (known != null) {
        return known;
      }
      byte[] body = BodyCodec.encode(object, this); // defines what it refers to first
      append(BodyCodec.kindOf(object), body);
      int number = add(object);
      numbers.put(object, number);
      return number;
    }
  }

  private void append(int kind, byte[] body) {
    if (file == null) {
      return;
    }
    ByteSink entry = new ByteSink(body.length + 8).u32(body.length).u32(kind).bytes(body);
    try {
      ByteBuffer buffer = ByteBuffer.wrap(entry.toArray());
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      failed.accept("the object table cannot be written", e);
    }
  }
}
