import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/// Draws the workstation's icon: a timeline with a playhead, and one mark that is stopped.
class Icon {
  private static final int SIZE = 512;

  public static void main(String[] args) throws IOException {
    System.setProperty("java.awt.headless", "true");
    BufferedImage picture = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = picture.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(new Color(0x0d1117));
    g.fill(new RoundRectangle2D.Double(16, 16, SIZE - 32, SIZE - 32, 112, 112));
    g.setColor(new Color(0x30363d));
    g.setStroke(new BasicStroke(8));
    g.draw(new RoundRectangle2D.Double(20, 20, SIZE - 40, SIZE - 40, 104, 104));
    g.setStroke(new BasicStroke(28, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(new Color(0x8b949e));
    int[] heights = {70, 130, 96, 150, 60};
    for (int i = 0; i < heights.length; i++) {
      double x = 108 + i * 74;
      if (x < 300 || x > 380) {
        g.draw(new Line2D.Double(x, 370, x, 370 - heights[i]));
      }
    }
    g.setColor(new Color(0xf85149));
    g.draw(new Line2D.Double(330, 370, 330, 300));
    g.setColor(new Color(0x58a6ff));
    g.setStroke(new BasicStroke(20, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(new Line2D.Double(256, 150, 256, 410));
    Path2D head = new Path2D.Double();
    head.moveTo(216, 104);
    head.lineTo(296, 104);
    head.lineTo(256, 160);
    head.closePath();
    g.fill(head);
    g.draw(head);
    g.dispose();
    ImageIO.write(picture, "png", new File(args[0]));
  }
}
