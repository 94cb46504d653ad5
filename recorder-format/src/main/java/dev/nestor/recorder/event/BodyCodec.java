package dev.nestor.recorder.event;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.ByteSource;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Bodies of events and objects: the Protocol Buffers wire format, canonical as written (fields
/// ascending, minimal varints, zero and empty left out). The shape of a body is the shape of its
/// record, so that a component cannot be forgotten in one direction.
///
/// +------------------+---------------------------------------------+ | component | field |
/// +------------------+---------------------------------------------+ | int long boolean | varint;
/// zigzag where marked | | enum | varint: position, or the constant's code | | String, Bytes |
/// length-delimited | | archive object | varint: its number in the table | | record |
/// length-delimited message | | list of numbers or objects | packed | | list of others | repeated |
/// +------------------+---------------------------------------------+
public final class BodyCodec {
  /// Largest body of an event or object.
  public static final int BODY_BYTES_MAX = 32 * 1024;

  /// Largest text in a body.
  public static final int TEXT_BYTES_MAX = 16 * 1024;

  /// Most entries of a list.
  public static final int LIST_MAX = 1024;

  private static final int NESTING_MAX = 3;
  private static final int WIRE_VARINT = 0;
  private static final int WIRE_FIXED64 = 1;
  private static final int WIRE_BYTES = 2;
  private static final int WIRE_FIXED32 = 5;

  private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

  private BodyCodec() {}

  /// The number of an object's kind.
  public static int kindOf(ArchiveObject object) {
    return object instanceof ArchiveObject.Unknown(int kind, Bytes _)
        ? kind
        : Kinds.numberOf(object);
  }

  /// The number of an event's kind.
  public static int kindOf(RecordedEvent event) {
    return event instanceof RecordedEvent.Unknown(int kind, int _, Bytes _)
        ? kind
        : Kinds.numberOf(event);
  }

  /// The body of an object.
  ///
  /// @throws IllegalArgumentException if the object is over a limit of the format
  public static byte[] encode(ArchiveObject object, References references) {
    return object instanceof ArchiveObject.Unknown(int _, Bytes body)
        ? body.toArray()
        : encodeRecord((Record) object, references);
  }

  /// The body of an event.
  ///
  /// @throws IllegalArgumentException if the event is over a limit of the format
  public static byte[] encode(RecordedEvent event, References references) {
    return event instanceof RecordedEvent.Unknown(int _, int _, Bytes body)
        ? body.toArray()
        : encodeRecord((Record) event, references);
  }

  /// The object of a body.
  ///
  /// @throws DamageException if the body breaks a rule
  public static ArchiveObject decodeObject(int kind, byte[] body, References references) {
    checkSize(body);
    Class<? extends ArchiveObject> type = Kinds.OBJECTS.get(kind);
    return type == null
        ? new ArchiveObject.Unknown(kind, Bytes.of(body))
        : (ArchiveObject)
            shape(type).decode(new ByteSource(type.getSimpleName(), body), references, NESTING_MAX);
  }

  /// The event of a body.
  ///
  /// @param lane lane that the body stood in
  /// @throws DamageException if the body breaks a rule
  public static RecordedEvent decodeEvent(int kind, int lane, byte[] body, References references) {
    checkSize(body);
    Class<? extends RecordedEvent> type = Kinds.EVENTS.get(kind);
    return type == null
        ? new RecordedEvent.Unknown(kind, lane, Bytes.of(body))
        : (RecordedEvent)
            shape(type).decode(new ByteSource(type.getSimpleName(), body), references, NESTING_MAX);
  }

  /// The objects that this one refers to, in the order of its fields.
  public static List<ArchiveObject> references(Record holder) {
    List<ArchiveObject> found = new ArrayList<>();
    collect(holder, found);
    return found;
  }

  private static void collect(Record holder, List<ArchiveObject> found) {
    for (Field field : shape(holder.getClass()).fields) {
      Object value = field.get(holder);
      if (value instanceof ArchiveObject object) {
        found.add(object);
      } else if (value instanceof List<?> list) {
        for (Object each : list) {
          if (each instanceof ArchiveObject object) {
            found.add(object);
          } else if (each instanceof Record nested) {
            collect(nested, found);
          }
        }
      }
    }
  }

  private static byte[] encodeRecord(Record value, References references) {
    ByteSink sink = new ByteSink(128);
    shape(value.getClass()).encode(value, sink, references);
    if (sink.size() > BODY_BYTES_MAX) {
      throw new IllegalArgumentException(
          value.getClass().getSimpleName()
              + ": "
              + sink.size()
              + " bytes (expected: at most "
              + BODY_BYTES_MAX
              + ")");
    }
    return sink.toArray();
  }

  private static void checkSize(byte[] body) {
    if (body.length > BODY_BYTES_MAX) {
      throw DamageException.outOfRange("body", body.length, 0, BODY_BYTES_MAX);
    }
  }

  private static Shape shape(Class<?> type) {
    Shape known = SHAPES.get(type);
    if (known == null) {
      known = new Shape(type);
      SHAPES.put(type, known);
    }
    return known;
  }

  /// How a component travels.
  private enum Form {
    NUMBER(true),
    SIGNED(true),
    FLAG(true),
    CONSTANT(true),
    TEXT(false),
    BYTES(false),
    REFERENCE(true),
    MESSAGE(false);

    private final boolean number;

    Form(boolean number) {
      this.number = number;
    }
  }

  private record Field(
      int number, Form form, Class<?> type, boolean list, Method accessor, String name) {
    static Field of(int number, RecordComponent component) {
      boolean list = component.getType() == List.class;
      Class<?> type = component.getType();
      if (list) {
        Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        type = (Class<?>) element;
      }
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return new Field(
          number,
          form(type, component.isAnnotationPresent(Signed.class)),
          type,
          list,
          accessor,
          component.getName());
    }

    private static Form form(Class<?> type, boolean signed) {
      if (type == int.class || type == long.class || type == Long.class) {
        return signed ? Form.SIGNED : Form.NUMBER;
      } else if (type == boolean.class) {
        return Form.FLAG;
      } else if (type.isEnum()) {
        return Form.CONSTANT;
      } else if (type == String.class) {
        return Form.TEXT;
      } else if (type == Bytes.class) {
        return Form.BYTES;
      } else if (ArchiveObject.class.isAssignableFrom(type)) {
        return Form.REFERENCE;
      } else if (type.isRecord()) {
        return Form.MESSAGE;
      }
      throw new IllegalStateException("a component of type " + type + " has no encoding");
    }

    @Nullable Object get(Record holder) {
      try {
        return accessor.invoke(holder);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException(e);
      }
    }

    Object absent() {
      return switch (form) {
        case NUMBER, SIGNED -> type == int.class ? (Object) 0 : (Object) 0L;
        case FLAG -> false;
        case CONSTANT -> type.getEnumConstants()[0];
        case TEXT -> "";
        case BYTES -> Bytes.EMPTY;
        case REFERENCE, MESSAGE -> List.of();
      };
    }
  }

  private static final class Shape {
    private final List<Field> fields = new ArrayList<>();
    private final java.lang.reflect.Constructor<?> constructor;
    private final String name;

    Shape(Class<?> type) {
      name = type.getSimpleName();
      RecordComponent[] components = type.getRecordComponents();
      for (int i = 0; i < components.length; i++) {
        fields.add(Field.of(i + 1, components[i]));
      }
      try {
        constructor =
            type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(e);
      }
    }

    void encode(Record holder, ByteSink sink, References references) {
      for (Field field : fields) {
        Object value = field.get(holder);
        if (value instanceof List<?> list) {
          encodeList(field, list, sink, references);
        } else if (value != null) {
          encodeOne(field, value, sink, references, false);
        }
      }
    }

    private void encodeList(Field field, List<?> list, ByteSink sink, References references) {
      if (list.size() > LIST_MAX) {
        throw new IllegalArgumentException(
            name + "." + field.name + ": " + list.size() + " entries (expected: at most 1024)");
      }
      if (field.form != Form.NUMBER && field.form != Form.REFERENCE) {
        for (Object each : list) {
          encodeOne(field, each, sink, references, true);
        }
      } else if (!list.isEmpty()) {
        ByteSink packed = new ByteSink(list.size() * 2);
        for (Object each : list) {
          packed.varint(number(field, each, references));
        }
        sink.varint((long) field.number << 3 | WIRE_BYTES).varint(packed.size()).bytes(packed);
      }
    }

    private void encodeOne(
        Field field, Object value, ByteSink sink, References references, boolean zeroToo) {
      switch (field.form) {
        case NUMBER, SIGNED, FLAG, CONSTANT, REFERENCE -> {
          long number = number(field, value, references);
          if (number != 0 || zeroToo) {
            sink.varint((long) field.number << 3 | WIRE_VARINT).varint(number);
          }
        }
        case TEXT -> {
          byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
          if (text.length > TEXT_BYTES_MAX) {
            throw new IllegalArgumentException(
                name + "." + field.name + ": " + text.length + " bytes (expected: at most 16384)");
          }
          delimited(field, text, sink, zeroToo);
        }
        case BYTES -> delimited(field, ((Bytes) value).toArray(), sink, zeroToo);
        case MESSAGE -> {
          ByteSink nested = new ByteSink();
          shape(value.getClass()).encode((Record) value, nested, references);
          delimited(field, nested.toArray(), sink, zeroToo);
        }
      }
    }

    private static void delimited(Field field, byte[] content, ByteSink sink, boolean emptyToo) {
      if (content.length > 0 || emptyToo) {
        sink.varint((long) field.number << 3 | WIRE_BYTES).varint(content.length).bytes(content);
      }
    }

    @SuppressWarnings("EnumOrdinal") // positions are the format's numbers, see the package page
    private static long number(Field field, Object value, References references) {
      return switch (value) {
        case Boolean flag -> flag ? 1 : 0;
        case Coded coded -> coded.code();
        case Enum<?> constant -> constant.ordinal();
        case ArchiveObject object -> references.numberOf(object);
        case Number number ->
            field.form == Form.SIGNED
                ? (number.longValue() << 1) ^ (number.longValue() >> 63)
                : number.longValue();
        default -> throw new IllegalStateException(field.name);
      };
    }

    Object decode(ByteSource source, References references, int nesting) {
      @Nullable Object[] values = new Object[fields.size()];
      for (int i = 0; i < values.length; i++) {
        Field field = fields.get(i);
        if (field.list) {
          values[i] = new ArrayList<>();
        } else if (field.form != Form.REFERENCE && field.form != Form.MESSAGE) {
          values[i] = field.absent();
        }
      }
      while (source.hasRemaining()) {
        long tag = source.varint();
        long number = tag >>> 3;
        int wire = (int) tag & 7;
        if (number < 1 || number > fields.size()) {
          skip(source, wire);
          continue;
        }
        int index = (int) number - 1;
        Field field = fields.get(index);
        if (field.list) {
          @SuppressWarnings("unchecked") // made above
          List<@Nullable Object> list = (List<@Nullable Object>) values[index];
          decodeInto(
              field, wire, source, references, nesting, java.util.Objects.requireNonNull(list));
        } else {
          values[index] = decodeOne(field, wire, source, references, nesting);
        }
      }
      try {
        return constructor.newInstance(values);
      } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException(e);
      }
    }

    private void decodeInto(
        Field field,
        int wire,
        ByteSource source,
        References references,
        int nesting,
        List<@Nullable Object> list) {
      if (field.form == Form.NUMBER || field.form == Form.REFERENCE) {
        if (wire != WIRE_BYTES) {
          throw source.damage(field.name + " is not packed");
        }
        ByteSource packed = source.slice(name + "." + field.name, source.length(field.name));
        while (packed.hasRemaining()) {
          long number = packed.varint();
          list.add(
              field.form == Form.NUMBER ? (Object) number : reference(field, number, references));
          checkCount(list, field);
        }
      } else {
        list.add(decodeOne(field, wire, source, references, nesting));
        checkCount(list, field);
      }
    }

    private void checkCount(List<?> list, Field field) {
      if (list.size() > LIST_MAX) {
        throw DamageException.outOfRange(name + "." + field.name, list.size(), 0, LIST_MAX);
      }
    }

    private @Nullable Object decodeOne(
        Field field, int wire, ByteSource source, References references, int nesting) {
      boolean number = field.form.number;
      if (wire != (number ? WIRE_VARINT : WIRE_BYTES)) {
        throw source.damage(field.name + " has wire type " + wire);
      }
      return switch (field.form) {
        case NUMBER -> sized(field, source.varint());
        case SIGNED -> sized(field, source.zigzag());
        case FLAG -> source.varint() != 0;
        case CONSTANT -> constant(field, source.varint());
        case REFERENCE -> {
          long id = source.varint();
          yield id == 0 ? null : reference(field, id, references);
        }
        case TEXT -> {
          int length = source.length(field.name);
          if (length > TEXT_BYTES_MAX) {
            throw DamageException.outOfRange(name + "." + field.name, length, 0, TEXT_BYTES_MAX);
          }
          yield source.text(length);
        }
        case BYTES -> source.bytes(source.length(field.name));
        case MESSAGE -> {
          if (nesting == 0) {
            throw source.damage("nested too deep");
          }
          yield shape(field.type)
              .decode(
                  source.slice(name + "." + field.name, source.length(field.name)),
                  references,
                  nesting - 1);
        }
      };
    }

    private Object sized(Field field, long value) {
      if (field.type != int.class) {
        return value;
      }
      if (value != (int) value) {
        throw DamageException.outOfRange(name + "." + field.name, value, 0, Integer.MAX_VALUE);
      }
      return (int) value;
    }

    private static Object constant(Field field, long number) {
      if (field.type == DecisionCode.class) {
        return DecisionCode.of(number);
      }
      Object[] constants = field.type.getEnumConstants();
      return number > 0 && number < constants.length ? constants[(int) number] : constants[0];
    }

    private Object reference(Field field, long number, References references) {
      ArchiveObject object = references.object(number);
      if (!field.type.isInstance(object)) {
        throw new DamageException(
            name
                + "."
                + field.name
                + ": object "
                + number
                + " is a "
                + object.getClass().getSimpleName());
      }
      return object;
    }

    private static void skip(ByteSource source, int wire) {
      switch (wire) {
        case WIRE_VARINT -> source.varint();
        case WIRE_FIXED64 -> source.skip(8);
        case WIRE_BYTES -> source.skip(source.length("unknown field"));
        case WIRE_FIXED32 -> source.skip(4);
        default -> throw source.damage("wire type " + wire);
      }
    }
  }
}
