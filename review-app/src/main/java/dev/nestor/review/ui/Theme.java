package dev.nestor.review.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.paint.Color;

/// Light, dark or of high contrast: AtlantaFX Primer with our token sheet on top.
public enum Theme {
  LIGHT("#ffffff"),
  DARK("#0d1117"),
  CONTRAST("#000000");

  private final String canvas;

  Theme(String canvas) {
    this.canvas = canvas;
  }

  /// The word on the command line and in the preferences.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// On screen, within a sentence.
  public String title() {
    return this == CONTRAST ? "high contrast" : word();
  }

  /// The theme of a word.
  public static Optional<Theme> of(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /// The one after it: light, dark, high contrast, and around.
  public Theme next() {
    return switch (this) {
      case LIGHT -> DARK;
      case DARK -> CONTRAST;
      case CONTRAST -> LIGHT;
    };
  }

  /// What a system asks for.
  ///
  /// @param contrast whether it is set to high contrast
  /// @param scheme its colours
  public static Theme of(boolean contrast, ColorScheme scheme) {
    return contrast ? CONTRAST : scheme == ColorScheme.DARK ? DARK : LIGHT;
  }

  /// What this system asks for now. For the JavaFX application thread.
  public static Theme ofSystem() {
    Platform.Preferences system = Platform.getPreferences();
    return of(system.getBoolean("Windows.SPI.HighContrast").orElse(false), system.getColorScheme());
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
    scene.getRoot().getStyleClass().removeAll(DARK.word(), CONTRAST.word());
    if (this != LIGHT) {
      scene.getRoot().getStyleClass().add(word());
    }
  }
}
