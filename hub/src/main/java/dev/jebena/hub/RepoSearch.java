package dev.jebena.hub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which repositories to look for.
///
/// @param text part of the name; null for all
/// @param author user or organisation; null for all
/// @param tags all of these: `text-generation`, `license:mit`, `gguf`, ...
/// @param sort `downloads`, `likes`, `lastModified`, `createdAt` or `trendingScore`, largest first;
///   null for the hub's own order
/// @param limit at most so many
public record RepoSearch(
        @Nullable String text,
        @Nullable String author,
        List<String> tags,
        @Nullable String sort,
        int limit) {
    public RepoSearch {
        tags = List.copyOf(tags);
    }

    public static RepoSearch defaults() {
        return new RepoSearch(null, null, List.of(), null, 20);
    }

    public RepoSearch withText(@Nullable String value) {
        return new RepoSearch(value, author, tags, sort, limit);
    }

    public RepoSearch withAuthor(@Nullable String value) {
        return new RepoSearch(text, value, tags, sort, limit);
    }

    public RepoSearch withTags(List<String> value) {
        return new RepoSearch(text, author, value, sort, limit);
    }

    public RepoSearch withSort(@Nullable String value) {
        return new RepoSearch(text, author, tags, value, limit);
    }

    public RepoSearch withLimit(int value) {
        return new RepoSearch(text, author, tags, sort, value);
    }

    String query() {
        StringBuilder query = new StringBuilder("?limit=").append(limit);
        add(query, "search", text);
        add(query, "author", author);
        tags.forEach(tag -> add(query, "filter", tag));
        add(query, "sort", sort);
        return query.toString();
    }

    private static void add(StringBuilder query, String name, @Nullable String value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(HubCalls.part(value));
        }
    }
}
