package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Promotion rules at the routes that set aliases and stages.
class GatesTest {
    @TempDir Path folder;

    private static String version(TrackingServer server, double accuracy, double loss) {
        String run = server.run("0", "train");
        server.post("runs/log-metric", Map.of("run_id", run, "key", "accuracy", "value", accuracy));
        server.post("runs/log-metric", Map.of("run_id", run, "key", "loss", "value", loss));
        server.post("registered-models/create", Map.of("name", "reader"));
        return (String)
                server.post(
                                "model-versions/create",
                                Map.of("name", "reader", "source", "models/x", "run_id", run))
                        .at("model_version.version");
    }

    private static TrackingServer.Reply champion(TrackingServer server, String version) {
        return server.post(
                "registered-models/alias",
                Map.of("name", "reader", "alias", "champion", "version", version));
    }

    private static TrackingServer.Reply gate(TrackingServer server, Map<String, ?> rule) {
        Map<String, Object> body =
                new java.util.HashMap<>(Map.of("name", "reader", "alias", "champion"));
        body.putAll(rule);
        return server.post("jebena-gates/set", body);
    }

    @Test
    void anAliasIsRefusedUntilAllIsFulfilled() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            String version = version(server, 0.8, 0.5);
            Map<String, Object> rule =
                    Map.of(
                            "run_filter",
                            "metrics.accuracy >= 0.9 and metrics.loss < 1",
                            "tags",
                            List.of(
                                    Map.of(
                                            "key",
                                            "license",
                                            "values",
                                            List.of("mit", "apache-2.0"))),
                            "described",
                            true);
            assertThat(gate(server, rule).status()).isEqualTo(200);
            TrackingServer.Reply refused = champion(server, version);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.at("error_code")).isEqualTo("PERMISSION_DENIED");
            assertThat(refused.text())
                    .contains("metrics.accuracy >= 0.9 (found: 0.8)")
                    .contains("tag license is mit or apache-2.0 (found: nothing)")
                    .contains("a description")
                    .doesNotContain("metrics.loss");
            String better = version(server, 0.95, 0.5);
            server.post(
                    "model-versions/set-tag",
                    Map.of("name", "reader", "version", better, "key", "license", "value", "mit"));
            server.send(
                    "PATCH",
                    "registered-models/update",
                    "{\"name\":\"reader\",\"description\":\"reads digits\"}"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "Content-Type",
                    "application/json");
            assertThat(champion(server, better).status()).isEqualTo(200);
            List<?> log = (List<?>) server.get("jebena-gates/log?name=reader").at("entries");
            assertThat(log)
                    .extracting(e -> (Object) ((Map<?, ?>) e).get("allowed"))
                    .isEqualTo(List.of(true, false, true));
        }
    }

    @Test
    void aVersionMustNotBeWorseThanTheOneThatHasTheAlias() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            String first = version(server, 0.8, 0.5);
            assertThat(
                            gate(server, Map.of("not_worse", List.of("accuracy DESC", "loss ASC")))
                                    .status())
                    .isEqualTo(200);
            assertThat(champion(server, first).status()).isEqualTo(200);
            assertThat(champion(server, version(server, 0.7, 0.4)).text())
                    .contains("metrics.accuracy no worse than now >= 0.8 (found: 0.7)");
            assertThat(champion(server, version(server, 0.9, 0.6)).text())
                    .contains("metrics.loss no worse than now <= 0.5 (found: 0.6)");
            assertThat(champion(server, version(server, 0.8, 0.5)).status()).isEqualTo(200);
        }
    }

    @Test
    void approvalsCountOncePerPersonAndTheLatestWordCounts() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            String version = version(server, 0.8, 0.5);
            gate(server, Map.of("reviews", 1));
            assertThat(champion(server, version).text()).contains("1 approvals (found: 0)");
            Map<String, Object> review = Map.of("name", "reader", "version", version);
            assertThat(server.post("jebena-gates/review", review).status()).isEqualTo(200);
            String check = "jebena-gates/check?name=reader&alias=champion&version=" + version;
            assertThat(server.get(check).at("allowed")).isEqualTo(true);
            Map<String, Object> rejected = new java.util.HashMap<>(review);
            rejected.put("rejected", true);
            server.post("jebena-gates/review", rejected);
            assertThat(server.get(check).at("allowed")).isEqualTo(false);
        }
    }

    @Test
    void stagesHaveGatesTooAndARemovedGateIsOpen() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            String version = version(server, 0.8, 0.5);
            Map<String, Object> rule =
                    Map.of("name", "*", "alias", "stage:Production", "described", true);
            server.post("jebena-gates/set", rule);
            Map<String, Object> move =
                    Map.of("name", "reader", "version", version, "stage", "production");
            assertThat(server.post("model-versions/transition-stage", move).status())
                    .isEqualTo(403);
            server.post("jebena-gates/delete", Map.of("name", "*", "alias", "stage:Production"));
            assertThat(server.post("model-versions/transition-stage", move).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void anotherNameIsNoWayAroundAGate() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            String version = version(server, 0.8, 0.5);
            gate(server, Map.of("described", true));
            server.post("registered-models/rename", Map.of("name", "reader", "new_name", "free"));
            Map<String, Object> alias =
                    Map.of("name", "free", "alias", "champion", "version", version);
            assertThat(server.post("registered-models/alias", alias).status()).isEqualTo(403);
        }
    }

    @Test
    void rulesThatAreNoneAreRefused() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            assertThat(gate(server, Map.of()).text()).contains("at least one of");
            assertThat(gate(server, Map.of("run_filter", "metrics.x >")).status()).isEqualTo(400);
            assertThat(gate(server, Map.of("not_worse", List.of("params.x"))).status())
                    .isEqualTo(400);
            assertThat(gate(server, Map.of("reviews", -1)).status()).isEqualTo(400);
            assertThat(server.get("jebena-gates/check?name=no&alias=a&version=1").status())
                    .isEqualTo(404);
        }
    }
}
