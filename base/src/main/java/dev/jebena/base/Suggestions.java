package dev.jebena.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a user may have meant.
public final class Suggestions {
    private Suggestions() {}

    /// The candidate that is nearest to `word`; null when none is near.
    public static @Nullable String nearest(String word, Collection<String> candidates) {
        if (word.length() > 200) {
            return null;
        }
        String wanted = word.toLowerCase(Locale.ROOT);
        String best =
                candidates.stream()
                        .min(
                                Comparator.comparingInt(
                                        c -> distance(wanted, c.toLowerCase(Locale.ROOT))))
                        .orElse(null);
        if (best == null) {
            return null;
        }
        int limit = Math.max(1, Math.min(wanted.length(), best.length()) / 3);
        return distance(wanted, best.toLowerCase(Locale.ROOT)) <= limit ? best : null;
    }

    /// Levenshtein's distance.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
