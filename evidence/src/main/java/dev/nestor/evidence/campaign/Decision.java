package dev.nestor.evidence.campaign;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a reviewer decided about an item.
///
/// @param comment required to revoke, to reduce, to abstain and to go against the recommendation
/// @param detail scopes that stay, days, or to whom; empty where the kind needs none
public record Decision(Kind kind, String comment, String detail) {
  /// The six decisions.
  public enum Kind {
    CERTIFY("Certify", "Certified"),
    REVOKE("Revoke", "Revoked"),
    REDUCE("Reduce scope", "Reduced"),
    TIME_LIMIT("Limit time", "Limited in time"),
    DELEGATE("Delegate", "Delegated"),
    ABSTAIN("Abstain", "Abstained");

    private final String word;
    private final String done;

    Kind(String word, String done) {
      this.word = word;
      this.done = done;
    }

    /// On a button.
    public String word() {
      return word;
    }

    /// In a count.
    public String done() {
      return done;
    }

    /// In JSON.
    public String json() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The kind of a word in JSON.
    public static Optional<Kind> of(String json) {
      return Arrays.stream(values()).filter(each -> each.json().equals(json)).findFirst();
    }
  }

  /// What becomes of what was granted, once this is carried out.
  ///
  /// @return in words, such as `orders.write goes, orders.read stays`
  public String effect(ReviewItem item) {
    String all = item.scopes().isEmpty() ? "the credential" : String.join(", ", item.scopes());
    return switch (kind) {
      case CERTIFY -> "stays as it is";
      case REVOKE -> all + (item.scopes().size() > 1 ? " go" : " goes");
      case REDUCE -> {
        List<String> stay =
            Arrays.stream(detail.split("[,\\s]+")).filter(s -> !s.isEmpty()).toList();
        List<String> go = item.scopes().stream().filter(each -> !stay.contains(each)).toList();
        yield (go.isEmpty()
                ? "nothing goes"
                : String.join(", ", go) + (go.size() > 1 ? " go" : " goes"))
            + ", "
            + String.join(", ", stay)
            + (stay.size() > 1 ? " stay" : " stays");
      }
      case TIME_LIMIT -> all + " until %s days from the signature".formatted(detail);
      case DELEGATE -> "still with " + detail + ", not covered by your signature";
      case ABSTAIN -> "not decided";
    };
  }

  /// What is missing before this can count.
  ///
  /// @return one sentence; empty if nothing is
  public String missing(ReviewItem item) {
    boolean against = kind != item.recommendation() && kind != Kind.DELEGATE;
    if (comment.isBlank() && (against || kind == Kind.REVOKE || kind == Kind.ABSTAIN)) {
      return against
          ? "A comment is required to go against the recommendation."
          : "A comment is required to " + kind.word().toLowerCase(Locale.ROOT) + ".";
    }
    return switch (kind) {
      case CERTIFY, REVOKE, ABSTAIN -> "";
      case REDUCE -> detail.isBlank() ? "Name the scopes that stay." : "";
      case TIME_LIMIT ->
          detail.matches("[1-9][0-9]{0,3}") ? "" : "Name the days after which it ends.";
      case DELEGATE -> detail.isBlank() ? "Name who is to decide." : "";
    };
  }
}
