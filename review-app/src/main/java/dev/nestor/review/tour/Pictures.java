package dev.nestor.review.tour;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.Parent;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.transform.Transform;
import javax.imageio.ImageIO;

/// Writes what a scene shows: `NN-name.png` and `NN-name.json`.
public final class Pictures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final double scale;
  private int number;

  /// @param folder for the files; made if it is missing
  /// @param scale pixels per point
  public Pictures(Path folder, double scale) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.scale = scale;
  }

  /// Takes a picture. On the JavaFX application thread.
  ///
  /// @throws IOException if it cannot be written
  public void take(Parent root, String name) throws IOException {
    number++;
    SnapshotParameters parameters = new SnapshotParameters();
    parameters.setTransform(Transform.scale(scale, scale));
    parameters.setFill(root.getScene().getFill());
    WritableImage image = root.snapshot(parameters, null);
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    int[] pixels = new int[width * height];
    image
        .getPixelReader()
        .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, width, height, pixels, 0, width);
    String file = "%02d-%s".formatted(number, name);
    ImageIO.write(picture, "png", folder.resolve(file + ".png").toFile());
    Files.writeString(
        folder.resolve(file + ".json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(SceneListing.of(root)) + "\n");
  }
}
