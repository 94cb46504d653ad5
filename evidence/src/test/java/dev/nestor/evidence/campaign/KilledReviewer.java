package dev.nestor.evidence.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/// Types and decides until it is killed, and says what it has done.
final class KilledReviewer {
  private KilledReviewer() {}

  /// `CAMPAIGN`
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    ReviewDraft draft = ReviewDraft.beside(file, CampaignFile.read(file), Clock.systemUTC());
    for (int round = 0; ; round++) {
      for (ReviewItem item : draft.campaign().items()) {
        draft.type(item, "typed in round " + round);
        draft.keepTyped();
        System.out.println("typed " + round + " " + item.id());
        draft.decide(item, new Decision(Decision.Kind.CERTIFY, "decided in round " + round, ""));
        System.out.println("decided " + round + " " + item.id());
      }
    }
  }
}
