package dev.jebena.formats;

import dev.jebena.json.Json;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Names from files in messages: quoted, shortened, and with what was probably meant.
final class Names {
    private static final int LONGEST = 80;
    private static final int MOST_COMPARED = 20_000;

    private Names() {}

    /// `name` in quotes, control characters escaped, cut when long.
    static String quoted(String name) {
        StringBuilder out = new StringBuilder();
        boolean cut = name.length() > LONGEST;
        Json.quote(cut ? name.substring(0, LONGEST) : name, out);
        return cut ? out.append("...").toString() : out.toString();
    }

    /// The tensor called `name`, or an error that names the three most similar ones.
    static <T> T find(Map<String, T> tensors, String name, Object where) {
        T tensor = tensors.get(name);
        if (tensor != null) {
            return tensor;
        }
        List<String> similar =
                tensors.keySet().stream()
                        .limit(MOST_COMPARED)
                        .filter(other -> other.length() <= 2 * LONGEST)
                        .filter(other -> distance(name, other) <= 2 + name.length() / 4)
                        .sorted(Comparator.comparingInt(other -> distance(name, other)))
                        .limit(3)
                        .map(Names::quoted)
                        .toList();
        throw new FormatException(
                where
                        + ": there is no tensor "
                        + quoted(name)
                        + " among its "
                        + tensors.size()
                        + (similar.isEmpty() ? "" : "; similar: " + String.join(", ", similar)));
    }

    /// Levenshtein distance; a name far too long to be meant counts as its length.
    private static int distance(String a, String b) {
        if (a.length() > 2 * LONGEST || Math.abs(a.length() - b.length()) > LONGEST) {
            return Math.max(a.length(), b.length());
        }
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
