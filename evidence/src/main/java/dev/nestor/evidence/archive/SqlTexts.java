package dev.nestor.evidence.archive;

import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.FrontendMessage;
import dev.nestor.postgres.protocol.ProtocolViolationException;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Finds the text and the values of a statement in what the client sent: in its Query, or in the
/// Bind and Parse that its Execute names.
final class SqlTexts {
  private static final int NEAR_FRAMES = 500;
  private static final int PARSE_FRAMES = 20_000;
  private static final int ROW_FRAMES = 16;

  private final Archive archive;
  private final RecordedReplay replay;

  /// What the client asked for.
  ///
  /// @param sql the whole text; empty if it is not to be found
  /// @param bind with the values; absent for a simple query
  /// @param bindFrame number of the frame with it
  /// @param bindMessage number of the message in that frame, from 1
  /// @param parameterTypes as the Parse named them
  record Asked(
      Optional<String> sql,
      Optional<FrontendMessage.Bind> bind,
      long bindFrame,
      int bindMessage,
      List<Integer> parameterTypes) {
    static final Asked NOTHING = new Asked(Optional.empty(), Optional.empty(), 0, 0, List.of());
  }

  SqlTexts(Archive archive, RecordedReplay replay) {
    this.archive = archive;
    this.replay = replay;
  }

  /// One line for a list; looks only nearby.
  String line(Statement statement) {
    Optional<String> text = asked(statement, ROW_FRAMES, 0).sql();
    String line = MessageText.cut(text.map(sql -> head(sql)).orElse(statement.template()));
    if (!line.isEmpty()) {
      return line;
    }
    return statement
        .facts()
        .map(facts -> "(" + EventText.words(facts.status()) + ")")
        .orElse("(text not kept)");
  }

  private static String head(String sql) {
    return sql.length() > 2_000 ? sql.substring(0, 2_000) : sql;
  }

  /// Everything, however far back.
  Asked asked(Statement statement) {
    return asked(statement, NEAR_FRAMES, PARSE_FRAMES);
  }

  private Asked asked(Statement statement, int near, int parses) {
    List<WireMessages.Piece> anchor = pieces(statement.anchorFrame());
    if (statement.message() >= anchor.size()) {
      return Asked.NOTHING;
    }
    return switch (decode(anchor.get(statement.message()))) {
      case FrontendMessage.Query query ->
          new Asked(
              Optional.of(part(query.sql().text(), statement)), Optional.empty(), 0, 0, List.of());
      case FrontendMessage.Parse parse ->
          new Asked(
              Optional.of(parse.sql().text()), Optional.empty(), 0, 0, parse.parameterTypes());
      case FrontendMessage.Bind bind ->
          withText(
              bind,
              statement.anchorFrame(),
              statement.message(),
              statement.message(),
              near,
              parses);
      case FrontendMessage.Execute execute -> ofPortal(execute.portal(), statement, near, parses);
      case FrontendMessage.FunctionCall call ->
          new Asked(
              Optional.of("function call " + Integer.toUnsignedString(call.function())),
              Optional.empty(),
              0,
              0,
              List.of());
      case null, default -> Asked.NOTHING;
    };
  }

  /// The statement of a Query with several.
  private static String part(String sql, Statement statement) {
    return QueryParts.part(sql, statement.part());
  }

  private Asked ofPortal(String portal, Statement statement, int near, int parses) {
    int before = statement.message();
    for (long frame : replay.clientFramesBack(statement.anchorFrame(), near, 0)) {
      List<WireMessages.Piece> pieces = pieces(frame);
      int from = frame == statement.anchorFrame() ? before : pieces.size();
      for (int i = from - 1; i >= 0; i--) {
        if (pieces.get(i).type() == 'B'
            && decode(pieces.get(i)) instanceof FrontendMessage.Bind bind
            && bind.portal().equals(portal)) {
          return withText(bind, frame, i, i, near, parses);
        }
      }
    }
    return Asked.NOTHING;
  }

  private Asked withText(
      FrontendMessage.Bind bind, long bindFrame, int bindIndex, int before, int near, int parses) {
    for (long frame : replay.clientFramesBack(bindFrame, near, parses)) {
      List<WireMessages.Piece> pieces = pieces(frame);
      int from = frame == bindFrame ? before : pieces.size();
      for (int i = from - 1; i >= 0; i--) {
        if (pieces.get(i).type() == 'P'
            && decode(pieces.get(i)) instanceof FrontendMessage.Parse parse
            && parse.statement().equals(bind.statement())) {
          return new Asked(
              Optional.of(parse.sql().text()),
              Optional.of(bind),
              bindFrame,
              bindIndex + 1,
              parse.parameterTypes());
        }
      }
    }
    return new Asked(Optional.empty(), Optional.of(bind), bindFrame, bindIndex + 1, List.of());
  }

  private List<WireMessages.Piece> pieces(long frame) {
    return archive.frame(frame).map(this::whole).orElse(List.of());
  }

  /// The messages of a frame; a message in fragments is put together from the frames that follow.
  private List<WireMessages.Piece> whole(Frame frame) {
    List<WireMessages.Piece> pieces = WireMessages.of(frame);
    return pieces.size() == 1 && Fragments.isFirst(frame)
        ? Fragments.join(archive, replay, frame, pieces.getFirst())
        : pieces;
  }

  /// The message; `null` if it breaks the protocol.
  static @org.jspecify.annotations.Nullable FrontendMessage decode(WireMessages.Piece piece) {
    if (!piece.fromClient() || piece.type() < 8) {
      return null;
    }
    try {
      return FrontendMessage.decode(copy(piece));
    } catch (ProtocolViolationException e) {
      return null;
    }
  }

  /// The message; `null` if it breaks the protocol.
  static @org.jspecify.annotations.Nullable BackendMessage decodeBackend(WireMessages.Piece piece) {
    if (piece.fromClient() || piece.type() < 8) {
      return null;
    }
    try {
      return BackendMessage.decode(copy(piece));
    } catch (ProtocolViolationException e) {
      return null;
    }
  }

  private static ByteBuffer copy(WireMessages.Piece piece) {
    return piece.bytes().slice();
  }
}
