package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A column as what is to be learned.
///
/// @param values int64 classes, or float32 numbers
/// @param about what outputs mean, for those who use the network
record Target(Task task, Tensor values, Map<String, String> about) {
    private static final int MOST_CLASSES = 10_000;
    private static final int FEW = 50;

    /// @param wanted `classes`, `numbers` or `auto`: classes where there are texts, or at most 50
    ///   whole numbers
    static Target of(
            String name,
            int place,
            List<List<String>> rows,
            String wanted,
            int[] learned,
            Course course) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String field = rows.get(i).get(place);
            if (field.isEmpty()) {
                throw Problem.badRequest(
                        "[data] column %s, row %d: the target is missing".formatted(name, i + 1));
            }
            fields.add(field);
        }
        @Nullable Double[] numbers = fields.stream().map(Column::number).toArray(Double[]::new);
        boolean classes =
                wanted.equals("auto") ? areClasses(fields, numbers) : wanted.equals("classes");
        String loss = course.loss();
        if (loss != null && classes != loss.equals("cross-entropy")) {
            throw Problem.badRequest(
                    "[training] loss: \"%s\" is none for %s; the column %s is one of %s"
                            .formatted(
                                    loss,
                                    classes ? "classes" : "numbers",
                                    name,
                                    classes ? "classes" : "numbers"));
        }
        return classes
                ? classes(name, fields, course)
                : numbers(name, fields, numbers, learned, loss);
    }

    private static boolean areClasses(List<String> fields, @Nullable Double[] numbers) {
        TreeSet<String> different = new TreeSet<>();
        for (int i = 0; i < numbers.length; i++) {
            Double number = numbers[i];
            if (number == null) {
                return true;
            }
            different.add(fields.get(i));
            if (different.size() > FEW || number != Math.rint(number)) {
                return false;
            }
        }
        return true;
    }

    /// Names in the order of their numbers, if they are numbers.
    static List<String> names(List<String> fields) {
        Comparator<String> order =
                Comparator.<String, Double>comparing(
                                field -> {
                                    Double number = Column.number(field);
                                    return number == null ? Double.POSITIVE_INFINITY : number;
                                })
                        .thenComparing(Comparator.naturalOrder());
        return fields.stream().distinct().sorted(order).toList();
    }

    private static Target classes(String name, List<String> fields, Course course) {
        List<String> names = names(fields);
        if (names.size() < 2 || names.size() > MOST_CLASSES) {
            throw Problem.badRequest(
                    "[data] column %s has %d different values; 2 to %d classes are needed%s"
                            .formatted(
                                    name,
                                    names.size(),
                                    MOST_CLASSES,
                                    names.size() < 2 ? "" : ", or task = \"numbers\""));
        }
        return ofClasses(names, fields, course);
    }

    static Target ofClasses(List<String> names, List<String> fields, Course course) {
        Map<String, Long> numbers = new java.util.HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), (long) i);
        }
        long[] values =
                fields.stream().mapToLong(field -> numbers.getOrDefault(field, -1L)).toArray();
        return new Target(
                new Task.Classes(names, course.smoothing()),
                Tensor.of(values, values.length),
                Map.of("classes", Json.write(names)));
    }

    private static Target numbers(
            String name,
            List<String> fields,
            @Nullable Double[] numbers,
            int[] learned,
            @Nullable String loss) {
        double[] plain = new double[numbers.length];
        for (int i = 0; i < plain.length; i++) {
            Double number = numbers[i];
            if (number == null) {
                throw Problem.badRequest(
                        "[data] column %s, row %d: \"%s\" is not a number; task = \"classes\" takes"
                                        .formatted(name, i + 1, fields.get(i))
                                + " texts");
            }
            plain[i] = number;
        }
        double mean = 0;
        for (int row : learned) {
            mean += plain[row] / learned.length;
        }
        double variance = 0;
        for (int row : learned) {
            variance += (plain[row] - mean) * (plain[row] - mean) / learned.length;
        }
        double deviation = variance > 0 ? Math.sqrt(variance) : 1;
        float[] values = new float[plain.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((plain[i] - mean) / deviation);
        }
        return new Target(
                new Task.Numbers(mean, deviation, loss),
                Tensor.of(values, values.length),
                Map.of("target", Json.write(List.of(mean, deviation))));
    }
}
