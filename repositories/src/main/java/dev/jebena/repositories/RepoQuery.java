package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlDialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A search for repositories: conditions, an order, and a place to go on from.
final class RepoQuery {
    private static final int MOST = 1000;

    /// Orders by the names that clients use.
    private static final Map<String, String> ORDERS =
            Map.of(
                    "lastModified", "modified",
                    "last_modified", "modified",
                    "createdAt", "created",
                    "created_at", "created",
                    "downloads", "downloads",
                    "likes", "likes",
                    "trendingScore", "downloads",
                    "trending_score", "downloads",
                    "_id", "repository.id");

    private final List<String> conditions = new ArrayList<>();
    private final List<@Nullable Object> values = new ArrayList<>();
    private final String order;
    private final boolean descending;
    private final int limit;

    /// Some repositories, and where to go on.
    ///
    /// @param next null at the end
    record Page(List<Repo> repos, @Nullable String next) {}

    private RepoQuery(String order, boolean descending, int limit) {
        this.order = order;
        this.descending = descending;
        this.limit = limit;
    }

    /// Reads the query of a request for a list. Throws status 400 for values that cannot be.
    static RepoQuery of(HttpExchange exchange, RepoKind kind, Caller caller, SqlDialect dialect) {
        String sort = exchange.query("sort");
        String order = sort == null ? "modified" : ORDERS.get(sort);
        if (order == null) {
            throw HubError.bad(
                    "Invalid sort: expected one of " + ORDERS.keySet() + ", got " + sort);
        }
        String direction = exchange.query("direction");
        RepoQuery query =
                new RepoQuery(
                        order, direction == null || direction.startsWith("-"), limit(exchange));
        query.where("kind = ?", kind.word());
        query.visible(caller);
        String author = exchange.query("author");
        if (author != null) {
            query.where("lower(namespace) = ?", RepoName.fold(author));
        }
        query.search(exchange.query("search"), dialect);
        query.filters(exchange);
        query.after(exchange.query("cursor"));
        return query;
    }

    private static int limit(HttpExchange exchange) {
        String limit = exchange.query("limit");
        if (limit == null) {
            return MOST;
        }
        if (!limit.matches("[0-9]{1,9}") || Integer.parseInt(limit) < 1) {
            throw HubError.bad("Invalid limit: expected a positive number, got " + limit);
        }
        return Math.min(MOST, Integer.parseInt(limit));
    }

    private void where(String condition, @Nullable Object... bound) {
        conditions.add(condition);
        Collections.addAll(values, bound);
    }

    private void visible(Caller caller) {
        Account user = caller.account();
        if (user == null) {
            where("private = 0");
        } else if (!user.admin()) {
            where(
                    "(private = 0 OR lower(namespace) = ? OR lower(namespace) IN (SELECT"
                            + " account.folded FROM member JOIN account"
                            + " ON account.id = member.organization WHERE member.account = ?))",
                    RepoName.fold(user.name()),
                    user.id());
        }
    }

    private void search(@Nullable String words, SqlDialect dialect) {
        if (words == null) {
            return;
        }
        String contains =
                dialect == SqlDialect.SQLITE ? "instr(folded, ?) > 0" : "strpos(folded, ?) > 0";
        for (String word : RepoName.fold(words).strip().split("\\s+")) {
            if (!word.isEmpty()) {
                where(contains, word);
            }
        }
    }

    private void filters(HttpExchange exchange) {
        List<String> tags = new ArrayList<>();
        for (String filter : exchange.queryAll("filter")) {
            tags.addAll(List.of(filter.split(",")));
        }
        for (String name : List.of("pipeline_tag", "library", "tags")) {
            tags.addAll(exchange.queryAll(name));
        }
        for (String tag : tags) {
            if (!tag.isBlank()) {
                where(
                        "EXISTS (SELECT 1 FROM repository_tag WHERE"
                                + " repository_tag.repository = repository.id AND tag = ?)",
                        tag);
            }
        }
        String gated = exchange.query("gated");
        if (gated != null) {
            where(
                    HubApi.flag(gated.toLowerCase(Locale.ROOT))
                            ? "gated <> 'false'"
                            : "gated = 'false'");
        }
    }

    private void after(@Nullable String cursor) {
        if (cursor == null) {
            return;
        }
        try {
            String[] place =
                    new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8)
                            .split(":");
            long value = Long.parseLong(place[0]);
            long id = Long.parseLong(place[1]);
            String beyond = descending ? " < ?" : " > ?";
            where(
                    "("
                            + order
                            + beyond
                            + " OR ("
                            + order
                            + " = ? AND repository.id"
                            + beyond
                            + "))",
                    value,
                    value,
                    id);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            throw HubError.bad("Invalid cursor: " + cursor);
        }
    }

    Page run(SqlDatabase data) {
        String direction = descending ? " DESC" : " ASC";
        String text =
                "SELECT "
                        + Repo.COLUMNS
                        + " FROM repository WHERE "
                        + String.join(" AND ", conditions)
                        + " ORDER BY "
                        + order
                        + direction
                        + ", repository.id"
                        + direction
                        + " LIMIT "
                        + (limit + 1);
        List<Repo> found = data.read(sql -> sql.list(text, Repo::of, values.toArray()));
        if (found.size() <= limit) {
            return new Page(found, null);
        }
        Repo last = found.get(limit - 1);
        String place = value(last) + ":" + last.id();
        return new Page(
                found.subList(0, limit),
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(place.getBytes(StandardCharsets.UTF_8)));
    }

    private long value(Repo repo) {
        return switch (order) {
            case "modified" -> repo.modified();
            case "created" -> repo.created();
            case "downloads" -> repo.downloads();
            case "likes" -> repo.likes();
            default -> repo.id();
        };
    }
}
