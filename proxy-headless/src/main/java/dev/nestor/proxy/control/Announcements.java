package dev.nestor.proxy.control;

import dev.nestor.proxy.approval.PendingApproval;
import dev.nestor.proxy.credential.CredentialListener;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.proxy.net.GatewaySession;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Hands on what happens in a gateway to those who listen: approvals, sessions, credentials.
/// Thread-safe. Called on the threads on which it happens, so listeners must not block.
final class Announcements implements CredentialListener {
  private final List<Consumer<Announcement>> listeners = new CopyOnWriteArrayList<>();

  /// Something that has happened.
  sealed interface Announcement {
    /// A request was asked, voted on, or is over.
    record OfApproval(PendingApproval approval) implements Announcement {}

    /// A session has begun or ended.
    record OfSession(GatewaySession session, boolean begun) implements Announcement {}

    /// A credential was issued here or has ended.
    record OfCredential(HeldCredential credential) implements Announcement {}
  }

  /// Listens to a gateway.
  Announcements(GatewayServer gateway) {
    gateway.approvals().listen(approval -> tell(new Announcement.OfApproval(approval)));
    gateway.registry().listen((session, begun) -> tell(new Announcement.OfSession(session, begun)));
    gateway.credentials().listen(this);
  }

  /// Adds somebody who hears of everything.
  void listen(Consumer<Announcement> listener) {
    listeners.add(listener);
  }

  /// Removes a listener.
  void ignore(Consumer<Announcement> listener) {
    listeners.remove(listener);
  }

  private void tell(Announcement announcement) {
    listeners.forEach(listener -> listener.accept(announcement));
  }

  @Override
  public void issued(HeldCredential child) {
    tell(new Announcement.OfCredential(child));
  }

  @Override
  public Sessions ended(End end) {
    end.credentials().forEach(each -> tell(new Announcement.OfCredential(each)));
    return Sessions.NONE; // it cuts nothing itself
  }

  @Override
  public void refused(Optional<HeldCredential> parent, String code) {}

  @Override
  public void usedAfterEnd(HeldCredential credential, HeldCredential.State state) {}
}
