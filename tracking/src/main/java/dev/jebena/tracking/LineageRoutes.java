package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.EXPERIMENT;
import static dev.jebena.tracking.Need.Thing.MODEL;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The lineage over HTTP, beside MLflow's paths: `jebena-lineage/…`. What the caller may not read
/// is not followed.
final class LineageRoutes {
    private static final long MOST_STEPS = 1000;
    private static final long USUAL_STEPS = 20;
    private static final int MOST_FOUND = 100;

    private final Lineage lineage;
    private final Access access;
    private final Supplier<Function<LineageItem, List<LineageEdge>>> more;

    private LineageRoutes(
            Lineage lineage,
            Access access,
            Supplier<Function<LineageItem, List<LineageEdge>>> more) {
        this.lineage = lineage;
        this.access = access;
        this.more = more;
    }

    /// @param more the steps that others know, asked for once a request
    static void mount(
            MlflowApi api,
            Tracking tracking,
            Access access,
            Supplier<Function<LineageItem, List<LineageEdge>>> more) {
        LineageRoutes routes = new LineageRoutes(Lineage.of(tracking), access, more);
        String base = "2.0/mlflow/jebena-lineage/";
        api.call("GET", base + "graph", Need.ANY, routes::graph);
        api.call("GET", base + "search", Need.ANY, routes::search);
    }

    private Map<String, @Nullable Object> graph(RequestFields f, HttpExchange exchange) {
        String id = id(f.required("id"));
        int depth = (int) f.number("depth", 1, MOST_STEPS, USUAL_STEPS);
        if (!isReadable(exchange, id)) {
            throw MlflowError.denied();
        }
        Function<LineageItem, List<LineageEdge>> known = more.get();
        return lineage.graph(
                        id,
                        depth,
                        known,
                        edge ->
                                isReadable(exchange, edge.source().id())
                                        && isReadable(exchange, edge.target().id()))
                .json();
    }

    /// An id, or what people write: the beginning of a run's, `NAME/NUMBER`, a SHA-256.
    private String id(String text) {
        if (text.matches("(sha256|run|version|logged|data|source):.+")) {
            return text;
        }
        if (text.matches("[0-9a-f]{64}")) {
            return Lineage.CONTENT + text;
        }
        if (lineage.isVersion(text)) {
            return Lineage.VERSION + text;
        }
        return lineage.runId(text)
                .orElseThrow(() ->
                        MlflowError.missing(
                                "No run begins with '%s', and it is no NAME/NUMBER of a version and no SHA-256"
                                        .formatted(text)));
    }

    private boolean isReadable(HttpExchange exchange, String id) {
        if (id.startsWith(Lineage.RUN)) {
            return lineage.experiment(id.substring(Lineage.RUN.length()))
                    .map(e -> access.isReadable(exchange, EXPERIMENT, e))
                    .orElse(true);
        }
        int slash = id.lastIndexOf('/');
        return !id.startsWith(Lineage.VERSION)
                || slash < 0
                || access.isReadable(
                        exchange, MODEL, id.substring(Lineage.VERSION.length(), slash));
    }

    private Map<String, @Nullable Object> search(RequestFields f, HttpExchange exchange) {
        return HttpJson.object(
                "items",
                lineage.named(f.text("text"), MOST_FOUND).stream()
                        .filter(item -> isReadable(exchange, item.id()))
                        .map(LineageItem::json)
                        .toList());
    }
}
