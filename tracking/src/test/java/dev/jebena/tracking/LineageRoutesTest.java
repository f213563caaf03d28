package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageRoutesTest {
    private static final String ADMIN = "a-long-admin-password";
    private static final String JOE = "joe-has-a-password";
    private static final String GRAPH = "jebena-lineage/graph?id=";

    @TempDir Path folder;

    private static String register(TrackingServer server, String run) {
        server.post("registered-models/create", Map.of("name", "reader"));
        server.post(
                "model-versions/create",
                Map.of("name", "reader", "source", "runs:/" + run + "/m", "run_id", run));
        return "version:reader/1";
    }

    @Test
    void aThingIsFoundByWhatPeopleWrite() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            String run = server.run(server.experiment("e"), "first");
            String version = register(server, run);
            for (String id : List.of(run, run.substring(0, 8), "run:" + run)) {
                assertThat(server.get(GRAPH + id).at("start")).isEqualTo("run:" + run);
            }
            assertThat(server.get(GRAPH + "reader/1").at("start")).isEqualTo(version);
            assertThat(server.get(GRAPH + "reader/1").at("edges.0.job")).isEqualTo("registered");
            assertThat(server.get(GRAPH + "nothing").status()).isEqualTo(404);
            assertThat(server.get("jebena-lineage/graph").status()).isEqualTo(400);
            assertThat(server.get(GRAPH + run + "&depth=0").status()).isEqualTo(400);
        }
    }

    @Test
    void recordedThingsAreSearchedByTheirNames() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            Lineage.of(server.tracking)
                    .record(
                            "quantize q8_0",
                            List.of(new LineageItem("source:a_b", "source", "Big 100%.gguf")),
                            List.of(new LineageItem("source:c", "source", "small.gguf")));
            assertThat(server.get("jebena-lineage/search?text=big").at("items.0.id"))
                    .isEqualTo("source:a_b");
            assertThat((List<?>) server.get("jebena-lineage/search").at("items")).hasSize(2);
            assertThat((List<?>) server.get("jebena-lineage/search?text=aXb").at("items"))
                    .isEmpty();
        }
    }

    @Test
    void whatMayNotBeReadIsNotFollowed() {
        Accounts accounts = Accounts.open(AccountsOptions.in(folder).adminPassword(ADMIN));
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder), accounts)) {
            server.login("admin", ADMIN);
            server.post("users/create", Map.of("username", "joe", "password", JOE));
            String experiment = server.experiment("hidden");
            String run = server.run(experiment, "secret run");
            register(server, run);
            server.post(
                    "/api/3.0/mlflow/users/permissions/grant",
                    Map.of(
                            "username",
                            "joe",
                            "resource_type",
                            "experiment",
                            "resource_id",
                            experiment,
                            "permission",
                            "NO_PERMISSIONS"));
            server.login("joe", JOE);
            assertThat(server.get(GRAPH + "run:" + run).status()).isEqualTo(403);
            TrackingServer.Reply version = server.get(GRAPH + "reader/1");
            assertThat(version.status()).isEqualTo(200);
            assertThat(version.text()).doesNotContain("secret run", run);
        }
    }
}
