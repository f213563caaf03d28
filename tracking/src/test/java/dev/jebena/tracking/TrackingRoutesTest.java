package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tracking.TrackingServer.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackingRoutesTest {
    @TempDir Path folder;
    private TrackingServer server;

    @BeforeEach
    void start() {
        server = new TrackingServer(TrackingOptions.in(folder));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aBatchIsLoggedWholeOrNotAtAll() {
        String run = server.run("0", "batch");
        server.post("runs/log-parameter", Map.of("run_id", run, "key", "lr", "value", "1"));
        Reply refused =
                server.post(
                        "runs/log-batch",
                        Map.of(
                                "run_id", run,
                                "metrics", List.of(Map.of("key", "m", "value", 1, "timestamp", 1)),
                                "params", List.of(Map.of("key", "lr", "value", "2")),
                                "tags", List.of(Map.of("key", "t", "value", "x"))));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("message"))
                .asString()
                .contains("Changing param values is not allowed. Param with key='lr'");
        Map<?, ?> data = (Map<?, ?>) server.get("runs/get?run_id=" + run).at("run.data");
        assertThat(data.containsKey("metrics")).isFalse();
        assertThat(String.valueOf(data.get("tags"))).doesNotContain("key=t,");
    }

    @Test
    void historiesComeInPages() {
        String run = server.run("0", "history");
        List<Object> metrics = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            metrics.add(Map.of("key", "loss", "value", i, "timestamp", 5000 - i, "step", i));
        }
        server.post("runs/log-batch", Map.of("run_id", run, "metrics", metrics));
        server.post("runs/log-batch", Map.of("run_id", run, "metrics", metrics));
        String base = "metrics/get-history?run_id=" + run + "&metric_key=loss&max_results=400";
        List<Object> steps = new ArrayList<>();
        String token = "";
        do {
            Reply page = server.get(base + (token.isEmpty() ? "" : "&page_token=" + token));
            ((List<?>) page.at("metrics")).forEach(m -> steps.add(((Map<?, ?>) m).get("step")));
            token = page.at("next_page_token").toString();
        } while (!token.isEmpty());
        assertThat(steps).hasSize(1000).startsWith(999L).endsWith(0L);
        Reply sampled =
                server.get(
                        "metrics/get-history-bulk-interval?run_ids="
                                + run
                                + "&metric_key=loss&max_results=10");
        assertThat((List<?>) sampled.at("metrics")).hasSizeBetween(10, 11);
    }

    @Test
    void wrongRequestsAreNamed() {
        assertThat(server.post("runs/create", Map.of("experiment_id", "77")).at("error_code"))
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
        assertThat(server.post("runs/create", Map.of("experiment_id", "x")).at("message"))
                .asString()
                .contains("Experiment ID must be a valid integer");
        assertThat(server.post("runs/log-metric", Map.of("run_id", "r")).at("message"))
                .asString()
                .startsWith("Missing value for required parameter 'key'");
        assertThat(
                        server.post(
                                        "runs/search",
                                        Map.of(
                                                "experiment_ids",
                                                List.of("0"),
                                                "max_results",
                                                50_001))
                                .status())
                .isEqualTo(400);
        assertThat(
                        server.send("POST", "runs/search", "{".getBytes(StandardCharsets.UTF_8))
                                .at("error_code"))
                .isEqualTo("BAD_REQUEST");
        assertThat(server.get("no/such/thing").at("error_code")).isEqualTo("ENDPOINT_NOT_FOUND");
    }

    @Test
    void artifactsAreListedLikeFolders() {
        String root = "/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/";
        for (String path : List.of("a.txt", "a/b.txt", "a/c/d.txt", "a0", "%C3%BC%20n")) {
            Reply put = server.send("PUT", root + path, path.getBytes(StandardCharsets.UTF_8));
            assertThat(put.status()).isEqualTo(200);
        }
        Reply list = server.get("/api/2.0/mlflow-artifacts/artifacts?path=0/run/artifacts");
        assertThat(
                        ((List<?>) list.at("files"))
                                .stream()
                                        .map(f -> String.valueOf(((Map<?, ?>) f).get("path")))
                                        .toList())
                .containsExactlyInAnyOrder("a.txt", "a", "a0", "ü n");
        assertThat(server.get(root + "a/c/d.txt").text()).isEqualTo("a/c/d.txt");
        assertThat(server.send("DELETE", root + "a", null).status()).isEqualTo(200);
        assertThat(server.get(root + "a/b.txt").status()).isEqualTo(404);
        assertThat(server.get(root + "a0").status()).isEqualTo(200);
        assertThat(server.get(root + "%2e%2e/%2e%2e/tracking.db").status()).isEqualTo(400);
        assertThat(server.tracking.artifacts().collect())
                .hasValueSatisfying(c -> assertThat(c.blobs()).isEqualTo(2));
    }

    @Test
    void spansInJsonMakeATrace() {
        String trace = "0123456789abcdef0123456789abcdef";
        String json =
                """
                {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"0123456789abcdef",
                "name":"ask","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000250000000",
                "attributes":[{"key":"mlflow.spanInputs","value":{"stringValue":"hello"}},
                {"key":"tokens","value":{"intValue":"12"}}],"status":{"code":1}}]}]}]}
                """
                        .formatted(trace);
        Reply sent =
                server.send(
                        "POST",
                        "/v1/traces",
                        json.getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "application/json",
                        "x-mlflow-experiment-id",
                        "0");
        assertThat(sent.status()).as(sent.text()).isEqualTo(200);
        Reply info = server.get("/api/3.0/mlflow/traces/tr-" + trace);
        assertThat(info.at("trace.trace_info.execution_duration")).isEqualTo("0.250s");
        assertThat(info.at("trace.trace_info.request_preview")).isEqualTo("hello");
        for (String filter :
                List.of(
                        "trace.status = 'OK'",
                        "span.name LIKE 'a%'",
                        "span.attributes.tokens = '12'",
                        "attributes.name RLIKE '^as'",
                        "timestamp_ms > 1")) {
            assertThat((List<?>) found(filter)).as(filter).hasSize(1);
        }
        assertThat(found("trace.status = 'ERROR'")).isEqualTo("");
    }

    private Object found(String filter) {
        Map<String, Object> location =
                Map.of(
                        "type",
                        "MLFLOW_EXPERIMENT",
                        "mlflow_experiment",
                        Map.of("experiment_id", "0"));
        return server.post(
                        "/api/3.0/mlflow/traces/search",
                        Map.of("locations", List.of(location), "filter", filter))
                .at("traces");
    }

    @Test
    void damagedSpansAreRefused() {
        byte[] damaged = {10, 127, 1, 2};
        Reply refused =
                server.send(
                        "POST",
                        "/v1/traces",
                        damaged,
                        "Content-Type",
                        "application/x-protobuf",
                        "x-mlflow-experiment-id",
                        "0");
        assertThat(refused.status()).isEqualTo(400);
    }
}
