package dev.nestor.evidence.campaign;

import dev.nestor.evidence.finding.Severity;
import java.util.List;

/// One thing to decide: what somebody was granted, beside what was done with it.
///
/// @param id the same in every preparation over the same evidence
/// @param holder who holds it
/// @param subject on whose behalf; empty if nobody is named
/// @param credentials labels; several where identical ones are one item
/// @param kind of the credential as recorded, such as `jwt` or `child`; empty if it is not
/// @param scopes granted
/// @param issued when the first of them was issued, ISO 8601; empty if not recorded
/// @param expires when the last of them ends; empty if nothing ends it
/// @param uses what was done, the most rows first
/// @param grants one line for each grant, with what was used of it
/// @param risk how much harm it could do
/// @param recommendation advice only; decides nothing
/// @param reasonsFor what speaks for the recommendation
/// @param reasonsAgainst what speaks against it
/// @param evidence citations of statements behind it, at most 100
public record ReviewItem(
    String id,
    String holder,
    String subject,
    List<String> credentials,
    String kind,
    List<String> scopes,
    String issued,
    String expires,
    List<Use> uses,
    List<Grant> grants,
    Severity risk,
    Decision.Kind recommendation,
    List<String> reasonsFor,
    List<String> reasonsAgainst,
    List<Evidence> evidence) {
  public ReviewItem {
    credentials = List.copyOf(credentials);
    scopes = List.copyOf(scopes);
    uses = List.copyOf(uses);
    grants = List.copyOf(grants);
    reasonsFor = List.copyOf(reasonsFor);
    reasonsAgainst = List.copyOf(reasonsAgainst);
    evidence = List.copyOf(evidence);
  }

  /// What was done to one relation.
  public record Use(String relation, String verb, long statements, long rows, long stopped) {}

  /// A grant and whether it was used.
  ///
  /// @param used statements that ran under it
  /// @param lastSuccess ISO 8601; empty for never
  /// @param lastAttempt likewise, blocked ones too
  public record Grant(String scope, long used, String lastSuccess, String lastAttempt) {}

  /// A statement behind the item.
  public record Evidence(String citation, String at, String decision, String text) {}

  /// As a list has it.
  public String title() {
    return holder
        + (credentials.size() > 1 ? " ×" + credentials.size() : "")
        + " · "
        + (scopes.isEmpty() ? "no scope" : String.join(", ", scopes));
  }
}
