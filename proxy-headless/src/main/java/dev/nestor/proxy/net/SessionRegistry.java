package dev.nestor.proxy.net;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The sessions of one gateway, the keys by which they are cancelled, and how many connections each
/// address has. Thread-safe.
public final class SessionRegistry {
  private final ConcurrentHashMap<Long, GatewaySession> sessions = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, List<Cancellable>> byPid = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<InetAddress, AtomicInteger> byAddress = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  private record Cancellable(byte[] secret, GatewaySession session) {}

  void add(GatewaySession session, int pid, byte[] secret) {
    sessions.put(session.number(), session);
    byPid.merge(pid, List.of(new Cancellable(secret, session)), SessionRegistry::concat);
    listeners.forEach(listener -> listener.changed(session, true));
  }

  /// Hears of sessions.
  @FunctionalInterface
  public interface Listener {
    /// One has begun or ended. Called on its event loop; must not block.
    void changed(GatewaySession session, boolean begun);
  }

  /// Adds somebody who hears of each session.
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  private static List<Cancellable> concat(List<Cancellable> a, List<Cancellable> b) {
    return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
  }

  void remove(GatewaySession session, int pid) {
    boolean removed = sessions.remove(session.number()) != null;
    byPid.computeIfPresent(
        pid,
        (_, list) -> {
          List<Cancellable> rest =
              list.stream().filter(entry -> entry.session() != session).toList();
          return rest.isEmpty() ? null : rest;
        });
    if (removed) {
      listeners.forEach(listener -> listener.changed(session, false));
    }
  }

  /// The session that a cancel key belongs to; compared in constant time.
  @Nullable GatewaySession cancelTarget(int pid, byte[] secret) {
    for (Cancellable entry : byPid.getOrDefault(pid, List.of())) {
      if (MessageDigest.isEqual(entry.secret(), secret)) {
        return entry.session();
      }
    }
    return null;
  }

  /// Whether a process of the server belongs to a live session.
  public boolean hasProcess(int process) {
    return byPid.containsKey(process);
  }

  /// Live sessions, in no order.
  public Collection<GatewaySession> all() {
    return sessions.values();
  }

  /// A live session by its number in the archive.
  public @Nullable GatewaySession byNumber(long number) {
    return sessions.get(number);
  }

  /// Counts a connection in.
  ///
  /// @return whether it is within both limits; if not, nothing was counted
  boolean enter(InetAddress address, int most, int mostPerAddress) {
    AtomicInteger ofAddress = byAddress.computeIfAbsent(address, _ -> new AtomicInteger());
    if (connections.incrementAndGet() > most || ofAddress.incrementAndGet() > mostPerAddress) {
      leave(address);
      return false;
    }
    return true;
  }

  void leave(InetAddress address) {
    connections.decrementAndGet();
    byAddress.computeIfPresent(address, (_, count) -> count.decrementAndGet() <= 0 ? null : count);
  }
}
