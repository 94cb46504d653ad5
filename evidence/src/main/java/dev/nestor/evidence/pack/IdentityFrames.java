package dev.nestor.evidence.pack;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.index.Summary;
import dev.nestor.recorder.index.SummaryEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The frames that say who stands behind a statement: how its session began, its credential with
/// those that this one came from, and the principals that they name.
final class IdentityFrames {
  private static final int CHAIN_MAX = 64;

  private final Map<Long, SummaryEvent> sessions = new HashMap<>();
  private final Map<Long, SummaryEvent> credentials = new HashMap<>();
  private final Map<Long, SummaryEvent> principals = new HashMap<>();

  IdentityFrames(Archive archive) throws IOException {
    for (Summary summary : archive.summaries()) {
      summary.heads().forEach(this::add);
      summary.credentials().forEach(this::add);
      summary.identities().forEach(this::add);
    }
  }

  private void add(SummaryEvent each) {
    switch (each.event()) {
      case RecordedEvent.Session _ -> sessions.putIfAbsent(each.session(), each);
      case RecordedEvent.Credential credential -> credentials.putIfAbsent(credential.no(), each);
      case RecordedEvent.Principal principal -> principals.putIfAbsent(principal.no(), each);
      default -> {}
    }
  }

  /// Numbers of the frames.
  ///
  /// @param own credential of the statement where it is another than its session's, else 0
  Set<Long> of(long session, long own) {
    Set<Long> frames = new TreeSet<>();
    SummaryEvent head = sessions.get(session);
    long credential = own;
    if (head != null && head.event() instanceof RecordedEvent.Session began) {
      frames.add(head.frame());
      principal(began.principal(), frames);
      credential = own != 0 ? own : began.credential();
    }
    for (int depth = 0; depth < CHAIN_MAX; depth++) {
      SummaryEvent at = credentials.get(credential);
      if (at == null
          || !(at.event() instanceof RecordedEvent.Credential known)
          || !frames.add(at.frame())) {
        break;
      }
      List<Long> named = new ArrayList<>(known.declaredChain());
      named.add(known.actor());
      named.add(known.subject());
      named.forEach(each -> principal(each, frames));
      credential = known.parentNo();
    }
    return frames;
  }

  private void principal(long number, Set<Long> into) {
    SummaryEvent known = principals.get(number);
    if (known != null) {
      into.add(known.frame());
    }
  }
}
