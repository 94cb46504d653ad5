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

  private static Map<String, Color> tokens(boolean dark) throws IOException {
    String sheet = Files.readString(Path.of("src/main/resources/dev/nestor/review/ui/tokens.css"));
    int at = sheet.indexOf(".root.dark {");
    Map<String, Color> tokens = new HashMap<>();
    read(sheet.substring(0, at), tokens);
    if (dark) {
      read(sheet.substring(at, sheet.indexOf('}', at)), tokens);
    }
    return tokens;
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
    for (boolean dark : new boolean[] {false, true}) {
      Map<String, Color> tokens = tokens(dark);
      for (String[] pair :
          List.of(
              new String[] {"-fg", "-bg"},
              new String[] {"-fg", "-pane"},
              new String[] {"-fg", "-row-sel"},
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
            .as("%s on %s, %s", pair[0], pair[1], dark ? "dark" : "light")
            .isGreaterThanOrEqualTo(4.5);
      }
    }
  }

  @Test
  void marksCanBeSeenOnRowsAndSelection() throws IOException {
    for (boolean dark : new boolean[] {false, true}) {
      Map<String, Color> tokens = tokens(dark);
      for (String mark :
          List.of(
              "-d-masked-mark", "-d-held-mark", "-d-blocked-mark", "-d-killed", "-row-sel-bar")) {
        for (String ground : List.of("-bg", "-pane")) {
          assertThat(contrast(tokens.get(mark), tokens.get(ground)))
              .as("%s on %s, %s", mark, ground, dark ? "dark" : "light")
              .isGreaterThanOrEqualTo(3.0);
        }
      }
    }
  }
}
