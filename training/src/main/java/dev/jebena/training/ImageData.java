package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.nn.Dataset;
import dev.jebena.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Images and their classes: a folder with one folder of pictures for each class, or a CSV file
/// with one picture a row, its class behind the pixels.
///
/// @param table the CSV file; null for a folder
/// @param shape `[channels, height, width]`
/// @param scale the pixels' largest number, which they are divided by
record ImageData(
        Path folder,
        TableData.@Nullable Table table,
        @Nullable String pictures,
        int[] shape,
        double scale,
        double holdout)
        implements DataReader {
    static DataReader read(Section s, Path folder) {
        String pictures = s.text("folder");
        TableData.Table table = null;
        if (pictures == null) {
            table = TableData.Table.read(s, "pixels.csv", false);
        }
        int[] shape = s.integers("shape", new int[] {1, 28, 28}, 1, 4096);
        if (shape.length != 3 || (long) shape[0] * shape[1] * shape[2] > 1 << 26) {
            s.problem("shape", Arrays.toString(shape) + " is not [channels, height, width]");
        } else if (pictures != null && shape[0] != 1 && shape[0] != 3) {
            s.problem("shape", shape[0] + " channels; pictures have 1 or 3");
        }
        return new ImageData(
                folder,
                table,
                pictures,
                shape,
                pictures == null ? s.number("scale", 255, 1e-6, 1e9) : 255,
                s.number("holdout", 0.2, 0, 1));
    }

    @Override
    public String usual() {
        return "conv";
    }

    @Override
    public Examples load(long seed, Course course) {
        DataFiles files = new DataFiles();
        List<String> classes = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        if (table != null) {
            pixels(table.rows(folder, files), classes, rows);
        } else {
            Pictures.read(folder.resolve(String.valueOf(pictures)), shape, files, classes, rows);
        }
        float[][] all = rows.toArray(float[][]::new);
        Tensor images = Tensor.of(all).reshape(all.length, shape[0], shape[1], shape[2]);
        Target target = target(classes, course);
        Dataset examples = Dataset.of(images.div(scale), target.values());
        Parting parting = Parting.of(all.length, holdout, seed);
        Map<String, String> about = new LinkedHashMap<>(target.about());
        about.put("shape", Arrays.toString(shape));
        about.put("scale", Double.toString(scale));
        return new Examples(
                parting.learned(examples),
                parting.held(examples),
                Tensor.zeros(1, shape[0], shape[1], shape[2]),
                0,
                target.task(),
                about,
                files.read(),
                files.digest());
    }

    private static Target target(List<String> classes, Course course) {
        List<String> names = Target.names(classes);
        if (names.size() < 2) {
            throw Problem.badRequest(
                    "[data] all images are of the class %s; two or more are needed"
                            .formatted(names));
        }
        return Target.ofClasses(names, classes, course);
    }

    private void pixels(List<List<String>> table, List<String> classes, List<float[]> rows) {
        table.removeFirst();
        int count = shape[0] * shape[1] * shape[2];
        if (table.getFirst().size() != count + 1) {
            throw Problem.badRequest(
                    "[data] shape: rows have %d fields; %s makes %d pixels, and a class behind them"
                            .formatted(table.getFirst().size(), Arrays.toString(shape), count));
        }
        for (int i = 0; i < table.size(); i++) {
            List<String> fields = table.get(i);
            float[] row = new float[count];
            for (int j = 0; j < count; j++) {
                Double number = Column.number(fields.get(j));
                if (number == null) {
                    throw Problem.badRequest(
                            "[data] row %d, pixel %d: \"%s\" is not a number"
                                    .formatted(i + 1, j + 1, fields.get(j)));
                }
                row[j] = number.floatValue();
            }
            rows.add(row);
            classes.add(fields.get(count));
        }
    }

    static void checkFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw Problem.badRequest("[data] folder: there is no folder " + folder);
        }
    }
}
