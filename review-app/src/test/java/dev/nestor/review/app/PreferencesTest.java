package dev.nestor.review.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.review.ui.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.application.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferencesTest {
  @TempDir Path folder;

  @Test
  void themeAndRecentFilesAreRemembered() {
    Preferences first = Preferences.in(folder);
    assertThat(first.isFirstStart()).isTrue();
    first.setTheme(Theme.DARK);
    first.opened(Path.of("/evidence/a.pgrec"));
    first.opened(Path.of("/evidence/b.pgrec"));
    first.opened(Path.of("/evidence/a.pgrec"));

    Preferences again = Preferences.in(folder);

    assertThat(again.isFirstStart()).isFalse();
    assertThat(again.theme()).contains(Theme.DARK);
    assertThat(again.recent())
        .containsExactly(Path.of("/evidence/a.pgrec"), Path.of("/evidence/b.pgrec"));
  }

  @Test
  void withoutAChoiceTheSystemsThemeIsFollowed() {
    Preferences preferences = Preferences.in(folder);
    preferences.opened(Path.of("/evidence/a.pgrec"));

    assertThat(Preferences.in(folder).theme()).isEmpty();
    assertThat(Theme.of(true, ColorScheme.LIGHT)).isEqualTo(Theme.CONTRAST);
    assertThat(Theme.of(true, ColorScheme.DARK)).isEqualTo(Theme.CONTRAST);
    assertThat(Theme.of(false, ColorScheme.DARK)).isEqualTo(Theme.DARK);
    assertThat(Theme.of(false, ColorScheme.LIGHT)).isEqualTo(Theme.LIGHT);
  }

  @Test
  void everyThemeIsRememberedByItsWord() {
    for (Theme theme : Theme.values()) {
      Preferences.in(folder).setTheme(theme);
      assertThat(Preferences.in(folder).theme()).contains(theme);
    }
  }

  @Test
  void onlyFifteenFilesAreRemembered() {
    Preferences preferences = Preferences.in(folder);
    for (int i = 0; i < 40; i++) {
      preferences.opened(Path.of("/evidence/" + i));
    }

    assertThat(Preferences.in(folder).recent()).hasSize(15).startsWith(Path.of("/evidence/39"));
  }

  @Test
  void aFileThatCannotBeReadCountsAsNone() throws IOException {
    Files.writeString(folder.resolve("workstation.json"), "{ not json");

    assertThat(Preferences.in(folder).recent()).isEmpty();
  }
}
