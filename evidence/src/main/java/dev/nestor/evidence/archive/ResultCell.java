package dev.nestor.evidence.archive;

/// A cell, in one of nine states of which no two look, read or copy alike.
public sealed interface ResultCell {
  /// What stands on screen and is copied as plain text.
  String display();

  /// What a screen reader says.
  String spoken();

  /// An ordinary value.
  record Value(String display) implements ResultCell {
    @Override
    public String spoken() {
      return display;
    }
  }

  /// The empty text, which is not NULL.
  record Empty() implements ResultCell {
    @Override
    public String display() {
      return "∅";
    }

    @Override
    public String spoken() {
      return "empty text";
    }
  }

  /// NULL.
  record Null() implements ResultCell {
    @Override
    public String display() {
      return "NULL";
    }

    @Override
    public String spoken() {
      return "null";
    }
  }

  /// What the client got in place of a value.
  record Masked(String display, String rule) implements ResultCell {
    @Override
    public String spoken() {
      return "masked by rule " + rule + ": " + display.replaceAll("•+", "bullets ").strip();
    }
  }

  /// The value before masking, revealed.
  record Original(String display) implements ResultCell {
    @Override
    public String spoken() {
      return "original value, revealed: " + display;
    }
  }

  /// Taken out of this copy of the archive.
  record Redacted() implements ResultCell {
    @Override
    public String display() {
      return "▇▇▇ redacted";
    }

    @Override
    public String spoken() {
      return "redacted in this copy";
    }
  }

  /// The beginning of a long value.
  ///
  /// @param shownBytes of it
  /// @param totalBytes of the whole
  record Truncated(String start, long shownBytes, long totalBytes) implements ResultCell {
    @Override
    public String display() {
      return "%s… %,d of %,d bytes".formatted(start, shownBytes, totalBytes);
    }

    @Override
    public String spoken() {
      return "truncated, %,d of %,d bytes: %s".formatted(shownBytes, totalBytes, start);
    }
  }

  /// The recorder did not keep it.
  record NotRecorded() implements ResultCell {
    @Override
    public String display() {
      return "not recorded";
    }

    @Override
    public String spoken() {
      return "not recorded";
    }
  }

  /// Bytes that are no value of their type.
  record Undecodable(String hex) implements ResultCell {
    @Override
    public String display() {
      return hex;
    }

    @Override
    public String spoken() {
      return "undecoded bytes " + hex;
    }
  }
}
