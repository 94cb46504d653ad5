package dev.nestor.review.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.scene.paint.Color;
import org.junit.jupiter.api.Test;

class TokenSheetTest {
  private static final Pattern TOKEN = Pattern.compile("(-[a-z0-9-]+): (#[0-9a-f]{6});");

  private static Map<String, Color> tokens(Theme theme) throws IOException {
    String sheet = Files.readString(Path.of("src/main/resources/dev/nestor/review/ui/tokens.css"));
    Map<String, Color> tokens = new HashMap<>();
    read(block(sheet, ".root {"), tokens);
    if (theme != Theme.LIGHT) {
      read(block(sheet, ".root." + theme.word() + " {"), tokens);
    }
    return tokens;
  }

  private static String block(String sheet, String selector) {
    int at = sheet.indexOf(selector);
    assertThat(at).as(selector).isNotNegative();
    return sheet.substring(at, sheet.indexOf('}', at));
  }

  private static void read(String css, Map<String, Color> into) {
    Matcher matcher = TOKEN.matcher(css);
    while (matcher.find()) {
      into.put(matcher.group(1), Color.web(matcher.group(2)));
    }
  }

  /// Contrast ratio of WCAG 2.
  private static double contrast(Color a, Color b) {
    double first = luminance(a) + 0.05;
    double second = luminance(b) + 0.05;
    return Math.max(first, second) / Math.min(first, second);
  }

  private static double luminance(Color color) {
    return 0.2126 * linear(color.getRed())
        + 0.7152 * linear(color.getGreen())
        + 0.0722 * linear(color.getBlue());
  }

  private static double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
  }

  @Test
  void textCanBeReadOnWhatItStandsOn() throws IOException {
    for (Theme theme : Theme.values()) {
      Map<String, Color> tokens = tokens(theme);
      for (String[] pair :
          List.of(
              new String[] {"-fg", "-bg"},
              new String[] {"-fg", "-pane"},
              new String[] {"-fg", "-row-sel"},
              new String[] {"-fg", "-d-masked-bg"},
              new String[] {"-fg-2", "-row-sel"},
              new String[] {"-d-masked", "-bg"},
              new String[] {"-d-held", "-bg"},
              new String[] {"-d-blocked", "-bg"},
              new String[] {"-d-killed", "-bg"},
              new String[] {"-bg", "-row-sel-bar"},
              new String[] {"-fg-2", "-bg"},
              new String[] {"-fg-2", "-pane"},
              new String[] {"-d-allowed", "-bg"},
              new String[] {"-d-masked", "-d-masked-bg"},
              new String[] {"-d-held-on", "-d-held-bg"},
              new String[] {"-d-blocked-on", "-d-blocked-bg"},
              new String[] {"-d-killed-on", "-d-killed-bg"},
              new String[] {"-sql-kw", "-bg"},
              new String[] {"-sql-str", "-bg"},
              new String[] {"-sql-num", "-bg"},
              new String[] {"-sql-com", "-bg"},
              new String[] {"-ok", "-bg"})) {
        assertThat(contrast(tokens.get(pair[0]), tokens.get(pair[1])))
            .as("%s on %s, %s", pair[0], pair[1], theme.word())
            .isGreaterThanOrEqualTo(4.5);
      }
    }
  }

  @Test
  void everyThemeDefinesEveryToken() throws IOException {
    for (Theme theme : Theme.values()) {
      String sheet =
          Files.readString(Path.of("src/main/resources/dev/nestor/review/ui/tokens.css"));
      Map<String, Color> own = new HashMap<>();
      read(block(sheet, theme == Theme.LIGHT ? ".root {" : ".root." + theme.word() + " {"), own);
      assertThat(own.keySet()).as(theme.word()).containsAll(tokens(Theme.LIGHT).keySet());
    }
  }

  @Test
  void marksCanBeSeenOnRowsAndSelection() throws IOException {
    for (Theme theme : Theme.values()) {
      Map<String, Color> tokens = tokens(theme);
      for (String mark :
          List.of(
              "-d-allowed-mark",
              "-d-masked-mark",
              "-d-held-mark",
              "-d-blocked-mark",
              "-d-killed",
              "-row-sel-bar",
              "-bar-strong")) {
        for (String ground : List.of("-bg", "-pane", "-row-sel")) {
          if (mark.equals("-row-sel-bar") && ground.equals("-row-sel")) {
            continue; // the bar's own inside: what tells it is its contrast to the rows around
          }
          assertThat(contrast(tokens.get(mark), tokens.get(ground)))
              .as("%s on %s, %s", mark, ground, theme.word())
              .isGreaterThanOrEqualTo(3.0);
        }
      }
    }
  }
}
