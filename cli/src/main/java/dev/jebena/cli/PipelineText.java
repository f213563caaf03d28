package dev.jebena.cli;

import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers of pipelines as people read them.
final class PipelineText {
    private PipelineText() {}

    /// Lines, each with an end.
    static String of(@Nullable Object answer) {
        List<List<String>> rows = new ArrayList<>();
        add(answer, rows);
        return Tables.of(rows);
    }

    private static void add(@Nullable Object answer, List<List<String>> rows) {
        if (answer instanceof List<?> list) {
            boolean numbers = !list.isEmpty() && isNumbers(list.getFirst());
            if (numbers) {
                // Vectors are for programs.
                rows.add(List.of(Json.write(list)));
                return;
            }
            if (list.isEmpty()) {
                rows.add(List.of("(none)"));
            }
            list.forEach(each -> add(each, rows));
        } else if (answer instanceof Map<?, ?> map
                && map.get("labels") instanceof List<?> labels
                && map.get("scores") instanceof List<?> scores) {
            for (int i = 0; i < labels.size(); i++) {
                rows.add(List.of(cell(scores.get(i)), cell(labels.get(i))));
            }
        } else if (answer instanceof Map<?, ?> map) {
            List<String> row = new ArrayList<>();
            map.values().forEach(value -> row.add(cell(value)));
            rows.add(row);
        } else {
            rows.add(List.of(cell(answer)));
        }
    }

    /// Whether it is a list of numbers, however deep.
    private static boolean isNumbers(@Nullable Object value) {
        return value instanceof List<?> list
                && !list.isEmpty()
                && (list.getFirst() instanceof Number || isNumbers(list.getFirst()));
    }

    private static String cell(@Nullable Object value) {
        return switch (value) {
            case Double number -> String.format(Locale.ROOT, "%.4f", number);
            case List<?> list -> Json.write(list);
            case null -> "";
            default -> value.toString();
        };
    }
}
