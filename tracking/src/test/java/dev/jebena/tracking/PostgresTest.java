package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.tracking.TrackingServer.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same schema and statements on PostgreSQL: needs the address of an empty database in
/// `JEBENA_TEST_POSTGRES`, which `.ci/run` makes.
class PostgresTest {
    @TempDir Path folder;

    @Test
    void runsModelsAndTracesAreKeptInPostgres() {
        String address = System.getenv("JEBENA_TEST_POSTGRES");
        assumeTrue(address != null, "no PostgreSQL database in JEBENA_TEST_POSTGRES");
        String name = "pg-" + UUID.randomUUID();
        try (TrackingServer server =
                new TrackingServer(TrackingOptions.in(folder).database(address))) {
            String experiment = server.experiment(name);
            for (int i = 0; i < 30; i++) {
                String run = server.run(experiment, "run-" + i);
                server.post(
                        "runs/log-batch",
                        Map.of(
                                "run_id", run,
                                "metrics",
                                        List.of(
                                                Map.of("key", "acc", "value", i, "timestamp", 1),
                                                Map.of("key", "acc", "value", -1, "timestamp", 0)),
                                "params", List.of(Map.of("key", "kind", "value", "k" + i % 3))));
            }
            assertThat(
                            names(
                                    server,
                                    experiment,
                                    "metrics.acc > 9 AND params.kind = 'k0'",
                                    "metrics.acc DESC"))
                    .startsWith("run-27", "run-24")
                    .hasSize(6);
            assertThat(names(server, experiment, "params.kind ILIKE 'K1'", "params.kind ASC"))
                    .hasSize(10);
            assertThat(
                            names(
                                    server,
                                    experiment,
                                    "attributes.run_name LIKE 'run-2%'",
                                    "metrics.none ASC"))
                    .hasSize(11);
            assertThat(server.post("experiments/create", Map.of("name", name)).at("error_code"))
                    .isEqualTo("RESOURCE_ALREADY_EXISTS");
            server.post("registered-models/create", Map.of("name", name));
            server.post("model-versions/create", Map.of("name", name, "source", "x"));
            assertThat(server.get("model-versions/get?name=" + name + "&version=1").status())
                    .isEqualTo(200);
        }
        try (TrackingServer server =
                new TrackingServer(TrackingOptions.in(folder).database(address))) {
            assertThat(server.get("experiments/get-by-name?experiment_name=" + name).status())
                    .isEqualTo(200);
        }
    }

    private static List<String> names(
            TrackingServer server, String experiment, String filter, String order) {
        Reply reply =
                server.post(
                        "runs/search",
                        Map.of(
                                "experiment_ids", List.of(experiment),
                                "filter", filter,
                                "order_by", List.of(order)));
        List<String> names = new ArrayList<>();
        int found = ((List<?>) reply.at("runs")).size();
        for (int i = 0; i < found; i++) {
            names.add(reply.at("runs." + i + ".info.run_name").toString());
        }
        return names;
    }
}
