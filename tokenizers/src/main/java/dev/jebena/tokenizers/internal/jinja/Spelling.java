package dev.jebena.tokenizers.internal.jinja;

import java.util.Collection;

/// "Did you mean".
final class Spelling {
    private Spelling() {}

    /// `, did you mean 'x'?` with the choice nearest to `name`, or nothing where none is near.
    static String suggestion(String name, Collection<String> choices) {
        String nearest = "";
        int least = 3;
        for (String choice : choices) {
            int distance = distance(name, choice);
            if (distance < least || (distance == least && choice.compareTo(nearest) < 0)) {
                least = distance;
                nearest = choice;
            }
        }
        return nearest.isEmpty() ? "" : ", did you mean '" + nearest + "'?";
    }

    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 2) {
            return 3;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
