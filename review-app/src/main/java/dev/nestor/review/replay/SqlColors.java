package dev.nestor.review.replay;

import dev.nestor.evidence.archive.StatementDetail;
import java.util.List;

/// SQL cut into coloured pieces.
final class SqlColors {
  private SqlColors() {}

  static List<SqlSpan> formatted(StatementDetail detail) {
    return List.of(new SqlSpan(detail.sql(), SqlSpan.Style.PLAIN));
  }

  static List<SqlSpan> original(StatementDetail detail) {
    return List.of(new SqlSpan(detail.sql(), SqlSpan.Style.PLAIN));
  }
}
