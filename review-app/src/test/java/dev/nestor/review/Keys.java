package dev.nestor.review;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.event.Event;
import javafx.event.EventHandler;
import javafx.event.EventType;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.robot.Robot;

/// A keyboard: keys through the toolkit's own robot, text as the events that a layout would make.
/// Goes on when the window has seen the key; TestFX's robot sleeps some 100 ms for each instead.
public final class Keys {
  private final Scene scene;

  public Keys(Scene scene) {
    this.scene = scene;
  }

  /// Presses keys together and lets them go.
  public void push(KeyCode... codes) throws Exception {
    CountDownLatch seen = new CountDownLatch(codes.length);
    EventHandler<KeyEvent> release = _ -> seen.countDown();
    Toolkit.run(() -> {
      scene.addEventFilter(KeyEvent.KEY_RELEASED, release);
      Robot robot = new Robot();
      List.of(codes).forEach(robot::keyPress);
      List.of(codes).reversed().forEach(robot::keyRelease);
    });
    if (!seen.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the window did not see " + List.of(codes));
    }
    Toolkit.run(() -> scene.removeEventFilter(KeyEvent.KEY_RELEASED, release));
  }

  /// Types text where the focus is.
  public void write(String text) throws Exception {
    Toolkit.run(() ->
        text.chars()
            .forEach(c -> {
              fire(KeyEvent.KEY_PRESSED, "");
              fire(KeyEvent.KEY_TYPED, Character.toString(c));
              fire(KeyEvent.KEY_RELEASED, "");
            }));
  }

  private void fire(EventType<KeyEvent> type, String character) {
    Node owner = scene.getFocusOwner();
    if (owner != null) {
      Event.fireEvent(
          owner, new KeyEvent(type, character, "", KeyCode.UNDEFINED, false, false, false, false));
    }
  }
}
