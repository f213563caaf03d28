package dev.jebena.repositories;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A repository's kind and name. Names that differ in the case of letters only are the same.
public record RepoName(RepoKind kind, String namespace, String name) {
    private static final Pattern PART =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");

    /// First segments of other paths of the server, so no account may have such a name.
    private static final Set<String> RESERVED =
            Set.of(
                    "api",
                    "v1",
                    "v2",
                    "v0",
                    "models",
                    "datasets",
                    "spaces",
                    "settings",
                    "docs",
                    "login",
                    "join",
                    "new",
                    "mcp",
                    "metrics",
                    "health",
                    "version",
                    "console",
                    "static",
                    "assets",
                    "organizations",
                    "resolve",
                    "raw",
                    "blob",
                    "tree",
                    "sdapi");

    /// Throws status 400 for what is no name.
    static RepoName of(RepoKind kind, String namespace, String name) {
        return new RepoName(kind, checked(namespace), checked(name));
    }

    /// Reads `namespace/name`.
    public static RepoName parse(RepoKind kind, String id) {
        int slash = id.indexOf('/');
        if (slash < 0) {
            throw invalid(id);
        }
        return of(kind, id.substring(0, slash), id.substring(slash + 1));
    }

    private static String checked(String part) {
        boolean wrong =
                !PART.matcher(part).matches()
                        || part.contains("--")
                        || part.contains("..")
                        || part.toLowerCase(Locale.ROOT).endsWith(".git")
                        || part.toLowerCase(Locale.ROOT).endsWith(".ipynb");
        if (wrong) {
            throw invalid(part);
        }
        return part;
    }

    /// Throws status 400 for a name that no account or organisation may have.
    static String checkedAccount(String name) {
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT)) || name.length() > 42) {
            throw HubError.bad("The name '" + name + "' is reserved or longer than 42 characters");
        }
        return checked(name);
    }

    private static HubError invalid(String name) {
        return HubError.bad(
                "Invalid name '%s': letters, digits, '-', '_' and '.', at most 96, without '--' or '..', not ending in '-', '.', '.git' or '.ipynb'"
                        .formatted(name.length() > 100 ? name.substring(0, 100) + "..." : name));
    }

    /// `namespace/name`.
    public String id() {
        return namespace + "/" + name;
    }

    /// How the name is looked up.
    String folded() {
        return fold(id());
    }

    static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// The path of the repository's page below the server's address.
    String path() {
        return kind.prefix() + id();
    }
}
