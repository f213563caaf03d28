package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The characters of Unicode properties, as `\p{...}` names them in ECMA-262: general categories
/// (`L`, `Lu`, `Letter`, `General_Category=Lu`), scripts (`Script=Greek`) and binary properties
/// (`Alphabetic`), in the version of Unicode that the JDK knows. Surrogates are no characters here.
final class CharacterProperties {
    /// The long names of categories that are in use; the short ones are the JDK's.
    private static final Map<String, String> CATEGORIES =
            Map.ofEntries(
                    Map.entry("Letter", "L"),
                    Map.entry("Uppercase_Letter", "Lu"),
                    Map.entry("Lowercase_Letter", "Ll"),
                    Map.entry("Titlecase_Letter", "Lt"),
                    Map.entry("Modifier_Letter", "Lm"),
                    Map.entry("Other_Letter", "Lo"),
                    Map.entry("Mark", "M"),
                    Map.entry("Number", "N"),
                    Map.entry("Decimal_Number", "Nd"),
                    Map.entry("digit", "Nd"),
                    Map.entry("Letter_Number", "Nl"),
                    Map.entry("Punctuation", "P"),
                    Map.entry("punct", "P"),
                    Map.entry("Symbol", "S"),
                    Map.entry("Currency_Symbol", "Sc"),
                    Map.entry("Math_Symbol", "Sm"),
                    Map.entry("Separator", "Z"),
                    Map.entry("Space_Separator", "Zs"),
                    Map.entry("Other", "C"),
                    Map.entry("Control", "Cc"));

    private static final Map<String, String> BINARY =
            Map.ofEntries(
                    Map.entry("Alphabetic", "Alphabetic"),
                    Map.entry("Alpha", "Alphabetic"),
                    Map.entry("Ideographic", "Ideographic"),
                    Map.entry("Lowercase", "Lowercase"),
                    Map.entry("Lower", "Lowercase"),
                    Map.entry("Uppercase", "Uppercase"),
                    Map.entry("Upper", "Uppercase"),
                    Map.entry("White_Space", "White_Space"),
                    Map.entry("space", "White_Space"),
                    Map.entry("Hex_Digit", "Hex_Digit"),
                    Map.entry("Emoji", "Emoji"),
                    Map.entry("Emoji_Presentation", "Emoji_Presentation"),
                    Map.entry("Extended_Pictographic", "Extended_Pictographic"));

    private static final Pattern SHORT =
            Pattern.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfon]?");

    /// By the JDK's name; there are no more than the names above and the scripts.
    private static final Map<String, List<int[]>> KNOWN = new ConcurrentHashMap<>();

    private CharacterProperties() {}

    /// The ranges of the property's characters, in order; null where it is not known.
    static @Nullable List<int[]> ranges(String name) {
        try {
            String known = javaName(name);
            return known == null ? null : KNOWN.computeIfAbsent(known, CharacterProperties::find);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String javaName(String name) {
        int equals = name.indexOf('=');
        String value = name.substring(equals + 1);
        String kind = equals < 0 ? "" : name.substring(0, equals);
        return switch (kind) {
            case "Script", "sc" -> "script=" + Character.UnicodeScript.forName(value);
            case "General_Category", "gc" -> category(value);
            case "" -> {
                String binary = BINARY.get(value);
                yield binary == null ? category(value) : "Is" + binary;
            }
            default -> null;
        };
    }

    private static @Nullable String category(String name) {
        return SHORT.matcher(name).matches() ? name : CATEGORIES.get(name);
    }

    private static List<int[]> find(String property) {
        var matches = Pattern.compile("\\p{" + property + "}").asMatchPredicate();
        List<int[]> ranges = new ArrayList<>();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (surrogate || !matches.test(Character.toString(c))) {
                continue;
            }
            if (!ranges.isEmpty() && ranges.getLast()[1] == c - 1) {
                ranges.getLast()[1] = c;
            } else {
                ranges.add(new int[] {c, c});
            }
        }
        return List.copyOf(ranges);
    }
}
