package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Chooses paths by shell patterns as the Python client does: `*` matches any characters, slashes
/// too, `?` one, `[a-z]` one of these; a pattern that ends in a slash means all below.
final class PathFilter {
    private final List<Pattern> include;
    private final List<Pattern> exclude;

    /// @param include all paths when empty
    PathFilter(List<String> include, List<String> exclude) {
        this.include = include.stream().map(PathFilter::pattern).toList();
        this.exclude = exclude.stream().map(PathFilter::pattern).toList();
    }

    boolean accepts(String path) {
        return (include.isEmpty() || matches(include, path)) && !matches(exclude, path);
    }

    private static boolean matches(List<Pattern> patterns, String path) {
        return patterns.stream().anyMatch(p -> p.matcher(path).matches());
    }

    static Pattern pattern(String glob) {
        String whole = glob.endsWith("/") ? glob + "*" : glob;
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            int end = c == '[' ? whole.indexOf(']', i + 2) : -1;
            if (end > 0) {
                String inside =
                        whole.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
                boolean not = inside.startsWith("!");
                regex.append('[').append(not ? "^" + inside.substring(1) : inside).append(']');
                i = end;
            } else {
                switch (c) {
                    case '*' -> regex.append(".*");
                    case '?' -> regex.append('.');
                    default -> regex.append(Pattern.quote(String.valueOf(c)));
                }
            }
        }
        try {
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST, "bad pattern '" + glob + "'", "as in *.json", e);
        }
    }
}
