package dev.nestor.recorder.event;

import java.util.Map;
import java.util.stream.Collectors;

/// The numbers of kinds, both ways.
final class Kinds {
  static final Map<Integer, Class<? extends RecordedEvent>> EVENTS =
      Map.ofEntries(
          Map.entry(1, RecordedEvent.Session.class),
          Map.entry(2, RecordedEvent.SessionEnd.class),
          Map.entry(3, RecordedEvent.Credential.class),
          Map.entry(4, RecordedEvent.CredentialChange.class),
          Map.entry(5, RecordedEvent.ApprovalAsk.class),
          Map.entry(6, RecordedEvent.ApprovalVote.class),
          Map.entry(7, RecordedEvent.ApprovalEnd.class),
          Map.entry(8, RecordedEvent.Kill.class),
          Map.entry(9, RecordedEvent.State.class),
          Map.entry(10, RecordedEvent.Cancel.class),
          Map.entry(11, RecordedEvent.Gap.class),
          Map.entry(12, RecordedEvent.RecorderEvent.class),
          Map.entry(13, RecordedEvent.Heartbeat.class),
          Map.entry(14, RecordedEvent.Clock.class),
          Map.entry(15, RecordedEvent.PolicyLoad.class),
          Map.entry(16, RecordedEvent.Entitlements.class),
          Map.entry(17, RecordedEvent.Catalog.class),
          Map.entry(18, RecordedEvent.Finding.class),
          Map.entry(19, RecordedEvent.Control.class),
          Map.entry(20, RecordedEvent.Budget.class),
          Map.entry(21, RecordedEvent.Injected.class),
          Map.entry(64, RecordedEvent.Principal.class),
          Map.entry(65, RecordedEvent.Client.class),
          Map.entry(66, RecordedEvent.Comment.class));

  static final Map<Integer, Class<? extends ArchiveObject>> OBJECTS =
      Map.ofEntries(
          Map.entry(1, ArchiveObject.Template.class),
          Map.entry(2, ArchiveObject.Policy.class),
          Map.entry(3, ArchiveObject.Relation.class),
          Map.entry(4, ArchiveObject.Column.class),
          Map.entry(5, ArchiveObject.Function.class),
          Map.entry(6, ArchiveObject.Facts.class),
          Map.entry(7, ArchiveObject.Rule.class),
          Map.entry(8, ArchiveObject.Decision.class),
          Map.entry(9, ArchiveObject.Mask.class),
          Map.entry(10, ArchiveObject.Plan.class),
          Map.entry(11, ArchiveObject.Text.class),
          Map.entry(12, ArchiveObject.Input.class),
          Map.entry(13, ArchiveObject.Type.class),
          Map.entry(14, ArchiveObject.Inputs.class));

  private static final Map<Class<?>, Integer> NUMBERS =
      java.util.stream.Stream.concat(EVENTS.entrySet().stream(), OBJECTS.entrySet().stream())
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  private Kinds() {}

  static int numberOf(Object value) {
    Integer number = NUMBERS.get(value.getClass());
    if (number == null) {
      throw new IllegalArgumentException("no kind: " + value.getClass());
    }
    return number;
  }
}
