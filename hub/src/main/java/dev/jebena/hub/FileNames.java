package dev.jebena.hub;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names of model files.
final class FileNames {
    private static final Pattern SPLIT =
            Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.CASE_INSENSITIVE);

    private FileNames() {}

    /// True for a relative path that stays inside its folder on every system.
    static boolean isSafe(String path) {
        if (path.isEmpty() || path.length() > 400) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty()
                    || part.length() > 200
                    || part.startsWith(".")
                    || part.endsWith(".")) {
                return false;
            }
            if (part.chars().anyMatch(c -> c < ' ' || "\\:*?\"<>|".indexOf(c) >= 0)) {
                return false;
            }
        }
        return true;
    }

    static boolean isGguf(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /// The common part of the names of split files; null when the file is not one of them.
    static @Nullable String splitStem(String path) {
        Matcher matcher = SPLIT.matcher(path);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /// Number of files of a split model; 1 when the file is not one of them.
    static int splitCount(String path) {
        Matcher matcher = SPLIT.matcher(path);
        return matcher.matches() ? Integer.parseInt(matcher.group(3)) : 1;
    }

    /// The name of file number `index` (from 1) of the split model that `path` is a file of.
    static String splitName(String path, int index) {
        Matcher matcher = SPLIT.matcher(path);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a split file: " + path);
        }
        return "%s-%05d-of-%s.gguf".formatted(matcher.group(1), index, matcher.group(3));
    }

    /// The last part of a path.
    static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
