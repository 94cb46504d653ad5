package dev.nestor.policy;

/// A name with `*` for any run of characters, compared as the catalog spells it.
record NamePattern(String text) {
  boolean matches(String name) {
    int star = text.indexOf('*');
    return star < 0 ? text.equals(name) : matches(0, name, 0);
  }

  private boolean matches(int at, String name, int from) {
    int pattern = at;
    int index = from;
    int lastStar = -1;
    int lastIndex = -1;
    while (index < name.length()) {
      if (pattern < text.length() && text.charAt(pattern) == '*') {
        lastStar = pattern++;
        lastIndex = index;
      } else if (pattern < text.length() && text.charAt(pattern) == name.charAt(index)) {
        pattern++;
        index++;
      } else if (lastStar >= 0) {
        pattern = lastStar + 1;
        index = ++lastIndex;
      } else {
        return false;
      }
    }
    while (pattern < text.length() && text.charAt(pattern) == '*') {
      pattern++;
    }
    return pattern == text.length();
  }

  @Override
  public String toString() {
    return text;
  }
}
