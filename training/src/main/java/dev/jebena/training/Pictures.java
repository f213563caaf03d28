package dev.jebena.training;

import dev.jebena.base.Problem;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/// Pictures of a folder of folders, as rows of pixels from 0 to 255, channel by channel.
final class Pictures {
    private static final Set<String> ENDS = Set.of("png", "jpg", "jpeg", "gif", "bmp");
    private static final long MOST_PIXELS = 1 << 26;
    private static final long MOST_NUMBERS = 1 << 29;

    private Pictures() {}

    static void read(
            Path folder, int[] shape, DataFiles files, List<String> classes, List<float[]> rows) {
        ImageData.checkFolder(folder);
        long size = (long) shape[0] * shape[1] * shape[2];
        for (Path kind : sorted(folder)) {
            if (!Files.isDirectory(kind)) {
                continue;
            }
            for (Path file : sorted(kind)) {
                String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
                if (ENDS.contains(name.substring(name.lastIndexOf('.') + 1))) {
                    rows.add(pixels(file, files.bytes(file), shape));
                    classes.add(String.valueOf(kind.getFileName()));
                    if (rows.size() * size > MOST_NUMBERS) {
                        throw Problem.badRequest(
                                "[data] folder: %s has more pictures of %d numbers than fit into memory; a smaller shape helps"
                                        .formatted(folder, size));
                    }
                }
            }
        }
        if (rows.isEmpty()) {
            throw Problem.badRequest(
                    "[data] folder: %s has no pictures in folders called after their classes (%s)"
                            .formatted(folder, String.join(", ", ENDS.stream().sorted().toList())));
        }
    }

    private static List<Path> sorted(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw Problem.storage("[data] folder: " + folder + " cannot be listed", e);
        }
    }

    private static float[] pixels(Path file, byte[] bytes, int[] shape) {
        BufferedImage picture = decode(file, bytes);
        int type = shape[0] == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
        BufferedImage small = new BufferedImage(shape[2], shape[1], type);
        Graphics2D canvas = small.createGraphics();
        canvas.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        canvas.drawImage(picture, 0, 0, shape[2], shape[1], null);
        canvas.dispose();
        int[] samples = small.getRaster().getPixels(0, 0, shape[2], shape[1], (int[]) null);
        int area = shape[1] * shape[2];
        float[] row = new float[shape[0] * area];
        for (int i = 0; i < row.length; i++) {
            row[i] = samples[i % area * shape[0] + i / area];
        }
        return row;
    }

    private static BufferedImage decode(Path file, byte[] bytes) {
        try (ImageInputStream in =
                ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw damaged(file, null);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                // The header tells the size before pixels are allocated.
                if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
                    throw Problem.badRequest(
                            "%s has %d x %d pixels; 64 million are the most"
                                    .formatted(file, reader.getWidth(0), reader.getHeight(0)));
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged(file, e);
        }
    }

    private static Problem damaged(Path file, @Nullable Exception e) {
        return new Problem(
                Problem.Code.BAD_FILE,
                file + " is not a picture that can be read",
                "take it out of the folder",
                e);
    }
}
