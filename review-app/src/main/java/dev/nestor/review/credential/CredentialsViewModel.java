package dev.nestor.review.credential;

import dev.nestor.evidence.credential.CredentialUse;
import dev.nestor.evidence.credential.HygieneRules;
import dev.nestor.evidence.finding.Finding;
import dev.nestor.evidence.survey.Survey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

/// The rows of Credentials: findings, or all credentials with what was found of them.
public final class CredentialsViewModel {
  /// A row: a finding, a credential, or both.
  public record Row(Optional<Finding> finding, Optional<CredentialUse> use) {}

  private final BooleanProperty all = new SimpleBooleanProperty(this, "all", false);
  private final ObjectProperty<Optional<Row>> selected =
      new SimpleObjectProperty<>(this, "selected", Optional.empty());
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
  private final Dismissals dismissals;
  private Optional<Survey> survey = Optional.empty();
  private HygieneRules rules = HygieneRules.standard();
  private List<Row> rows = List.of();
  private final Map<String, CredentialUse> byLabel = new HashMap<>();

  /// @param dismissals what somebody has put aside, and why
  public CredentialsViewModel(Dismissals dismissals) {
    this.dismissals = dismissals;
    all.addListener((_, _, _) -> fill());
  }

  /// Whether credentials without findings are listed too.
  public BooleanProperty allProperty() {
    return all;
  }

  /// The row that somebody looks at.
  public ObjectProperty<Optional<Row>> selectedProperty() {
    return selected;
  }

  /// Rises when the rows have changed.
  public ReadOnlyLongProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /// What was read, once it is there.
  public Optional<Survey> survey() {
    return survey;
  }

  /// The rows, the most severe first.
  public List<Row> rows() {
    return rows;
  }

  /// How many findings are not put aside.
  public long findings() {
    return survey
        .map(each -> each.findings().stream().filter(f -> !dismissals.has(f.key())).count())
        .orElse(0L);
  }

  /// How many findings somebody put aside.
  public long dismissed() {
    return survey
        .map(each -> each.findings().stream().filter(f -> dismissals.has(f.key())).count())
        .orElse(0L);
  }

  /// Where the rules draw their lines.
  public HygieneRules rules() {
    return rules;
  }

  /// Judges what was read by other lines; nothing is read again.
  public void judge(HygieneRules by) {
    rules = by;
    survey.ifPresent(this::show);
  }

  /// Shows a survey, judged by the lines that were chosen here.
  public void show(Survey read) {
    Survey now = read.rules().equals(rules) ? read : read.judgedBy(rules);
    survey = Optional.of(now);
    byLabel.clear();
    now.credentials().forEach(each -> byLabel.put(each.credential().label(), each));
    fill();
  }

  /// Puts the selected finding aside.
  ///
  /// @param days after which it comes back
  public void dismiss(String reason, int days) {
    selected
        .get()
        .flatMap(Row::finding)
        .ifPresent(finding -> {
          dismissals.add(finding.key(), reason, days);
          fill();
        });
  }

  /// The parent of a credential, where its record is here.
  public Optional<CredentialUse> parent(CredentialUse use) {
    return survey.flatMap(
        each -> each.credentials().stream().filter(p -> p.key().equals(use.parent())).findFirst());
  }

  private void fill() {
    List<Row> fresh = new ArrayList<>();
    survey.ifPresent(now -> {
      if (all.get()) {
        for (CredentialUse use : now.credentials()) {
          fresh.add(
              new Row(
                  now.findings().stream()
                      .filter(f -> f.anchor().equals(use.key()) && !dismissals.has(f.key()))
                      .findFirst(),
                  Optional.of(use)));
        }
      } else {
        for (Finding finding : now.findings()) {
          if (!dismissals.has(finding.key())) {
            fresh.add(
                new Row(
                    Optional.of(finding), Optional.ofNullable(byLabel.get(finding.credential()))));
          }
        }
      }
    });
    rows = List.copyOf(fresh);
    if (selected.get().filter(rows::contains).isEmpty()) {
      selected.set(rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst()));
    }
    revision.set(revision.get() + 1);
  }
}
