package dev.jebena.onnx.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/// Pictures in the formats that the JDK reads: BMP, GIF, JPEG, PNG, TIFF. Loaded only when a model
/// decodes one, so that others need no module `java.desktop`.
final class PictureReader {
    private static final long MOST_PIXELS = 1L << 28;

    private PictureReader() {}

    static ImageOperators.Pixels read(byte[] bytes) throws IOException {
        try (ImageInputStream in =
                ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("the picture is none of BMP, GIF, JPEG, PNG, TIFF or PNM");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                if ((long) width * height > MOST_PIXELS) {
                    throw new IOException(
                            "a picture of %d x %d pixels; at most %d are read"
                                    .formatted(width, height, MOST_PIXELS));
                }
                BufferedImage image = reader.read(0);
                int[] rgb = image.getRGB(0, 0, width, height, null, 0, width);
                return new ImageOperators.Pixels(width, height, rgb);
            } catch (RuntimeException e) {
                // Readers of the JDK throw these for damaged files.
                throw new IOException("the picture is damaged: " + e.getMessage(), e);
            } finally {
                reader.dispose();
            }
        }
    }
}
