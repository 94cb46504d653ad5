package dev.nestor.postgres.types;

import dev.nestor.postgres.protocol.Bytes;
import dev.nestor.postgres.protocol.FormatCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.UUID;

/// Values as text, for people to read: what PostgreSQL would print with its default settings and
/// the time zone UTC.
///
/// @param text of the value; for a value that is not understood, its bytes in hexadecimal
/// @param understood whether the value had the form of its type
public record ValueText(String text, boolean understood) {
  private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
  private static final int ARRAY_DIMENSIONS_MAX = 6;
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter();

  /// A value of a result or a parameter.
  ///
  /// @param type object id, unsigned; 0 if not known
  public static ValueText of(int type, FormatCode format, Bytes value) {
    if (format == FormatCode.TEXT) {
      return new ValueText(value.text(), true);
    }
    try {
      ByteBuffer in = value.asByteBuffer();
      String text = binary(type, in);
      return in.hasRemaining() ? unknown(value) : new ValueText(text, true);
    } catch (BufferUnderflowException | UnknownFormException | ArithmeticException e) {
      return unknown(value);
    }
  }

  private static ValueText unknown(Bytes value) {
    return new ValueText("\\x" + value.hex(), false);
  }

  /// A value has not the form of its type.
  private static final class UnknownFormException extends RuntimeException {
    UnknownFormException() {
      super(null, null, false, false);
    }
  }

  private static String binary(int oid, ByteBuffer in) {
    PgType element = PgType.ofArrayOid(oid).orElse(null);
    if (element != null) {
      return array(in);
    }
    PgType type = PgType.ofOid(oid).orElseThrow(UnknownFormException::new);
    return switch (type) {
      case BOOL ->
          switch (in.get()) {
            case 0 -> "f";
            case 1 -> "t";
            default -> throw new UnknownFormException();
          };
      case INT2 -> Short.toString(in.getShort());
      case INT4 -> Integer.toString(in.getInt());
      case INT8 -> Long.toString(in.getLong());
      case OID -> Integer.toUnsignedString(in.getInt());
      case FLOAT4 -> floating(Float.toString(in.getFloat()), 6);
      case FLOAT8 -> floating(Double.toString(in.getDouble()), 15);
      case NUMERIC -> numeric(in);
      case CHAR, NAME, TEXT, JSON, XML, BPCHAR, VARCHAR -> rest(in);
      case JSONB -> {
        if (in.get() != 1) {
          throw new UnknownFormException();
        }
        yield rest(in);
      }
      case BYTEA -> {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        yield "\\x" + HexFormat.of().formatHex(bytes);
      }
      case UUID -> new UUID(in.getLong(), in.getLong()).toString();
      case DATE -> date(in.getInt());
      case TIME -> time(in.getLong());
      case TIMETZ -> time(in.getLong()) + offset(-in.getInt());
      case TIMESTAMP -> timestamp(in.getLong(), "");
      case TIMESTAMPTZ -> timestamp(in.getLong(), "+00");
      case INTERVAL -> interval(in.getLong(), in.getInt(), in.getInt());
    };
  }

  private static String rest(ByteBuffer in) {
    return StandardCharsets.UTF_8.decode(in).toString();
  }

  /// Java and PostgreSQL agree on the shortest digits, and not on how to write them.
  ///
  /// @param exponentMax from which power of ten on PostgreSQL writes an exponent
  private static String floating(String java, int exponentMax) {
    if (java.endsWith("NaN") || java.endsWith("Infinity")) {
      return java;
    }
    String sign = java.startsWith("-") ? "-" : "";
    BigDecimal value = new BigDecimal(java).abs();
    if (value.signum() == 0) {
      return sign + "0";
    }
    value = value.stripTrailingZeros();
    int exponent = value.precision() - value.scale() - 1;
    if (exponent >= -4 && exponent < exponentMax) {
      return sign + value.toPlainString();
    }
    String digits = value.unscaledValue().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    String power = "%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
    return sign + digits.charAt(0) + fraction + "e" + power;
  }

  /// Digits to the base 10,000, their weight, a sign and the digits to show behind the point.
  private static String numeric(ByteBuffer in) {
    int count = in.getShort() & 0xFFFF;
    int weight = in.getShort();
    int sign = in.getShort() & 0xFFFF;
    int scale = in.getShort() & 0x3FFF;
    switch (sign) {
      case 0xC000 -> {
        return "NaN";
      }
      case 0xD000 -> {
        return "Infinity";
      }
      case 0xF000 -> {
        return "-Infinity";
      }
      case 0, 0x4000 -> {}
      default -> throw new UnknownFormException();
    }
    if (count * 2 != in.remaining()) {
      throw new UnknownFormException();
    }
    BigInteger digits = BigInteger.ZERO;
    BigInteger base = BigInteger.valueOf(10_000);
    for (int i = 0; i < count; i++) {
      int digit = in.getShort();
      if (digit < 0 || digit > 9_999) {
        throw new UnknownFormException();
      }
      digits = digits.multiply(base).add(BigInteger.valueOf(digit));
    }
    BigDecimal value = new BigDecimal(digits).scaleByPowerOfTen(4 * (weight - count + 1));
    value = value.setScale(scale, java.math.RoundingMode.HALF_UP);
    return (sign == 0x4000 ? value.negate() : value).toPlainString();
  }

  private static String date(int days) {
    return switch (days) {
      case Integer.MAX_VALUE -> "infinity";
      case Integer.MIN_VALUE -> "-infinity";
      default -> EPOCH.plusDays(days).toString();
    };
  }

  private static String time(long micros) {
    if (micros < 0 || micros > 86_400_000_000L) {
      throw new UnknownFormException();
    }
    return micros == 86_400_000_000L
        ? "24:00:00"
        : TIME.format(LocalTime.ofNanoOfDay(micros * 1_000));
  }

  private static String offset(int seconds) {
    int minutes = Math.abs(seconds) / 60;
    String sign = seconds < 0 ? "-" : "+";
    String hours = "%s%02d".formatted(sign, minutes / 60);
    return minutes % 60 == 0 ? hours : hours + ":%02d".formatted(minutes % 60);
  }

  private static String timestamp(long micros, String zone) {
    if (micros == Long.MAX_VALUE) {
      return "infinity";
    }
    if (micros == Long.MIN_VALUE) {
      return "-infinity";
    }
    LocalDateTime moment =
        EPOCH
            .atStartOfDay()
            .plusSeconds(Math.floorDiv(micros, 1_000_000L))
            .plusNanos(Math.floorMod(micros, 1_000_000L) * 1_000);
    return moment.toLocalDate() + " " + TIME.format(moment) + zone;
  }

  private static String interval(long micros, int days, int months) {
    StringBuilder text = new StringBuilder();
    part(text, months / 12, "year");
    part(text, months % 12, "mon");
    part(text, days, "day");
    if (micros != 0 || text.isEmpty()) {
      long absolute = Math.absExact(micros);
      long seconds = absolute / 1_000_000;
      text.append(text.isEmpty() ? "" : " ").append(micros < 0 ? "-" : "");
      text.append("%02d:%02d:%02d".formatted(seconds / 3_600, seconds / 60 % 60, seconds % 60));
      long fraction = absolute % 1_000_000;
      if (fraction != 0) {
        text.append(("." + "%06d".formatted(fraction)).replaceAll("0+$", ""));
      }
    }
    return text.toString();
  }

  private static void part(StringBuilder text, int amount, String unit) {
    if (amount != 0) {
      text.append(text.isEmpty() ? "" : " ").append(amount).append(' ').append(unit);
      text.append(amount == 1 ? "" : "s");
    }
  }

  /// Dimensions, a flag for NULLs, the type of the elements, a size for each dimension, elements.
  private static String array(ByteBuffer in) {
    int dimensions = in.getInt();
    in.getInt();
    int elementType = in.getInt();
    if (dimensions < 0 || dimensions > ARRAY_DIMENSIONS_MAX) {
      throw new UnknownFormException();
    }
    if (dimensions == 0) {
      return "{}";
    }
    int[] sizes = new int[dimensions];
    long total = 1;
    for (int i = 0; i < dimensions; i++) {
      sizes[i] = in.getInt();
      in.getInt(); // lower bound
      total *= sizes[i];
      if (sizes[i] < 0 || total > in.remaining()) {
        throw new UnknownFormException();
      }
    }
    StringBuilder text = new StringBuilder();
    elements(in, elementType, sizes, 0, text);
    return text.toString();
  }

  /// Recurses over at most [#ARRAY_DIMENSIONS_MAX] dimensions.
  private static void elements(
      ByteBuffer in, int type, int[] sizes, int dimension, StringBuilder text) {
    text.append('{');
    for (int i = 0; i < sizes[dimension]; i++) {
      text.append(i == 0 ? "" : ",");
      if (dimension + 1 < sizes.length) {
        elements(in, type, sizes, dimension + 1, text);
      } else {
        element(in, type, text);
      }
    }
    text.append('}');
  }

  private static void element(ByteBuffer in, int type, StringBuilder text) {
    int size = in.getInt();
    if (size == -1) {
      text.append("NULL");
      return;
    }
    if (size < 0 || size > in.remaining()) {
      throw new UnknownFormException();
    }
    ByteBuffer element = in.slice(in.position(), size);
    in.position(in.position() + size);
    if (PgType.ofArrayOid(type).isPresent()) {
      throw new UnknownFormException();
    }
    String value = binary(type, element);
    if (element.hasRemaining()) {
      throw new UnknownFormException();
    }
    boolean quoted =
        value.isEmpty() || value.equalsIgnoreCase("null") || !value.matches("[^\\s{},\"\\\\]+");
    text.append(quoted ? "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"" : value);
  }
}
