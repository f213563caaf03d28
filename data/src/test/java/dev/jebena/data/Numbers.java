package dev.jebena.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Data sets of the numbers 0 to n-1 in the column `n`.
final class Numbers {
    private Numbers() {}

    static Dataset upTo(int n) {
        Features features = Features.of("n", FeatureType.Value.INT64);
        List<Row> rows = new ArrayList<>();
        for (long i = 0; i < n; i++) {
            rows.add(Row.of(features, i));
        }
        return Dataset.of(features, rows);
    }

    /// In files of a folder.
    static Dataset inFiles(Path folder, int files, int rows, String ending) throws IOException {
        int n = 0;
        for (int f = 0; f < files; f++) {
            StringBuilder text = new StringBuilder(ending.equals("csv") ? "n\n" : "");
            for (int i = 0; i < rows; i++) {
                text.append(ending.equals("csv") ? n + "\n" : "{\"n\": " + n + "}\n");
                n++;
            }
            Files.writeString(folder.resolve("part-%03d.%s".formatted(f, ending)), text);
        }
        return Dataset.load(folder.toString());
    }

    static List<Long> of(Dataset data) {
        List<Long> all = new ArrayList<>();
        data.forEach(row -> all.add(row.integer("n")));
        return all;
    }
}
