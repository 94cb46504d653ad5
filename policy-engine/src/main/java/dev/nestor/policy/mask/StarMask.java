package dev.nestor.policy.mask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A star for each character of a text but the first or last few. A text that is not longer than
/// what would stay becomes stars altogether. The blanks behind a padded text stay, so that it keeps
/// its length.
///
/// @param first characters that stay at the start
/// @param last characters that stay at the end
/// @param mailbox whether an e-mail address keeps its domain instead
/// @param padded whether blanks at the end are padding
record StarMask(int first, int last, boolean mailbox, boolean padded) implements ValueMask {
  private static final int MAILBOX_STARS = 3;
  private static final byte[] STARS = "*".repeat(64).getBytes(StandardCharsets.US_ASCII);
  private static final long NOT_ASCII = 0x8080808080808080L;
  private static final int DOMAIN_BYTES_MAX = 253;

  @Override
  public int mask(ByteBuffer in, int at, int length, ByteBuffer out, int to) {
    int end = at + length;
    if (padded) {
      while (end > at && in.get(end - 1) == ' ') {
        end--;
      }
    }
    int atSign = mailbox ? mailboxEnd(in, at, end) : -1;
    int written = atSign < 0 ? stars(in, at, end, out, to) : mailbox(in, at, atSign, end, out, to);
    int characters = padded ? characters(in, at, end) - characters(out, to, to + written) : 0;
    int padding = at + length - end + characters;
    for (int i = 0; i < padding; i++) {
      out.put(to + written + i, (byte) ' ');
    }
    return written + padding;
  }

  private int stars(ByteBuffer in, int at, int end, ByteBuffer out, int to) {
    int characters = characters(in, at, end);
    boolean covered = characters <= first + last;
    int hiddenFrom = covered ? 0 : first;
    int hiddenTo = covered ? characters : characters - last;
    if (characters == end - at) { // ASCII: characters are bytes
      out.put(to, in, at, hiddenFrom);
      fill(out, to + hiddenFrom, hiddenTo - hiddenFrom);
      out.put(to + hiddenTo, in, at + hiddenTo, characters - hiddenTo);
      return characters;
    }
    int written = to;
    int character = -1;
    for (int i = at; i < end; i++) {
      byte next = in.get(i);
      if (startsCharacter(next)) {
        character++;
      }
      if (character < hiddenFrom || character >= hiddenTo) {
        out.put(written++, next);
      } else if (startsCharacter(next)) {
        out.put(written++, (byte) '*');
      }
    }
    return written - to;
  }

  private static void fill(ByteBuffer out, int to, int count) {
    for (int done = 0; done < count; done += STARS.length) {
      out.put(to + done, STARS, 0, Math.min(STARS.length, count - done));
    }
  }

  private static int mailbox(ByteBuffer in, int at, int atSign, int end, ByteBuffer out, int to) {
    int stars = Math.min(MAILBOX_STARS, characters(in, at, atSign));
    fill(out, to, stars);
    out.put(to + stars, in, atSign, end - atSign);
    return stars + end - atSign;
  }

  /// Where the `@` of an address stands; -1 if it is none. What stands behind the sign is shown, so
  /// it must look like a domain and like nothing else.
  private static int mailboxEnd(ByteBuffer in, int at, int end) {
    int atSign = -1;
    boolean dot = false;
    for (int i = at; i < end; i++) {
      byte next = in.get(i);
      if (next == '@') {
        if (atSign >= 0 || i == at) {
          return -1;
        }
        atSign = i;
      } else if (atSign >= 0) {
        boolean letter =
            next < 0
                || (next >= 'a' && next <= 'z')
                || (next >= 'A' && next <= 'Z')
                || (next >= '0' && next <= '9')
                || next == '-';
        if (!letter && next != '.') {
          return -1;
        }
        dot |= next == '.';
      } else if (next >= 0 && next <= ' ') {
        return -1;
      }
    }
    return dot && end - atSign - 1 <= DOMAIN_BYTES_MAX ? atSign : -1;
  }

  static boolean startsCharacter(byte next) {
    return (next & 0xC0) != 0x80;
  }

  static int characters(ByteBuffer in, int at, int end) {
    int ascii = at;
    while (end - ascii >= Long.BYTES && (in.getLong(ascii) & NOT_ASCII) == 0) {
      ascii += Long.BYTES;
    }
    int count = ascii - at;
    for (int i = ascii; i < end; i++) {
      if (startsCharacter(in.get(i))) {
        count++;
      }
    }
    return count;
  }

  @Override
  public int bytesMax(int length) {
    return 2 * length; // a domain of long letters, and a blank for each letter that went
  }
}
