package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpJson;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Artifacts in parts, step by step as MLflow's client goes.
class MultipartUploadsTest {
    private static final String ROOT = "/api/2.0/mlflow-artifacts/mpu/";

    @TempDir Path folder;
    private TrackingServer server;
    private String target;

    @BeforeEach
    void start() {
        server = new TrackingServer(TrackingOptions.in(folder));
        target = "0/" + server.run("0", "large") + "/artifacts/model";
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TrackingServer.Reply create(int parts) {
        return server.post(
                ROOT + "create/" + target, Map.of("path", "/home/u/w.bin", "num_parts", parts));
    }

    private List<Map<String, Object>> upload(TrackingServer.Reply created, String... texts) {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            URI uri = URI.create((String) created.at("credentials." + i + ".url"));
            assertThat(uri.getPort()).isEqualTo(server.http.uri().getPort());
            byte[] bytes = texts[i].getBytes(StandardCharsets.UTF_8);
            assertThat(server.send("PUT", uri.getPath(), bytes).status()).isEqualTo(200);
            String etag = dev.jebena.base.ContentId.of(bytes).hex();
            parts.add(Map.of("part_number", i + 1, "etag", etag, "url", uri.toString()));
        }
        return parts;
    }

    private TrackingServer.Reply complete(Object id, Object parts) {
        return server.post(
                ROOT + "complete/" + target,
                HttpJson.object("path", "/home/u/w.bin", "upload_id", id, "parts", parts));
    }

    @Test
    void partsBecomeOneArtifact() {
        assertThat(server.get("/api/3.0/mlflow/server-info").at("multipart_uploads_enabled"))
                .isEqualTo(true);
        TrackingServer.Reply created = create(3);
        Object id = created.at("upload_id");
        List<Map<String, Object>> parts = upload(created, "one ", "two ", "three");
        assertThat(complete(id, parts).status()).isEqualTo(200);
        assertThat(server.get("/api/2.0/mlflow-artifacts/artifacts/" + target + "/w.bin").text())
                .isEqualTo("one two three");
        assertThat(folder.resolve("uploads")).isEmptyDirectory();
        assertThat(complete(id, parts).at("error_code")).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void anAbortedUploadLeavesNothing() {
        TrackingServer.Reply created = create(2);
        upload(created, "one ");
        Map<String, Object> body = Map.of("path", "w.bin", "upload_id", created.at("upload_id"));
        assertThat(server.post(ROOT + "abort/" + target, body).status()).isEqualTo(200);
        assertThat(folder.resolve("uploads")).isEmptyDirectory();
        assertThat(server.get("/api/2.0/mlflow-artifacts/artifacts/" + target + "/w.bin").status())
                .isEqualTo(404);
    }

    @Test
    void whatIsWrongIsRefused() {
        TrackingServer.Reply created = create(2);
        Object id = created.at("upload_id");
        List<Map<String, Object>> parts = upload(created, "one ", "two");
        assertThat(complete(id, parts.reversed()).at("message").toString()).contains("order");
        assertThat(
                        complete(id, List.of(Map.of("part_number", 1, "etag", "x")))
                                .at("message")
                                .toString())
                .contains("part 1 with ETag 'x' has not arrived");
        assertThat(complete(id, List.of()).status()).isEqualTo(400);
        assertThat(create(20_000).status()).isEqualTo(400);
        String part = ROOT + "part/" + id + "/";
        assertThat(server.send("PUT", part + "0", new byte[1]).status()).isEqualTo(400);
        assertThat(server.send("PUT", part + "99999999", new byte[1]).status()).isEqualTo(400);
        String unknown = "0".repeat(32);
        assertThat(server.send("PUT", ROOT + "part/" + unknown + "/1", new byte[1]).status())
                .isEqualTo(404);
        Map<String, Object> other = Map.of("path", "other.bin", "upload_id", id, "parts", parts);
        assertThat(server.post(ROOT + "complete/" + target, other).at("message").toString())
                .contains("another path");
        assertThat(complete(id, parts).status()).isEqualTo(200);
    }

    @Test
    void whatNobodyCompletedIsRemovedAfterAWeek() throws Exception {
        Object id = create(1).at("upload_id");
        Path upload = folder.resolve("uploads").resolve(id.toString());
        Files.setLastModifiedTime(upload, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        create(1);
        assertThat(upload).doesNotExist();
    }
}
