package dev.nestor.review.campaign;

import dev.nestor.evidence.campaign.ReviewItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The items of a review in the order in which somebody walks through them, in groups or by risk
/// alone.
///
/// @param grouping what the groups are
/// @param rows in order
record ReviewQueue(Grouping grouping, List<Row> rows) {
  /// What items are put together by.
  enum Grouping {
    RISK("by risk"),
    SUBJECT("by person"),
    KIND("by kind of credential"),
    ADVICE("by advice");

    private final String words;

    Grouping(String words) {
      this.words = words;
    }

    /// In the head of the queue.
    String words() {
      return words;
    }

    /// The one that the key leads to.
    Grouping next() {
      return switch (this) {
        case RISK -> SUBJECT;
        case SUBJECT -> KIND;
        case KIND -> ADVICE;
        case ADVICE -> RISK;
      };
    }

    private String groupOf(ReviewItem item) {
      return switch (this) {
        case RISK -> "";
        case SUBJECT -> item.subject().isEmpty() ? "Nobody named" : item.subject();
        case KIND -> kind(item.kind());
        case ADVICE -> "Advice: " + item.recommendation().word();
      };
    }

    private static String kind(String recorded) {
      return switch (recorded) {
        case "" -> "Kind not recorded";
        case "jwt" -> "Tokens of an identity provider";
        case "child" -> "Credentials of children";
        default -> recorded;
      };
    }
  }

  /// A line of the queue: the head of a group, or an item.
  ///
  /// @param group name of the group; empty by risk
  /// @param items how many the group has; 0 for an item's own line
  /// @param item index in the campaign; absent for a head
  record Row(String group, int items, OptionalInt item) {}

  ReviewQueue {
    rows = List.copyOf(rows);
  }

  /// @param items the riskiest first; within a group they stay so, and so do the groups
  static ReviewQueue of(Grouping grouping, List<ReviewItem> items) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      groups.computeIfAbsent(grouping.groupOf(items.get(i)), _ -> new ArrayList<>()).add(i);
    }
    List<Row> rows = new ArrayList<>();
    groups.forEach((name, members) -> {
      if (grouping != Grouping.RISK) {
        rows.add(new Row(name, members.size(), OptionalInt.empty()));
      }
      members.forEach(each -> rows.add(new Row(name, 0, OptionalInt.of(each))));
    });
    return new ReviewQueue(grouping, rows);
  }

  /// Where an item stands, -1 if it does not.
  int rowOf(int item) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).item().equals(OptionalInt.of(item))) {
        return i;
      }
    }
    return -1;
  }

  /// The item before or after another, over the heads of groups; the same at an end.
  int step(int item, boolean forward) {
    for (int at = rowOf(item) + (forward ? 1 : -1);
        at >= 0 && at < rows.size();
        at += forward ? 1 : -1) {
      if (rows.get(at).item().isPresent()) {
        return rows.get(at).item().getAsInt();
      }
    }
    return item;
  }
}
