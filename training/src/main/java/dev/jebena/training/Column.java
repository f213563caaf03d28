package dev.jebena.training;

import dev.jebena.base.Problem;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A column as inputs of a network. What it measures, it measures on the rows that are learned.
sealed interface Column {
    String name();

    /// Number of inputs.
    int width();

    /// Writes the inputs of a field.
    void write(String field, int row, float[] out, int at);

    /// What one has to know to make inputs of other rows, as JSON values.
    Object describe();

    /// Numbers less their mean, divided by their deviation; 0 where there is none.
    record Numbers(String name, int place, double mean, double deviation) implements Column {
        @Override
        public int width() {
            return 1;
        }

        @Override
        public void write(String field, int row, float[] out, int at) {
            Double number = number(field);
            if (number == null && !isMissing(field)) {
                throw Problem.badRequest(
                        "[data] column %s, row %d: \"%s\" is not a number as those before are"
                                .formatted(name, row + 1, field));
            }
            out[at] = number == null ? 0 : (float) ((number - mean) / deviation);
        }

        @Override
        public Object describe() {
            return List.of(mean, deviation);
        }
    }

    /// 1 for one of some texts, 0 for the others; all are 0 for a text that was not learned.
    record Texts(String name, int place, List<String> known) implements Column {
        private static final int MOST = 1000;

        @Override
        public int width() {
            return known.size();
        }

        @Override
        public void write(String field, int row, float[] out, int at) {
            int which = known.indexOf(field);
            if (which >= 0) {
                out[at + which] = 1;
            }
        }

        @Override
        public Object describe() {
            return known;
        }
    }

    int place();

    static Column of(String name, int place, List<List<String>> rows, int[] learned) {
        boolean numbers = true;
        double sum = 0;
        double squares = 0;
        long count = 0;
        TreeSet<String> texts = new TreeSet<>();
        for (int row : learned) {
            String field = rows.get(row).get(place);
            Double number = number(field);
            if (number != null) {
                sum += number;
                squares += number * number;
                count++;
            } else if (!isMissing(field)) {
                numbers = false;
            }
            if (texts.size() <= Texts.MOST) {
                texts.add(field);
            }
        }
        if (!numbers) {
            if (texts.size() > Texts.MOST) {
                throw Problem.badRequest(
                        "[data] column %s has more than %d different texts; leave it out: ignore ="
                                        .formatted(name, Texts.MOST)
                                + " [\""
                                + name
                                + "\"]");
            }
            return new Texts(name, place, List.copyOf(texts));
        }
        double mean = count == 0 ? 0 : sum / count;
        double variance = count == 0 ? 0 : Math.max(0, squares / count - mean * mean);
        // A column of one value tells nothing; rounding makes its variance a little more than 0.
        boolean same = variance <= 1e-12 * (1 + mean * mean);
        return new Numbers(name, place, mean, same ? 1 : Math.sqrt(variance));
    }

    /// A row as inputs.
    static float[] encode(List<Column> columns, List<String> fields, int row) {
        float[] out = new float[columns.stream().mapToInt(Column::width).sum()];
        int at = 0;
        for (Column column : columns) {
            column.write(fields.get(column.place()), row, out, at);
            at += column.width();
        }
        return out;
    }

    private static boolean isMissing(String field) {
        return field.isEmpty()
                || field.equals("?")
                || field.equalsIgnoreCase("nan")
                || field.equalsIgnoreCase("na")
                || field.equalsIgnoreCase("null");
    }

    /// The finite number that a field is; null when it is none.
    static @Nullable Double number(String field) {
        int length = field.length();
        if (length == 0 || length > 64 || Character.isLetter(field.charAt(length - 1))) {
            return null;
        }
        try {
            double number = Double.parseDouble(field);
            return Double.isFinite(number) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
