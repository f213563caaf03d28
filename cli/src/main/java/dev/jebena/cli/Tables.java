package dev.jebena.cli;

import java.util.List;
import java.util.Locale;

/// Columns of text, and sizes and times as people read them.
final class Tables {
    private Tables() {}

    /// Rows with columns as wide as their longest cell, three spaces apart.
    static String of(List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 3);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /// `98.4 MB`: decimal units, as download sizes are given.
    static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit + 1 < units.length) {
            value /= 1_000;
            unit++;
        }
        return String.format(
                Locale.ROOT, value < 99.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }

    /// `3 minutes ago`.
    static String ago(java.time.Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return "just now";
        }
        if (seconds < 3_600) {
            return plural(seconds / 60, "minute") + " ago";
        }
        if (seconds < 86_400) {
            return plural(seconds / 3_600, "hour") + " ago";
        }
        return plural(seconds / 86_400, "day") + " ago";
    }

    private static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
