package dev.jebena.governance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The tables of facts that lie beside the classes: lines of cells with tabs between them, `#`
/// begins a remark.
final class Tables {
    private Tables() {}

    /// The rows of a table, each with `width` cells.
    static List<String[]> read(String name, int width) {
        return lines(name).stream()
                .map(line -> {
                    String[] cells = line.split("\t", -1);
                    if (cells.length != width) {
                        throw new IllegalStateException(
                                "%s: %d cells instead of %d: %s"
                                        .formatted(name, cells.length, width, line));
                    }
                    return cells;
                })
                .toList();
    }

    /// The lines of a table of one column.
    static List<String> lines(String name) {
        try (InputStream in = Tables.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there is no table " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
