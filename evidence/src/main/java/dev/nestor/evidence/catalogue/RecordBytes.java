package dev.nestor.evidence.catalogue;

import dev.nestor.recorder.bytes.DamageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Records as bytes and back: numbers, texts, times, paths, enums, optionals, lists, sets, maps and
/// records of them. A text that comes again is written once.
///
/// Bytes say nothing of their shape; whoever keeps them keeps [#shape] beside them and reads them
/// only while it is the same.
final class RecordBytes {
  private RecordBytes() {}

  // ---- shape ----

  /// Names and types of everything that a record holds: other bytes where it differs.
  static String shape(Class<? extends Record> type) {
    Map<String, String> shapes = new TreeMap<>();
    shape(type, shapes);
    return type.getName() + shapes;
  }

  private static void shape(Type type, Map<String, String> into) {
    if (type instanceof ParameterizedType generic) {
      for (Type each : generic.getActualTypeArguments()) {
        shape(each, into);
      }
    } else if (type instanceof Class<?> plain && !into.containsKey(plain.getName())) {
      if (plain.isEnum()) {
        into.put(plain.getName(), Arrays.toString(plain.getEnumConstants()));
      } else if (plain.isRecord()) {
        into.put(plain.getName(), "");
        StringBuilder parts = new StringBuilder();
        for (RecordComponent each : plain.getRecordComponents()) {
          parts.append(each.getName()).append(' ').append(each.getGenericType()).append(';');
          shape(each.getGenericType(), into);
        }
        into.put(plain.getName(), parts.toString());
      }
    }
  }

  // ---- writing ----

  static byte[] write(Record record) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
      new Writing(new DataOutputStream(bytes)).value(record.getClass(), record);
      return bytes.toByteArray();
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e); // memory takes everything; records are open
    }
  }

  private record Writing(DataOutputStream out, Map<String, Integer> texts) {
    Writing(DataOutputStream out) {
      this(out, new HashMap<>());
    }

    void value(Type type, @Nullable Object value) throws IOException, ReflectiveOperationException {
      Class<?> plain = plain(type);
      if (!plain.isPrimitive()) {
        out.writeBoolean(value != null);
      }
      switch (value) {
        case null -> {}
        case Integer number -> out.writeInt(number);
        case Long number -> out.writeLong(number);
        case Double number -> out.writeDouble(number);
        case Boolean flag -> out.writeBoolean(flag);
        case String text -> text(text);
        case Path path -> text(path.toString());
        case Instant at -> {
          out.writeLong(at.getEpochSecond());
          out.writeInt(at.getNano());
        }
        case Duration length -> {
          out.writeLong(length.getSeconds());
          out.writeInt(length.getNano());
        }
        case LocalTime time -> out.writeLong(time.toNanoOfDay());
        case Enum<?> each -> text(each.name());
        case OptionalLong number -> {
          out.writeBoolean(number.isPresent());
          out.writeLong(number.orElse(0));
        }
        case Optional<?> inside -> value(argument(type, 0), inside.orElse(null));
        case Collection<?> all -> {
          out.writeInt(all.size());
          for (Object each : all) {
            value(argument(type, 0), each);
          }
        }
        case Map<?, ?> all -> {
          out.writeInt(all.size());
          for (Map.Entry<?, ?> each : all.entrySet()) {
            value(argument(type, 0), each.getKey());
            value(argument(type, 1), each.getValue());
          }
        }
        case Record record -> {
          for (RecordComponent each : record.getClass().getRecordComponents()) {
            each.getAccessor().setAccessible(true);
            value(each.getGenericType(), each.getAccessor().invoke(record));
          }
        }
        default -> throw new IllegalArgumentException("no bytes for " + value.getClass());
      }
    }

    private void text(String text) throws IOException {
      Integer known = texts.putIfAbsent(text, texts.size());
      if (known != null) {
        out.writeInt(known);
        return;
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeInt(-1 - bytes.length);
      out.write(bytes);
    }
  }

  // ---- reading ----

  /// @throws DamageException if the bytes are not such a record
  static <T extends Record> T read(Class<T> type, byte[] bytes) throws DamageException {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      Object read = new Reading(in).value(type);
      if (read == null || in.available() > 0) {
        throw new DamageException("not a " + type.getSimpleName());
      }
      return type.cast(read);
    } catch (IOException | ReflectiveOperationException | RuntimeException e) {
      throw new DamageException("not a %s: %s".formatted(type.getSimpleName(), e.getMessage()));
    }
  }

  private record Reading(DataInputStream in, List<String> texts) {
    Reading(DataInputStream in) {
      this(in, new ArrayList<>());
    }

    @Nullable Object value(Type type) throws IOException, ReflectiveOperationException {
      Class<?> plain = plain(type);
      if (!plain.isPrimitive() && !in.readBoolean()) {
        return null;
      }
      if (plain == int.class || plain == Integer.class) {
        return in.readInt();
      } else if (plain == long.class || plain == Long.class) {
        return in.readLong();
      } else if (plain == double.class || plain == Double.class) {
        return in.readDouble();
      } else if (plain == boolean.class || plain == Boolean.class) {
        return in.readBoolean();
      } else if (plain == String.class) {
        return text();
      } else if (plain == Path.class) {
        return Path.of(text());
      } else if (plain == Instant.class) {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
      } else if (plain == Duration.class) {
        return Duration.ofSeconds(in.readLong(), in.readInt());
      } else if (plain == LocalTime.class) {
        return LocalTime.ofNanoOfDay(in.readLong());
      } else if (plain.isEnum()) {
        return constant(plain, text());
      } else if (plain == OptionalLong.class) {
        boolean there = in.readBoolean();
        long number = in.readLong();
        return there ? OptionalLong.of(number) : OptionalLong.empty();
      } else if (plain == Optional.class) {
        return Optional.ofNullable(value(argument(type, 0)));
      } else if (plain == List.class) {
        return all(type, new ArrayList<>());
      } else if (plain == Set.class) {
        return all(type, new LinkedHashSet<>());
      } else if (plain == Map.class) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int left = count(); left > 0; left--) {
          map.put(value(argument(type, 0)), value(argument(type, 1)));
        }
        return map;
      }
      return record(plain);
    }

    private Collection<@Nullable Object> all(Type type, Collection<@Nullable Object> into)
        throws IOException, ReflectiveOperationException {
      for (int left = count(); left > 0; left--) {
        into.add(value(argument(type, 0)));
      }
      return into;
    }

    private static Object constant(Class<?> type, String name) throws IOException {
      for (Object each : type.getEnumConstants()) {
        if (each instanceof Enum<?> known && known.name().equals(name)) {
          return each;
        }
      }
      throw new IOException("no " + type.getSimpleName() + " is " + name);
    }

    private Object record(Class<?> type) throws IOException, ReflectiveOperationException {
      RecordComponent[] components = type.getRecordComponents();
      if (components == null) {
        throw new IOException("no bytes for " + type);
      }
      Class<?>[] types = new Class<?>[components.length];
      @Nullable Object[] values = new @Nullable Object[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        values[i] = value(components[i].getGenericType());
      }
      Constructor<?> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    }

    /// Each of so many takes at least a byte.
    private int count() throws IOException {
      int count = in.readInt();
      if (count < 0 || count > in.available()) {
        throw new IOException("too many: " + count);
      }
      return count;
    }

    private String text() throws IOException {
      int which = in.readInt();
      if (which >= 0) {
        return texts.get(which);
      }
      int length = -1 - which;
      if (length > in.available()) {
        throw new IOException("too long: " + length);
      }
      String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      texts.add(text);
      return text;
    }
  }

  private static Class<?> plain(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}
