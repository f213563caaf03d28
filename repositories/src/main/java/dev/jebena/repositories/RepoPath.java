package dev.jebena.repositories;

import java.util.Locale;

/// Paths of files in a repository: relative, parts between single slashes.
final class RepoPath {
    private static final int LONGEST = 4096;

    private RepoPath() {}

    /// The path without slashes at its ends. Throws status 400 for one that leads elsewhere or that
    /// git refuses.
    static String checked(String path) {
        String bare = trimmed(path);
        boolean wrong = bare.isEmpty() || path.length() > LONGEST;
        for (String part : bare.split("/", -1)) {
            wrong |=
                    part.isEmpty()
                            || part.equals(".")
                            || part.equals("..")
                            || part.toLowerCase(Locale.ROOT).equals(".git")
                            || part.chars().anyMatch(c -> c < 32 || c == 127 || c == '\\');
        }
        if (wrong) {
            throw HubError.bad(
                    "Invalid path in the repository: '"
                            + (path.length() > 200 ? path.substring(0, 200) + "..." : path)
                            + "'");
        }
        return bare;
    }

    /// Without slashes at its ends; empty for the root.
    static String trimmed(String path) {
        int from = 0;
        int to = path.length();
        while (from < to && path.charAt(from) == '/') {
            from++;
        }
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        return path.substring(from, to);
    }
}
