package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.base.Suggestions;
import dev.jebena.json.Json;
import dev.jebena.nn.Dataset;
import dev.jebena.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows of a CSV file: columns of numbers with mean 0 and deviation 1, columns of texts as one
/// input for each text; one column is what is to be learned.
///
/// @param target its name; null for the last column
/// @param task `classes`, `numbers` or `auto`
record TableData(
        Path folder,
        Table file,
        @Nullable String target,
        List<String> ignored,
        String task,
        double holdout)
        implements DataReader {
    /// How the table lies in its file.
    ///
    /// @param header whether the first row has the columns' names
    /// @param skip lines before the table
    record Table(String name, boolean header, int skip, char separator) {
        static Table read(Section s, String example, boolean header) {
            String name = s.needed("file", example);
            String separator = s.text("separator", ",");
            if (separator.length() != 1) {
                s.problem("separator", "\"" + separator + "\" is not one character");
            }
            return new Table(
                    name,
                    s.flag("header", header),
                    s.integer("skip", 0, 0, 1_000_000),
                    separator.isEmpty() ? ',' : separator.charAt(0));
        }

        /// All rows, the names first: `c1`, `c2`, ... where the file has none.
        List<List<String>> rows(Path folder, DataFiles files) {
            List<List<String>> all = new ArrayList<>();
            for (Path file : DataFiles.find(folder, name)) {
                List<List<String>> rows = Csv.rows(file, files.text(file), separator, skip);
                if (rows.isEmpty() || (header && rows.size() < 2)) {
                    throw Problem.badRequest(file + " has no rows");
                }
                if (!header && all.isEmpty()) {
                    List<String> names = new ArrayList<>();
                    for (int i = 1; i <= rows.getFirst().size(); i++) {
                        names.add("c" + i);
                    }
                    all.add(names);
                }
                boolean first = all.isEmpty();
                if (!first && rows.getFirst().size() != all.getFirst().size()) {
                    throw Problem.badRequest(
                            "%s has %d columns, the files before it %d"
                                    .formatted(
                                            file, rows.getFirst().size(), all.getFirst().size()));
                }
                all.addAll(header && !first ? rows.subList(1, rows.size()) : rows);
            }
            return all;
        }
    }

    static DataReader read(Section s, Path folder) {
        return new TableData(
                folder,
                Table.read(s, "table.csv", true),
                s.text("target"),
                s.texts("ignore"),
                s.choice("task", List.of("auto", "classes", "numbers")),
                s.number("holdout", 0.2, 0, 1));
    }

    @Override
    public String usual() {
        return "mlp";
    }

    @Override
    public Examples load(long seed, Course course) {
        DataFiles files = new DataFiles();
        List<List<String>> rows = file.rows(folder, files);
        List<String> names = rows.removeFirst();
        int aim = target == null ? names.size() - 1 : find(names, target);
        Parting parting = Parting.of(rows.size(), holdout, seed);
        List<Column> columns = columns(names, aim, rows, parting);
        float[][] x = new float[rows.size()][];
        for (int i = 0; i < x.length; i++) {
            x[i] = Column.encode(columns, rows.get(i), i);
        }
        Target y = Target.of(names.get(aim), aim, rows, task, parting.learned(), course);
        Dataset all = Dataset.of(Tensor.of(x), y.values());
        Map<String, Object> inputs = new LinkedHashMap<>();
        columns.forEach(column -> inputs.put(column.name(), column.describe()));
        Map<String, String> about = new LinkedHashMap<>(y.about());
        about.put("columns", Json.write(inputs));
        return new Examples(
                parting.learned(all),
                parting.held(all),
                Tensor.zeros(1, x[0].length),
                0,
                y.task(),
                about,
                files.read(),
                files.digest());
    }

    private List<Column> columns(
            List<String> names, int aim, List<List<String>> rows, Parting parting) {
        List<Integer> left = new ArrayList<>();
        ignored.forEach(name -> left.add(find(names, name)));
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (i != aim && !left.contains(i)) {
                columns.add(Column.of(names.get(i), i, rows, parting.learned()));
            }
        }
        if (columns.isEmpty()) {
            throw Problem.badRequest("[data] no column is left to learn from");
        }
        return columns;
    }

    private static int find(List<String> names, String name) {
        int at = names.indexOf(name);
        if (at < 0) {
            String near = Suggestions.nearest(name, names);
            throw Problem.badRequest(
                    "[data] there is no column %s; %s"
                            .formatted(
                                    name,
                                    near == null
                                            ? "there are " + String.join(", ", names)
                                            : "did you mean " + near + "?"));
        }
        return at;
    }
}
