package dev.nestor.evidence.archive;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The rows of a session up to a frame: the part of a damaged archive that is proved.
final class ReplayPart implements SessionReplay {
  private final SessionReplay all;
  private final long size;

  ReplayPart(SessionReplay all, long lastFrame) {
    this.all = all;
    OptionalLong last = all.positionOfFrame(lastFrame);
    this.size = last.isPresent() ? last.getAsLong() + 1 : 0;
  }

  private OptionalLong inside(OptionalLong position) {
    return position.isPresent() && position.getAsLong() < size ? position : OptionalLong.empty();
  }

  private OptionalLong clamped(OptionalLong position) {
    return position.isEmpty() || size == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.min(position.getAsLong(), size - 1));
  }

  private void check(long position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException("position %d of %d".formatted(position, size));
    }
  }

  @Override
  public SessionCard session() {
    return all.session();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public ReplayRow row(long position) throws IOException {
    check(position);
    return all.row(position);
  }

  @Override
  public OptionalLong positionOfFrame(long frame) {
    return clamped(all.positionOfFrame(frame));
  }

  @Override
  public OptionalLong positionOfTime(long epochMicros) {
    return clamped(all.positionOfTime(epochMicros));
  }

  @Override
  public OptionalLong next(long from, Set<DecisionKind> kinds, boolean forward) {
    return inside(all.next(from, kinds, forward));
  }

  @Override
  public OptionalLong nextError(long from, boolean forward) {
    return inside(all.nextError(from, forward));
  }

  @Override
  public OptionalLong nextTransaction(long from, boolean forward) {
    return inside(all.nextTransaction(from, forward));
  }

  @Override
  public OptionalLong positionOfStatement(long statement) {
    return inside(all.positionOfStatement(statement));
  }

  @Override
  public long statements() {
    return all.statements();
  }

  @Override
  public Activity activity() {
    return all.activity();
  }

  @Override
  public Optional<StatementDetail> detail(long position) throws IOException {
    check(position);
    return all.detail(position);
  }

  @Override
  public FrameRows frames(long position) throws IOException {
    check(position);
    return all.frames(position);
  }

  @Override
  public SessionState stateAt(long frame) throws IOException {
    return all.stateAt(frame);
  }
}
