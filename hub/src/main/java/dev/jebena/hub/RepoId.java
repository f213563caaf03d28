package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A repository of a hub: what it holds and its name, `org/name` (or `name`, for the oldest ones).
///
/// @param name one or two parts of letters, digits, `.`, `_` and `-`, 96 characters at most
public record RepoId(Kind kind, String name) {
    private static final Pattern PART = Pattern.compile("\\w[\\w.-]*", Pattern.UNICODE_CASE);
    private static final int MAX_LENGTH = 96;

    /// What a repository holds.
    public enum Kind {
        MODEL("models", ""),
        DATASET("datasets", "datasets/"),
        SPACE("spaces", "spaces/");

        private final String plural;
        private final String prefix;

        Kind(String plural, String prefix) {
            this.plural = plural;
            this.prefix = prefix;
        }

        /// As in `/api/datasets/...`.
        public String plural() {
            return plural;
        }

        /// What stands before the name in addresses of files and pages; empty for models.
        public String prefix() {
            return prefix;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public RepoId {
        String fault = fault(name);
        if (fault != null) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "'%s' is no name of a repository: %s".formatted(name, fault),
                    "it is written ORG/NAME, a data set's also datasets/ORG/NAME");
        }
    }

    private static @Nullable String fault(String name) {
        if (name.length() > MAX_LENGTH) {
            return "%d characters instead of at most %d".formatted(name.length(), MAX_LENGTH);
        }
        String[] parts = name.split("/", -1);
        if (parts.length > 2) {
            return "it has %d parts instead of 1 or 2".formatted(parts.length);
        }
        for (String part : parts) {
            if (!PART.matcher(part).matches() || part.endsWith(".") || part.endsWith("-")) {
                return "'%s' is not made of letters, digits, '.', '_' and '-' within"
                        .formatted(part);
            }
        }
        return name.contains("..") || name.contains("--") || name.endsWith(".git")
                ? "it has '..', '--' or ends in '.git'"
                : null;
    }

    public static RepoId model(String name) {
        return new RepoId(Kind.MODEL, name);
    }

    public static RepoId dataset(String name) {
        return new RepoId(Kind.DATASET, name);
    }

    /// `org/name`, `datasets/org/name`, `spaces/org/name`, each also after `hf://`.
    ///
    /// @param kind what a name without such a beginning means
    public static RepoId parse(String text, Kind kind) {
        String rest = text.startsWith("hf://") ? text.substring("hf://".length()) : text;
        for (Kind other : Kind.values()) {
            String prefix = other.plural() + "/";
            if (rest.startsWith(prefix)) {
                return new RepoId(other, rest.substring(prefix.length()));
            }
        }
        return new RepoId(kind, rest);
    }

    /// `org/name`, with `datasets/` or `spaces/` before it: as in addresses.
    @Override
    public String toString() {
        return kind.prefix() + name;
    }
}
