package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the texts of a CSV file are values of.
final class CsvTypes {
    /// What pandas takes for a missing value.
    private static final Set<String> MISSING =
            Set.of(
                    "",
                    "#N/A",
                    "#N/A N/A",
                    "#NA",
                    "-1.#IND",
                    "-1.#QNAN",
                    "-NaN",
                    "-nan",
                    "1.#IND",
                    "1.#QNAN",
                    "<NA>",
                    "N/A",
                    "NA",
                    "NULL",
                    "NaN",
                    "None",
                    "n/a",
                    "nan",
                    "null");

    private final boolean[] texts;
    private final boolean[] fractions;
    private final boolean[] integers;
    private final boolean[] truths;

    CsvTypes(int columns) {
        texts = new boolean[columns];
        fractions = new boolean[columns];
        integers = new boolean[columns];
        truths = new boolean[columns];
    }

    void add(List<String> fields) {
        for (int i = 0; i < Math.min(fields.size(), texts.length); i++) {
            String field = fields.get(i);
            if (texts[i] || MISSING.contains(field)) {
                continue;
            }
            if (isInteger(field)) {
                integers[i] = true;
            } else if (isNumber(field)) {
                fractions[i] = true;
            } else if (isTruth(field)) {
                truths[i] = true;
            } else {
                texts[i] = true;
            }
        }
    }

    List<FeatureType> types() {
        List<FeatureType> types = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            boolean number = integers[i] || fractions[i];
            boolean mixed = texts[i] || (number && truths[i]);
            types.add(
                    mixed || !(number || truths[i])
                            ? Value.STRING
                            : truths[i] ? Value.BOOL : fractions[i] ? Value.FLOAT64 : Value.INT64);
        }
        return types;
    }

    /// The field as a value of this type.
    ///
    /// @throws IllegalArgumentException when it is none
    static @Nullable Object parse(String field, FeatureType type) {
        if (MISSING.contains(field)) {
            return null;
        }
        if (type instanceof Value value) {
            switch (value.kind()) {
                case STRING -> {
                    return field;
                }
                case INT -> {
                    return Long.parseLong(field.strip());
                }
                case FLOAT -> {
                    return number(field);
                }
                case BOOL -> {
                    if (!isTruth(field)) {
                        throw new IllegalArgumentException(field);
                    }
                    return field.strip().toLowerCase(Locale.ROOT).equals("true");
                }
                case DECIMAL -> {
                    return new java.math.BigDecimal(field.strip());
                }
                default -> {}
            }
        }
        if (type instanceof FeatureType.ClassLabel && isInteger(field)) {
            return Values.as(Long.parseLong(field.strip()), type);
        }
        return Values.as(field, type);
    }

    private static boolean isInteger(String field) {
        String digits = field.strip();
        int from = digits.startsWith("-") || digits.startsWith("+") ? 1 : 0;
        if (digits.length() == from || digits.length() > 20) {
            return false;
        }
        for (int i = from; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return false;
            }
        }
        return digits.length() < 19 || fits(digits);
    }

    private static boolean fits(String digits) {
        try {
            Long.parseLong(digits);
            return true;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static boolean isNumber(String field) {
        try {
            number(field);
            return true;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    /// Decimal notation only: Java also takes `1d` and hexadecimal digits.
    private static double number(String field) {
        String text = field.strip();
        String plain = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        String word = plain.toLowerCase(Locale.ROOT);
        if (word.equals("inf") || word.equals("infinity")) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        boolean digits =
                !plain.isEmpty()
                        && plain.length() < 400
                        && plain.chars().allMatch(CsvTypes::numeric);
        if (!digits) {
            throw new NumberFormatException(field);
        }
        return Double.parseDouble(text);
    }

    private static boolean numeric(int c) {
        return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '-' || c == '+';
    }

    private static boolean isTruth(String field) {
        String text = field.strip();
        return Arrays.asList("true", "false", "True", "False", "TRUE", "FALSE").contains(text);
    }
}
