package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.data.Features;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rows, columns, sizes and statistics of the hub's data sets, as Hugging Face's data set viewer
/// (`datasets-server`) answers; read where the files are, without a copy.
final class ViewerRoutes {
    private static final int PAGE = 100;
    private static final long PAGE_BYTES = 8L << 20;
    private static final long FIRST_ROWS_BYTES = 200_000;

    private static final Set<String> PATHS =
            Set.of(
                    "/rows",
                    "/first-rows",
                    "/splits",
                    "/size",
                    "/info",
                    "/parquet",
                    "/is-valid",
                    "/statistics",
                    "/search",
                    "/filter");

    /// A page of rows.
    @FunctionalInterface
    private interface Answer {
        Object of(ViewerRequest request) throws IOException;
    }

    private final Viewer viewer;

    private ViewerRoutes(Viewer viewer) {
        this.viewer = viewer;
    }

    static void mount(HubApi api, Router router) {
        Viewer viewer = new Viewer(api.repositories(), api.access());
        ViewerRoutes routes = new ViewerRoutes(viewer);
        routes.get(api, "/rows", ViewerRoutes::rows);
        routes.get(api, "/first-rows", ViewerRoutes::firstRows);
        routes.get(api, "/splits", ViewerRoutes::splits);
        routes.get(api, "/size", ViewerSizes::size);
        routes.get(api, "/info", ViewerSizes::info);
        routes.get(api, "/parquet", ViewerParquet.mount(api, viewer)::list);
        routes.get(api, "/is-valid", ViewerRoutes::isValid);
        routes.get(api, "/statistics", r -> r.split().statistics());
        routes.get(api, "/search", ViewerSearch::search);
        routes.get(api, "/filter", ViewerSearch::filter);
        ViewerAssets.mount(api, viewer);
        router.guardedRequests(ViewerRoutes::isOurs);
    }

    /// Servers of models answer `/info` too, without a data set.
    private static boolean isOurs(HttpExchange exchange) {
        return PATHS.contains(exchange.path())
                && (!exchange.path().equals("/info") || exchange.query("dataset") != null);
    }

    private void get(HubApi api, String path, Answer answer) {
        api.when(
                "GET",
                path,
                ViewerRoutes::isOurs,
                exchange -> {
                    ViewerRequest request = viewer.request(exchange);
                    exchange.set("X-Revision", request.view().commit());
                    exchange.json(200, viewer.inTurn(() -> answer.of(request)));
                });
    }

    private static Object rows(ViewerRequest request) {
        long offset = request.number("offset", 0, Long.MAX_VALUE);
        int length = (int) request.number("length", PAGE, PAGE);
        ViewedSplit split = request.split();
        List<Object> rows = split.rows(offset, length, request.cells(PAGE_BYTES));
        return page(split.data().features(), rows, split.count());
    }

    static Map<String, @Nullable Object> page(
            Features features, List<Object> rows, ViewedSplit.Count all) {
        return HttpJson.object(
                "features",
                ViewerCells.features(features),
                "rows",
                rows,
                "num_rows_total",
                all.rows(),
                "num_rows_per_page",
                PAGE,
                "partial",
                all.partial());
    }

    private static Object firstRows(ViewerRequest request) {
        ViewedSplit split = request.split();
        ViewerCells cells = request.cells(FIRST_ROWS_BYTES);
        List<Object> rows = split.rows(0, PAGE + 1, cells);
        boolean more = rows.size() > PAGE;
        Map<String, @Nullable Object> json = request.place(split.config(), split.split());
        json.put("features", ViewerCells.features(split.data().features()));
        json.put("rows", more ? rows.subList(0, PAGE) : rows);
        json.put("truncated", more || cells.isTruncated());
        return json;
    }

    private static Object splits(ViewerRequest request) {
        List<Object> found = new ArrayList<>();
        List<Object> failed = new ArrayList<>();
        for (String config : request.configs()) {
            try {
                for (String split : request.view().splits(config)) {
                    found.add(request.place(config, split));
                }
            } catch (HubError e) {
                failed.add(request.failure(config, e));
            }
        }
        return HttpJson.object("splits", found, "pending", List.of(), "failed", failed);
    }

    /// What can be asked of the data set: all, when its rows can be read.
    private static Object isValid(ViewerRequest request) {
        boolean readable = false;
        for (String config : request.configs()) {
            try {
                List<String> splits = request.view().splits(config);
                String asked = request.exchange().query("split");
                String split = asked == null ? splits.getFirst() : asked;
                request.open(config, split).rows(0, 1, request.cells(FIRST_ROWS_BYTES));
                readable = true;
            } catch (HubError _) {
                // That is what was asked.
            }
        }
        return HttpJson.object(
                "preview",
                readable,
                "viewer",
                readable,
                "search",
                readable,
                "filter",
                readable,
                "statistics",
                readable);
    }
}
