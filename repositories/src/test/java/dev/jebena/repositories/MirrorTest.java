package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import dev.jebena.hub.HubSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A hub that fetches from another one what it has not.
class MirrorTest {
    private static final String OWN = "hf_mirrortoken";

    @TempDir Path folder;
    private HubServer original;
    private HubServer mirror;
    private final byte[] bytes = new byte[1_000_000];
    private String oid = "";

    @BeforeEach
    void start() {
        original = new HubServer(folder.resolve("original"));
        mirror = open();
        original.create("m");
        new Random(1).nextBytes(bytes);
        oid = ContentId.of(bytes).hex();
        original.commit("jebena/m", "main", "config.json", "{}");
        put();
    }

    private HubServer open() {
        HubServer opened =
                new HubServer(
                        RepositoryOptions.in(folder.resolve("mirror"))
                                .owner("keeper")
                                .ownerToken(OWN)
                                .upstream(
                                        HubSettings.of(Map.of())
                                                .withEndpoint(original.http.uri().toString())
                                                .withToken(HubServer.TOKEN)),
                        0);
        opened.as(OWN);
        return opened;
    }

    private void put() {
        HubServer.Reply batch =
                original.post(
                        "/jebena/m.git/info/lfs/objects/batch",
                        Map.of(
                                "operation",
                                "upload",
                                "transfers",
                                List.of("basic"),
                                "objects",
                                List.of(Map.of("oid", oid, "size", bytes.length))));
        original.send("PUT", (String) batch.at("objects.0.actions.upload.href"), bytes);
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "large"));
        HubClient.line(lines, "lfsFile", Map.of("path", "w.bin", "algo", "sha256", "oid", oid));
        assertThat(original.lines("/api/models/jebena/m/commit/main", lines.toString()).status())
                .isEqualTo(200);
    }

    @AfterEach
    void stop() {
        mirror.close();
        original.close();
    }

    private void expire() {
        mirror.repositories.data().write(sql -> sql.update("UPDATE mirror SET fetched = 1"));
    }

    @Test
    void aRepositoryIsFetchedWhenSomebodyAsksForIt() {
        assertThat(mirror.get("/api/models").text()).isEqualTo("[]");

        HubServer.Reply info = mirror.get("/api/models/jebena/m");

        assertThat(info.status()).isEqualTo(200);
        assertThat(info.at("sha")).isEqualTo(original.get("/api/models/jebena/m").at("sha"));
        assertThat(mirror.get("/jebena/m/resolve/main/config.json").text()).isEqualTo("{}");
        HubServer.Reply large = mirror.get("/jebena/m/resolve/main/w.bin");
        assertThat(large.bytes()).isEqualTo(bytes);
        assertThat(large.header("ETag")).isEqualTo('"' + oid + '"');
        assertThat(mirror.get("/jebena/m/resolve/main/w.bin", "Range", "bytes=10-19").bytes())
                .isEqualTo(java.util.Arrays.copyOfRange(bytes, 10, 20));
        assertThat(mirror.get("/api/models").text()).contains("jebena/m");
    }

    @Test
    void whatHasBeenFetchedStaysWhenTheOtherHubIsAway() throws IOException {
        mirror.get("/jebena/m/resolve/main/w.bin");
        original.close();
        expire();

        assertThat(mirror.get("/jebena/m/resolve/main/w.bin").bytes()).isEqualTo(bytes);
        assertThat(mirror.get("/api/models/jebena/other").status()).isEqualTo(504);
        mirror.close();
        mirror = open();
        assertThat(mirror.get("/jebena/m/resolve/main/w.bin").bytes()).isEqualTo(bytes);
        try (Stream<Path> left = Files.list(folder.resolve("mirror/arriving"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void newCommitsFollow() {
        mirror.get("/api/models/jebena/m");
        String commit = original.commit("jebena/m", "main", "README.md", "# New");
        assertThat(mirror.get("/api/models/jebena/m").at("sha")).isNotEqualTo(commit);
        expire();

        assertThat(mirror.get("/api/models/jebena/m").at("sha")).isEqualTo(commit);
        assertThat(mirror.get("/jebena/m/resolve/main/README.md").text()).isEqualTo("# New");
    }

    @Test
    void mirroredRepositoriesAreChangedElsewhere() {
        mirror.get("/api/models/jebena/m");

        HubServer.Reply refused = mirror.tryCommit("jebena/m", "main", null, "a.txt", "a");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("jebena/m is mirrored from http://127.0.0.1");
        mirror.create("own");
        assertThat(mirror.tryCommit("keeper/own", "main", null, "a.txt", "a").status())
                .isEqualTo(200);
    }

    @Test
    void whatIsPrivateThereIsPrivateHere() {
        original.create("secret", "private", true);
        original.commit("jebena/secret", "main", "config.json", "{}");

        assertThat(mirror.as("").get("/jebena/secret/resolve/main/config.json").status())
                .isEqualTo(401);
        assertThat(mirror.get("/api/models/jebena/nothing").status()).isEqualTo(401);
        assertThat(mirror.as(OWN).get("/api/models/jebena/nothing").status()).isEqualTo(404);
    }

    @Test
    void manyReadersShareOneFetch() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<byte[]> read = () -> mirror.get("/jebena/m/resolve/main/w.bin").bytes();
            for (Future<byte[]> got : threads.invokeAll(List.of(read, read, read, read, read))) {
                assertThat(got.get()).isEqualTo(bytes);
            }
        }
        long downloads = (Long) original.get("/api/models/jebena/m").at("downloads");
        assertThat(downloads).isLessThanOrEqualTo(1);
    }
}
