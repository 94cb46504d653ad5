package dev.nestor.policy.mask;

import dev.nestor.policy.MaskForm;
import dev.nestor.policy.MaskForm.Kind;
import dev.nestor.postgres.types.PgType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The mask of a column: what a [MaskForm] means for its type and format.
public final class Masks {
  private static final int TYPE_MODIFIER_BASE = 4;
  private static final int UNLIMITED = Integer.MAX_VALUE;
  private static final int NAME_BYTES_MAX = 63;
  private static final byte[] NOTHING = new byte[0];
  private static final String STARS = "****";

  private Masks() {}

  /// Makes the mask of a column.
  ///
  /// @param type object id of the column's type, as RowDescription says it
  /// @param typeModifier as RowDescription says it; -1 for none
  /// @param binary whether its cells come in binary
  public static ValueMask of(
      MaskForm form, int type, int typeModifier, boolean binary, MaskKey key) {
    if (form.kind() == Kind.NULL) {
      return NullMask.INSTANCE;
    }
    Optional<PgType> element = PgType.ofArrayOid(type);
    if (element.isPresent()) {
      return new ArrayMask(
          of(form, element.get(), typeModifier, binary, key), element.get().oid(), binary);
    }
    Optional<PgType> known = PgType.ofOid(type);
    return known.isPresent() ? of(form, known.get(), typeModifier, binary, key) : NullMask.INSTANCE;
  }

  private static ValueMask of(
      MaskForm form, PgType type, int typeModifier, boolean binary, MaskKey key) {
    KeyedHash hash = key.hash();
    return switch (type) {
      case TEXT -> text(form, hash, UNLIMITED, false);
      case NAME -> text(form, hash, NAME_BYTES_MAX, false);
      case VARCHAR -> text(form, hash, charactersMax(typeModifier), false);
      case BPCHAR -> text(form, hash, charactersMax(typeModifier), true);
      case CHAR -> FixedMask.text("*");
      case INT2 -> integer(form, hash, 2, Short.MAX_VALUE, binary);
      case INT4 -> integer(form, hash, 4, Integer.MAX_VALUE, binary);
      case INT8 -> integer(form, hash, 8, Long.MAX_VALUE, binary);
      case OID -> integer(form, hash, 4, 0xffffffffL, binary);
      case FLOAT4 -> floating(form, hash, 4, binary);
      case FLOAT8 -> floating(form, hash, 8, binary);
      case NUMERIC ->
          keepsSome(form)
              ? new NumericMask(form, hash, binary)
              : binary ? new FixedMask(new byte[8]) : FixedMask.text("0");
      case UUID -> new UuidMask(form, hash, binary);
      case BYTEA -> new ByteaMask(form, hash, binary);
      case DATE, TIMESTAMP, TIMESTAMPTZ -> new MomentMask(type, form, hash, binary);
      case BOOL -> binary ? new FixedMask(new byte[1]) : FixedMask.text("f");
      case TIME -> binary ? new FixedMask(new byte[8]) : FixedMask.text("00:00:00");
      case TIMETZ -> binary ? new FixedMask(new byte[12]) : FixedMask.text("00:00:00+00");
      case INTERVAL -> binary ? new FixedMask(new byte[16]) : FixedMask.text("00:00:00");
      case JSON -> between(form, hash, "\"", "\"", false);
      case JSONB -> between(form, hash, "\"", "\"", binary);
      case XML -> between(form, hash, "<masked>", "</masked>", false);
    };
  }

  private static int charactersMax(int typeModifier) {
    return typeModifier > TYPE_MODIFIER_BASE ? typeModifier - TYPE_MODIFIER_BASE : UNLIMITED;
  }

  private static boolean keepsSome(MaskForm form) {
    return switch (form.kind()) {
      case PARTIAL, KEEP_FIRST, KEEP_LAST, HASH, FORMAT -> true;
      case NULL, CONSTANT, YEAR, MONTH, DAY, HOUR -> false;
    };
  }

  private static ValueMask text(MaskForm form, KeyedHash hash, int charactersMax, boolean padded) {
    return switch (form.kind()) {
      case PARTIAL -> new StarMask(0, Digits.PARTIAL, true, padded);
      case KEEP_FIRST -> new StarMask(form.keep(), 0, false, padded);
      case KEEP_LAST -> new StarMask(0, form.keep(), false, padded);
      case FORMAT -> new FormatTextMask(hash);
      case HASH ->
          new HashTextMask(
              hash, NOTHING, NOTHING, charactersMax, padding(padded, charactersMax, 32));
      case NULL -> NullMask.INSTANCE;
      case CONSTANT, YEAR, MONTH, DAY, HOUR -> {
        String stars = STARS.substring(0, Math.min(STARS.length(), charactersMax));
        yield FixedMask.text(stars + " ".repeat(padding(padded, charactersMax, stars.length())));
      }
    };
  }

  private static int padding(boolean padded, int charactersMax, int length) {
    return padded && charactersMax != UNLIMITED ? Math.max(0, charactersMax - length) : 0;
  }

  private static ValueMask integer(
      MaskForm form, KeyedHash hash, int bytes, long largest, boolean binary) {
    return keepsSome(form)
        ? new IntegerMask(form, hash, bytes, largest, binary)
        : binary ? new FixedMask(new byte[bytes]) : FixedMask.text("0");
  }

  private static ValueMask floating(MaskForm form, KeyedHash hash, int bytes, boolean binary) {
    return form.kind() == Kind.HASH || form.kind() == Kind.FORMAT
        ? new FloatMask(hash, bytes, binary)
        : binary ? new FixedMask(new byte[bytes]) : FixedMask.text("0");
  }

  /// A document of which nothing can stay: a fixed one, or one that holds a hash.
  private static ValueMask between(
      MaskForm form, KeyedHash hash, String before, String after, boolean versioned) {
    byte[] start = bytes((versioned ? "\u0001" : "") + before);
    byte[] end = bytes(after);
    if (form.kind() == Kind.HASH) {
      return new HashTextMask(hash, start, end, UNLIMITED, 0);
    }
    byte[] stars = bytes(STARS);
    return new FixedMask(
        ByteBuffer.allocate(start.length + stars.length + end.length)
            .put(start)
            .put(stars)
            .put(end)
            .array());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
