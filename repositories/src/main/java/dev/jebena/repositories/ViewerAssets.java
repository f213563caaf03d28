package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.data.Row;
import dev.jebena.data.RowCursor;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pictures and sounds in rows, each at an address that carries the right to read it for an hour:
/// pages show them without a token.
final class ViewerAssets {
    private static final long SECONDS = 3600;

    private static final String PATH =
            "/cached-assets/{namespace}/{repo}/--/{revision}/--/{config}/{split}/{row}/{cell}/{file}";

    private ViewerAssets() {}

    static void mount(HubApi api, Viewer viewer) {
        api.raw("GET", PATH, exchange -> send(viewer, exchange));
    }

    /// Addresses of what is in the rows of the request's split.
    static ViewerCells.Assets of(ViewerRequest request) {
        return (row, cell, kind) -> {
            String path =
                    "/cached-assets/%s/--/%s/--/%s/%s/%d/%s/%s.%s"
                            .formatted(
                                    request.repo().name().id(),
                                    request.view().commit(),
                                    Links.encoded(request.required("config")),
                                    Links.encoded(request.required("split")),
                                    row,
                                    Links.encoded(cell),
                                    kind.mediaType().startsWith("audio/") ? "audio" : "image",
                                    kind.ending());
            String signed = request.repositories().signatures().sign(right(path), SECONDS);
            return request.exchange().baseUrl() + path + "?signature=" + signed;
        };
    }

    private static String right(String path) {
        return "asset " + path;
    }

    private static void send(Viewer viewer, HttpExchange exchange) throws IOException {
        String signature = exchange.query("signature");
        Repositories repositories = viewer.repositories();
        try {
            repositories
                    .signatures()
                    .check(right(exchange.path()), signature == null ? "" : signature);
        } catch (HubError _) {
            throw viewer.unknown(exchange);
        }
        RepoName name =
                RepoName.of(
                        RepoKind.DATASET,
                        exchange.parameter("namespace"),
                        exchange.parameter("repo"));
        Repo repo = repositories.catalog().find(name).orElseThrow(() -> viewer.unknown(exchange));
        DatasetView view = viewer.view(repo, exchange.parameter("revision"));
        byte[] bytes =
                viewer.inTurn(() -> bytes(new ViewerRequest(repositories, exchange, repo, view)));
        exchange.set("Cache-Control", "private, max-age=" + SECONDS);
        exchange.set("X-Content-Type-Options", "nosniff");
        exchange.set("Content-Security-Policy", "default-src 'none'; sandbox");
        exchange.bytes(200, MediaKind.of(bytes).mediaType(), bytes);
    }

    private static byte[] bytes(ViewerRequest request) {
        HttpExchange exchange = request.exchange();
        ViewedSplit split = request.open(exchange.parameter("config"), exchange.parameter("split"));
        String row = exchange.parameter("row");
        String cell = exchange.parameter("cell");
        Row found = row(split, row.matches("[0-9]{1,18}") ? Long.parseLong(row) : Long.MAX_VALUE);
        Object value = found;
        for (String part : cell.split("/", -1)) {
            value = value == null ? null : inside(value, decoded(part));
        }
        if (value instanceof Map<?, ?> media && media.get("bytes") instanceof byte[] bytes) {
            return bytes;
        }
        throw ViewerErrors.of(404, "ResponseNotFound", "There is no picture or sound " + cell);
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return part;
        }
    }

    private static Row row(ViewedSplit split, long number) {
        try (RowCursor cursor = split.data().open()) {
            cursor.skip(number);
            Row row = cursor.next();
            if (row == null) {
                throw ViewerErrors.of(404, "ResponseNotFound", "There is no row " + number);
            }
            return row;
        }
    }

    private static @Nullable Object inside(Object value, String part) {
        return switch (value) {
            case Row row -> row.features().indexOf(part) < 0 ? null : row.get(part);
            case Map<?, ?> map -> map.get(part);
            case List<?> list ->
                    part.matches("[0-9]{1,9}") && Integer.parseInt(part) < list.size()
                            ? list.get(Integer.parseInt(part))
                            : null;
            default -> null;
        };
    }
}
