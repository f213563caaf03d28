package dev.jebena.cli;

import dev.jebena.base.Problem;
import dev.jebena.tracking.TrackingClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds tracked runs by what people type.
final class RunFinder {
    private static final int SHORTEST_PREFIX = 4;

    private RunFinder() {}

    /// What `runs ls` asks for.
    ///
    /// @param experiment name or id; null for all
    record Query(
            @Nullable String experiment,
            String filter,
            List<String> order,
            int most,
            boolean deleted) {}

    static List<RunView> list(TrackingClient client, Query query) {
        String experiment = query.experiment();
        List<String> ids = experiment == null ? all(client) : List.of(id(client, experiment));
        return search(client, ids, query);
    }

    private static List<RunView> search(TrackingClient client, List<String> ids, Query query) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("experiment_ids", ids);
        body.put("filter", query.filter());
        body.put("order_by", query.order());
        body.put("max_results", query.most());
        body.put("run_view_type", query.deleted() ? "DELETED_ONLY" : "ACTIVE_ONLY");
        return TrackingClient.entries(client.post("runs/search", body), "runs").stream()
                .map(RunView::new)
                .toList();
    }

    private static List<String> all(TrackingClient client) {
        return TrackingClient.all(
                        token ->
                                client.post(
                                        "experiments/search",
                                        Map.of(
                                                "max_results",
                                                1000,
                                                "page_token",
                                                token,
                                                "view_type",
                                                "ALL")),
                        "experiments")
                .stream()
                .map(e -> String.valueOf(e.get("experiment_id")))
                .toList();
    }

    private static String id(TrackingClient client, String experiment) {
        try {
            Object found =
                    client.get("experiments/get-by-name", Map.of("experiment_name", experiment))
                            .get("experiment");
            return found instanceof Map<?, ?> map
                    ? Objects.toString(map.get("experiment_id"))
                    : experiment;
        } catch (Problem e) {
            if (e.code() == Problem.Code.NOT_FOUND && experiment.matches("\\d+")) {
                return experiment;
            }
            throw e;
        }
    }

    /// The run with this id, beginning of an id, or name; of several with the name the newest.
    static RunView one(TrackingClient client, String text) {
        if (text.matches("[0-9a-f]{32}")) {
            return new RunView(client.run(text));
        }
        if (text.contains("'")) {
            throw new UserError("there is no run " + text);
        }
        List<String> experiments = all(client);
        List<RunView> found = new ArrayList<>();
        if (text.matches("[0-9a-f]{" + SHORTEST_PREFIX + ",31}")) {
            found.addAll(matching(client, experiments, "attributes.run_id LIKE '" + text + "%'"));
            if (found.size() > 1) {
                throw new UserError(
                        "%s is the beginning of several ids, as of %s and %s"
                                .formatted(text, found.get(0).id(), found.get(1).id()));
            }
        }
        if (found.isEmpty()) {
            found.addAll(matching(client, experiments, "attributes.run_name = '" + text + "'"));
        }
        if (found.isEmpty()) {
            throw new UserError("there is no run " + text + "\njebena runs ls lists them");
        }
        return found.getFirst();
    }

    private static List<RunView> matching(
            TrackingClient client, List<String> experiments, String filter) {
        return search(client, experiments, new Query(null, filter, List.of(), 2, false));
    }
}
