package dev.nestor.recorder.event;

/// The table in which objects have their numbers while one body is written or read.
public interface References {
  /// The number of an object, which is given one first if it has none.
  int numberOf(ArchiveObject object);

  /// The object of a number.
  ///
  /// @throws dev.nestor.recorder.bytes.DamageException if the number is not defined yet
  ArchiveObject object(long number);
}
