package dev.nestor.review.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Locale;
import java.util.Objects;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.paint.Color;

/// Light or dark: AtlantaFX Primer with our token sheet on top.
public enum Theme {
  LIGHT("#ffffff"),
  DARK("#0d1117");

  private final String canvas;

  Theme(String canvas) {
    this.canvas = canvas;
  }

  /// The word on the command line and in the preferences.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The other one.
  public Theme other() {
    return this == LIGHT ? DARK : LIGHT;
  }

  /// Dresses a scene. The fill is set too, so that no white flashes up before the first frame.
  public void dress(Scene scene) {
    Application.setUserAgentStylesheet(
        (this == LIGHT ? new PrimerLight() : new PrimerDark()).getUserAgentStylesheet());
    if (scene.getStylesheets().isEmpty()) {
      for (String sheet : new String[] {"bridge.css", "tokens.css", "workstation.css"}) {
        scene
            .getStylesheets()
            .add(Objects.requireNonNull(Theme.class.getResource(sheet), sheet).toExternalForm());
      }
    }
    scene.setFill(Color.web(canvas));
    scene.getRoot().getStyleClass().remove("dark");
    if (this == DARK) {
      scene.getRoot().getStyleClass().add("dark");
    }
  }
}
