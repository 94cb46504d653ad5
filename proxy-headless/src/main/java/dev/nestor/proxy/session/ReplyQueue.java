package dev.nestor.proxy.session;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What was sent to the server and is not answered yet, in order; one entry a message. The only
/// clock of a session. A ring of arrays, so that a message nobody decides on costs no object.
final class ReplyQueue {
  /// What an entry waits for.
  enum Kind {
    /// Simple query: rows, tags, errors, then ReadyForQuery.
    QUERY,
    /// ParseComplete.
    PARSE,
    /// BindComplete.
    BIND,
    /// ParameterDescription, then RowDescription or NoData.
    DESCRIBE_STATEMENT,
    /// RowDescription or NoData.
    DESCRIBE_PORTAL,
    /// Rows, then a tag, PortalSuspended or EmptyQueryResponse.
    EXECUTE,
    /// CloseComplete.
    CLOSE,
    /// ReadyForQuery.
    SYNC,
    /// FunctionCallResponse, then ReadyForQuery.
    FUNCTION_CALL,
    /// CopyDone or CopyFail that was sent before the server asked for copy data: no reply, but the
    /// place up to which a COPY eats what was queued.
    COPY_END
  }

  /// The client does not know of it: its answers are swallowed.
  static final int INJECTED = 1;

  /// Stands for something of the client that was blocked.
  static final int REPLACEMENT = 2;

  /// A Sync sent inside a COPY: the server eats it unless the COPY fails first.
  static final int MAYBE = 4;

  private Kind[] kinds = new Kind[32];
  private byte[] flags = new byte[32];
  private @Nullable Object[] refs = new Object[32];
  private int first;
  private int size;

  void add(Kind kind, int flag, @Nullable Object ref) {
    if (size == kinds.length) {
      grow();
    }
    int at = index(size++);
    kinds[at] = kind;
    flags[at] = (byte) flag;
    refs[at] = ref;
  }

  private int index(int offset) {
    return first + offset & kinds.length - 1;
  }

  private void grow() {
    int length = kinds.length;
    Kind[] newKinds = new Kind[length * 2];
    byte[] newFlags = new byte[length * 2];
    @Nullable Object[] newRefs = new Object[length * 2];
    for (int i = 0; i < size; i++) {
      int at = index(i);
      newKinds[i] = kinds[at];
      newFlags[i] = flags[at];
      newRefs[i] = refs[at];
    }
    kinds = newKinds;
    flags = newFlags;
    refs = newRefs;
    first = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  Kind kind(int offset) {
    return kinds[index(offset)];
  }

  boolean has(int offset, int flag) {
    return (flags[index(offset)] & flag) != 0;
  }

  @Nullable Object ref(int offset) {
    return refs[index(offset)];
  }

  boolean contains(Kind kind) {
    for (int at = 0; at < size; at++) {
      if (kind(at) == kind) {
        return true;
      }
    }
    return false;
  }

  void removeFirst() {
    refs[first] = null;
    first = first + 1 & kinds.length - 1;
    size--;
  }

  /// Removes one entry anywhere; rare.
  void remove(int offset) {
    for (int i = offset; i + 1 < size; i++) {
      int to = index(i);
      int from = index(i + 1);
      kinds[to] = kinds[from];
      flags[to] = flags[from];
      refs[to] = refs[from];
    }
    refs[index(size - 1)] = null;
    size--;
  }

  void clear() {
    Arrays.fill(refs, null);
    first = 0;
    size = 0;
  }
}
