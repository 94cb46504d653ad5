package dev.nestor.policy.mask;

import dev.nestor.policy.MaskForm;
import dev.nestor.postgres.types.PgType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Days and moments: cut back to the start of their year, month, day or hour, or a pseudo-random
/// day. Text is read and written in ISO form, which a server takes under every DateStyle; text in
/// another form, infinity, and what is no moment become the first day of the year 2000.
record MomentMask(PgType type, MaskForm form, KeyedHash hash, boolean binary) implements ValueMask {
  private static final Pattern ISO =
      Pattern.compile(
          "([0-9]{4,7})-([0-9]{2})-([0-9]{2})"
              + "(?: ([0-9]{2}):[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,6})?([+-][0-9:]{2,8})?)?( BC)?");
  private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final int HASHED_DAYS = 36_525;
  private static final int TEXT_BYTES_MAX = 64;

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    if (binary) {
      return binary(in, at, length, out, to);
    }
    byte[] value = new byte[Math.min(length, TEXT_BYTES_MAX)];
    in.get(at, value);
    byte[] masked =
        (length > TEXT_BYTES_MAX ? fixed() : text(new String(value, StandardCharsets.UTF_8)))
            .getBytes(StandardCharsets.US_ASCII);
    out.put(to, masked);
    return masked.length;
  }

  private String fixed() {
    return onlyDay(EPOCH.toString());
  }

  /// A day as a value of the type.
  private String onlyDay(String day) {
    return switch (type) {
      case DATE -> day;
      case TIMESTAMPTZ -> day + " 00:00:00+00";
      default -> day + " 00:00:00";
    };
  }

  private String text(String value) {
    Matcher iso = ISO.matcher(value);
    if (form.kind() == MaskForm.Kind.CONSTANT || !iso.matches()) {
      return fixed();
    }
    if (form.kind() == MaskForm.Kind.HASH || form.kind() == MaskForm.Kind.FORMAT) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      hash.update(ByteBuffer.wrap(bytes), 0, bytes.length);
      return onlyDay(EPOCH.minusDays(hash.next(HASHED_DAYS)).toString());
    }
    boolean year = form.kind() == MaskForm.Kind.YEAR || form.kind() == MaskForm.Kind.PARTIAL;
    boolean month = year || form.kind() == MaskForm.Kind.MONTH;
    String day =
        iso.group(1) + "-" + (year ? "01" : iso.group(2)) + "-" + (month ? "01" : iso.group(3));
    String time = "";
    if (iso.group(4) != null) {
      boolean hour = form.kind() == MaskForm.Kind.HOUR;
      time =
          " "
              + (hour ? iso.group(4) : "00")
              + ":00:00"
              + (iso.group(5) == null ? "" : iso.group(5));
    }
    return day + time + (iso.group(6) == null ? "" : iso.group(6));
  }

  private int binary(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    if (type == PgType.DATE) {
      int days = length == 4 ? in.getInt(at) : Integer.MAX_VALUE;
      boolean finite = days != Integer.MAX_VALUE && days != Integer.MIN_VALUE;
      out.putInt(to, finite ? (int) day(in, at, length, days) : 0);
      return 4;
    }
    long micros = length == 8 ? in.getLong(at) : Long.MAX_VALUE;
    boolean finite = micros != Long.MAX_VALUE && micros != Long.MIN_VALUE;
    long masked = 0;
    if (finite && form.kind() == MaskForm.Kind.HOUR) {
      masked = Math.floorDiv(micros, HOUR_MICROS) * HOUR_MICROS;
    } else if (finite) {
      masked = day(in, at, length, Math.floorDiv(micros, DAY_MICROS)) * DAY_MICROS;
    }
    out.putLong(to, masked);
    return 8;
  }

  /// @param days since the first of the year 2000
  private long day(ByteBuffer in, int at, int length, long days) {
    return switch (form.kind()) {
      case YEAR, PARTIAL, MONTH -> {
        LocalDate date = EPOCH.plusDays(days).withDayOfMonth(1);
        yield (form.kind() == MaskForm.Kind.MONTH ? date : date.withMonth(1)).toEpochDay()
            - EPOCH.toEpochDay();
      }
      case DAY, HOUR -> days;
      case HASH, FORMAT -> {
        hash.update(in, at, length);
        yield -hash.next(HASHED_DAYS);
      }
      default -> 0;
    };
  }

  @Override
  public int bytesMax(int length) {
    return TEXT_BYTES_MAX;
  }
}
