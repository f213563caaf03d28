package dev.jebena.repositories;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a repository holds.
public enum RepoKind {
    MODEL,
    DATASET,
    SPACE;

    /// `model`, `dataset`, `space`; null means a model, as clients leave it out.
    static RepoKind of(@Nullable Object word) {
        for (RepoKind kind : values()) {
            if (word == null || kind.word().equals(word)) {
                return kind;
            }
        }
        throw HubError.bad(
                "Invalid repo type: expected model, dataset or space, got '" + word + "'");
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The word in the paths of the API.
    String plural() {
        return word() + "s";
    }

    /// What stands before the name in the address of a repository's page and files.
    String prefix() {
        return this == MODEL ? "" : plural() + "/";
    }
}
