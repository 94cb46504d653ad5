package dev.nestor.proxy.capture;

/// A command tag without its last number, and that number.
///
/// @param tag `SELECT `, `INSERT 0 `, `BEGIN`; the blank is kept
/// @param rows the tag's last number; without one, the rows that were sent
record TagRows(String tag, long rows) {
  static TagRows of(String tag, long sent) {
    int digits = tag.length();
    while (digits > 0 && Character.isDigit(tag.charAt(digits - 1))) {
      digits--;
    }
    boolean numbered = digits < tag.length() && digits > 0 && tag.charAt(digits - 1) == ' ';
    return numbered && tag.length() - digits <= 18
        ? new TagRows(tag.substring(0, digits), Long.parseLong(tag.substring(digits)))
        : new TagRows(tag, sent);
  }
}
