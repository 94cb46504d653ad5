package dev.nestor.review.app;

import java.util.function.BooleanSupplier;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;

/// Something that can be done, from a menu, by a key, or from the palette.
///
/// @param menu that it stands in
/// @param title of it
/// @param keys as people read them; empty without one
/// @param accelerator that the menu installs; absent where the keys are heard elsewhere
/// @param enabled whether it can be done now
/// @param action what it does
record Command(
    String menu,
    String title,
    String keys,
    @Nullable KeyCombination accelerator,
    BooleanSupplier enabled,
    Runnable action) {
  /// Runs it if it can be done.
  void run() {
    if (enabled.getAsBoolean()) {
      action.run();
    }
  }
}
