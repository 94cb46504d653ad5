package dev.nestor.recorder.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkObject;
import dev.nestor.recorder.chunk.NewObjects;
import dev.nestor.recorder.chunk.StoredObjects;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyCodecTest {
  /// A record with every field absent, or every field set.
  private static Object make(Class<?> type, boolean full) throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          components[i].getType() == List.class
              ? (full
                  ? List.of(
                      value(element(components[i]), true, i),
                      value(element(components[i]), true, i + 1))
                  : List.of())
              : value(components[i].getType(), full, i);
    }
    var constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private static Class<?> element(RecordComponent component) {
    return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
  }

  private static Object value(Class<?> type, boolean full, int seed) throws Exception {
    if (type == int.class) {
      return full ? 1000 + seed : 0;
    } else if (type == long.class || type == Long.class) {
      return full ? 1L << 40 | seed : 0L;
    } else if (type == boolean.class) {
      return full;
    } else if (type == String.class) {
      return full ? "tëxt " + seed : "";
    } else if (type == Bytes.class) {
      return full ? Bytes.of(new byte[] {(byte) seed, 1, 0}) : Bytes.EMPTY;
    } else if (type.isEnum()) {
      return type.getEnumConstants()[full ? 1 : 0];
    } else if (ArchiveObject.class.isAssignableFrom(type)) {
      return full ? make(type, true) : null;
    }
    return make(type, full);
  }

  @Test
  void everyEventComesBackMinimalAndFull() throws Exception {
    for (Map.Entry<Integer, Class<? extends RecordedEvent>> kind : Kinds.EVENTS.entrySet()) {
      for (boolean full : new boolean[] {false, true}) {
        RecordedEvent event = (RecordedEvent) make(kind.getValue(), full);
        NewObjects objects = new NewObjects();
        byte[] body = BodyCodec.encode(event, objects);

        assertThat(
                BodyCodec.decodeEvent(
                    kind.getKey(), event.lane(), body, new StoredObjects(objects.stored())))
            .as(kind.getValue().getSimpleName())
            .isEqualTo(event);
        assertThat(body.length == 0).as(kind.getValue().getSimpleName()).isEqualTo(!full);
      }
    }
  }

  @Test
  void everyObjectComesBackMinimalAndFull() throws Exception {
    for (Map.Entry<Integer, Class<? extends ArchiveObject>> kind : Kinds.OBJECTS.entrySet()) {
      for (boolean full : new boolean[] {false, true}) {
        ArchiveObject object = (ArchiveObject) make(kind.getValue(), full);
        NewObjects objects = new NewObjects();
        int number = objects.numberOf(object);

        assertThat(new StoredObjects(objects.stored()).object(number))
            .as(kind.getValue().getSimpleName())
            .isEqualTo(object);
        assertThat(objects.numberOf(object)).isEqualTo(number);
      }
    }
  }

  @Test
  void everyKindOfTheSealedSetsHasANumber() {
    assertThat(names(Kinds.EVENTS.values())).isEqualTo(recordsOf(RecordedEvent.class));
    assertThat(names(Kinds.OBJECTS.values())).isEqualTo(recordsOf(ArchiveObject.class));
  }

  private static List<String> names(Collection<? extends Class<?>> classes) {
    return classes.stream().map(Class::getSimpleName).sorted().toList();
  }

  private static List<String> recordsOf(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .map(Class::getSimpleName)
        .filter(name -> !name.equals("Unknown"))
        .sorted()
        .toList();
  }

  @Test
  void whatANewerVersionAddsIsSkipped() {
    byte[] body =
        new ByteSink()
            .varint(1 << 3 | 2)
            .varint(2)
            .text("hi")
            .varint(77 << 3)
            .varint(5)
            .varint(78 << 3 | 2)
            .varint(1)
            .u8(0)
            .varint(79 << 3 | 1)
            .u64(1)
            .varint(80 << 3 | 5)
            .u32(1)
            .toArray();
    StoredObjects none = new StoredObjects(List.of());

    assertThat(BodyCodec.decodeEvent(66, 4, body, none)).isEqualTo(new RecordedEvent.Comment("hi"));
    assertThat(BodyCodec.decodeEvent(77, 3, body, none))
        .isEqualTo(new RecordedEvent.Unknown(77, 3, Bytes.of(body)));
    assertThat(BodyCodec.decodeObject(99, body, none))
        .isEqualTo(new ArchiveObject.Unknown(99, Bytes.of(body)));
  }

  @Test
  void bytesOfAPlainEventAreThoseOfThePage() {
    NewObjects none = new NewObjects();
    byte[] body = BodyCodec.encode(new RecordedEvent.Clock(-1, 0, "ntp", 0, 300), none);

    assertThat(body).containsExactly(0x08, 1, 0x1a, 3, 'n', 't', 'p', 0x28, 0xAC, 2);
  }

  @Test
  void referencesForwardOrToAnotherKindAreDamage() {
    ChunkObject column =
        new ChunkObject(4, Bytes.of(new ByteSink().varint(1 << 3).varint(2).toArray()));
    ChunkObject rule = new ChunkObject(7, Bytes.EMPTY);
    ChunkObject cycle =
        new ChunkObject(4, Bytes.of(new ByteSink().varint(1 << 3).varint(1).toArray()));

    assertThatThrownBy(() -> new StoredObjects(List.of(column, rule)).object(1))
        .isInstanceOf(DamageException.class);
    assertThatThrownBy(() -> new StoredObjects(List.of(cycle)).object(1))
        .isInstanceOf(DamageException.class);
    assertThatThrownBy(() -> new StoredObjects(List.of(rule, cycle)).object(2))
        .isInstanceOf(DamageException.class);
  }

  @Test
  void seed9BodiesOfAnyBytesAreDecodedOrDamage() {
    Random random = new Random(9);
    StoredObjects none = new StoredObjects(List.of());
    List<Integer> kinds = List.copyOf(Kinds.EVENTS.keySet());
    int decoded = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] body = new byte[random.nextInt(40)];
      random.nextBytes(body);
      try {
        BodyCodec.decodeEvent(kinds.get(round % kinds.size()), 3, body, none);
        decoded++;
      } catch (DamageException e) {
        // the other answer that is allowed
      }
    }
    assertThat(decoded).isPositive();
  }

  @Test
  void overTheLimitsIsRefusedInBothDirections() {
    NewObjects none = new NewObjects();
    assertThatThrownBy(() -> BodyCodec.encode(new RecordedEvent.Comment("x".repeat(16_385)), none))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> BodyCodec.decodeEvent(66, 4, new byte[32_769], new StoredObjects(List.of())))
        .isInstanceOf(DamageException.class);
  }
}
