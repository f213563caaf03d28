package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;

/// MLflow's Java client against this server.
class JavaClientTest {
    @TempDir Path folder;

    @Test
    void runsAreLoggedAndFound() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder));
                MlflowClient client = new MlflowClient(server.http.uri().toString())) {
            String experiment = client.createExperiment("java");
            assertThat(client.getExperimentByName("java"))
                    .hasValueSatisfying(e -> assertThat(e.getExperimentId()).isEqualTo(experiment));
            String run = client.createRun(experiment).getRunId();
            client.logParam(run, "lr", "0.1");
            for (int step = 0; step < 5; step++) {
                client.logMetric(run, "loss", 1.0 / (step + 1), 1_000 + step, step);
            }
            client.setTag(run, "team", "a");
            client.setTerminated(run, Service.RunStatus.FINISHED);
            Service.Run found = client.getRun(run);
            assertThat(found.getInfo().getStatus()).isEqualTo(Service.RunStatus.FINISHED);
            assertThat(found.getData().getMetrics(0).getValue()).isEqualTo(0.2);
            assertThat(client.getMetricHistory(run, "loss")).hasSize(5);
            String filter = "metrics.loss < 0.5 and params.lr = '0.1'";
            assertThat(
                            client.searchRuns(
                                            List.of(experiment),
                                            filter,
                                            Service.ViewType.ACTIVE_ONLY,
                                            10)
                                    .getItems())
                    .extracting(r -> r.getInfo().getRunId())
                    .containsExactly(run);
        }
    }

    @Test
    void errorsAreTheClientsExceptions() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder));
                MlflowClient client = new MlflowClient(server.http.uri().toString())) {
            client.createExperiment("twice");
            assertThatThrownBy(() -> client.createExperiment("twice"))
                    .isInstanceOfSatisfying(
                            MlflowHttpException.class,
                            e ->
                                    assertThat(e.getBodyMessage())
                                            .contains("RESOURCE_ALREADY_EXISTS"));
            assertThatThrownBy(() -> client.getRun("0".repeat(32)))
                    .isInstanceOf(MlflowHttpException.class);
        }
    }

    @Test
    void modelsAreRegistered() {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder));
                MlflowClient client = new MlflowClient(server.http.uri().toString())) {
            String run = client.createRun().getRunId();
            client.sendPost("registered-models/create", "{\"name\":\"reader\"}");
            client.sendPost(
                    "model-versions/create",
                    "{\"name\":\"reader\",\"source\":\"mlflow-artifacts:/0/x\",\"run_id\":\""
                            + run
                            + "\"}");
            assertThat(client.getLatestVersions("reader"))
                    .singleElement()
                    .satisfies(v -> assertThat(v.getVersion()).isEqualTo("1"));
        }
    }
}
