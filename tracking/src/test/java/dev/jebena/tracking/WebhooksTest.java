package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.tracking.TrackingServer.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhooksTest {
    @TempDir Path folder;

    private record Received(String body, String id, String time, String signature) {}

    @Test
    void changesAreToldSignedAndTriedAgain() throws Exception {
        LinkedBlockingQueue<Received> received = new LinkedBlockingQueue<>();
        int[] calls = {0};
        Router router =
                new Router()
                        .post(
                                "/hook",
                                x -> {
                                    byte[] body = x.body(10_000);
                                    if (calls[0]++ == 0) {
                                        x.empty(503);
                                        return;
                                    }
                                    received.add(
                                            new Received(
                                                    new String(body, StandardCharsets.UTF_8),
                                                    String.valueOf(
                                                            x.header("X-MLflow-Delivery-Id")),
                                                    String.valueOf(x.header("X-MLflow-Timestamp")),
                                                    String.valueOf(
                                                            x.header("X-MLflow-Signature"))));
                                    x.empty(200);
                                });
        try (HttpServer receiver = HttpServer.start(HttpServerOptions.defaults().port(0), router);
                TrackingServer server = new TrackingServer(TrackingOptions.in(folder))) {
            Map<String, Object> hook =
                    Map.of(
                            "name",
                            "h",
                            "url",
                            receiver.uri() + "/hook",
                            "secret",
                            "s3cret",
                            "events",
                            List.of(
                                    Map.of(
                                            "entity", "MODEL_VERSION",
                                            "action", "CREATED")));
            assertThat(server.post("webhooks", hook).at("webhook.status")).isEqualTo("ACTIVE");
            server.post("registered-models/create", Map.of("name", "m"));
            server.post("model-versions/create", Map.of("name", "m", "source", "x"));
            Received told = received.poll(20, TimeUnit.SECONDS);
            assertThat(told).isNotNull();
            assertThat(told.body()).contains("\"entity\":\"model_version\"", "\"name\":\"m\"");
            assertThat(told.signature())
                    .isEqualTo(
                            "v1,"
                                    + WebhookDelivery.signature(
                                            "s3cret",
                                            told.id() + "." + told.time() + "." + told.body()));
            assertThat(calls[0]).isEqualTo(2);
        }
    }

    @Test
    void privateNetworksAreRefusedWhereTheServerIsNotPrivate() {
        TrackingOptions options = TrackingOptions.in(folder).privateWebhooks(false);
        try (TrackingServer server = new TrackingServer(options)) {
            Map<String, Object> hook =
                    Map.of(
                            "name", "h",
                            "url", "http://127.0.0.1:1/x",
                            "events", List.of(Map.of("entity", "PROMPT", "action", "CREATED")));
            Reply refused = server.post("webhooks", hook);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.at("message")).asString().contains("private network");
        }
    }
}
