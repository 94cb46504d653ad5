package dev.nestor.proxy.masking;

import dev.nestor.policy.mask.ValueMask;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happens to each column of one result.
///
/// A row is copied once: runs of cells that stay go over in one piece, masked cells are written in
/// between. Nothing is allocated for a row.
public final class MaskPlan implements RowRule.Planned {
  /// Answer of [#rewrite]: the row has not the form of its description.
  public static final int MALFORMED = -1;

  private static final int HEADER_BYTES = 5;
  private static final int CELLS_AT = HEADER_BYTES + 2;
  private static final int LENGTH_BYTES = 4;

  private final @Nullable ValueMask[] masks;
  private final ValueMask[] used;
  private final int record;

  /// @param masks one for each column; null for one that stays
  /// @param record number of the MASK object in the archive, 0 without masks
  public MaskPlan(List<@Nullable ValueMask> masks, int record) {
    this.masks = masks.toArray(new @Nullable ValueMask[0]);
    this.used = masks.stream().filter(mask -> mask != null).toArray(ValueMask[]::new);
    this.record = record;
  }

  /// Whether every column stays as it is.
  public boolean isEmpty() {
    return used.length == 0;
  }

  /// Number of the MASK object in the archive, 0 without masks.
  public int record() {
    return record;
  }

  /// Most bytes that a row can become.
  ///
  /// @param total length of the whole message
  public int bytesMax(int total) {
    long bytes = total;
    for (ValueMask mask : used) {
      bytes += mask.bytesMax(total);
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /// Writes a row with its masked cells replaced. Positions are absolute: buffers are not moved.
  ///
  /// @param in holds the DataRow message from `at`, `total` bytes with its header
  /// @param out has room for [#bytesMax(int)] bytes from `to`
  /// @return bytes written, or [#MALFORMED]
  public int rewrite(ByteBuffer in, int at, int total, ByteBuffer out, int to) {
    if (total < CELLS_AT || (in.getShort(at + HEADER_BYTES) & 0xffff) != masks.length) {
      return MALFORMED;
    }
    int end = at + total;
    int read = at + CELLS_AT;
    int run = read;
    int written = to + CELLS_AT;
    for (ValueMask mask : masks) {
      if (end - read < LENGTH_BYTES) {
        return MALFORMED;
      }
      int length = in.getInt(read);
      if (length < ValueMask.NULL || length > end - read - LENGTH_BYTES) {
        return MALFORMED;
      }
      if (mask != null && length >= 0) {
        out.put(written, in, run, read - run);
        written += read - run;
        int size = mask.mask(in, read + LENGTH_BYTES, length, out, written + LENGTH_BYTES);
        out.putInt(written, size);
        written += LENGTH_BYTES + Math.max(0, size);
        run = read + LENGTH_BYTES + length;
      }
      read += LENGTH_BYTES + Math.max(0, length);
    }
    if (read != end) {
      return MALFORMED;
    }
    out.put(written, in, run, read - run);
    written += read - run;
    out.put(to, in.get(at));
    out.putInt(to + 1, written - to - 1);
    out.putShort(to + HEADER_BYTES, (short) masks.length);
    return written - to;
  }

  @Override
  public String toString() {
    return "masks " + Arrays.toString(masks);
  }
}
