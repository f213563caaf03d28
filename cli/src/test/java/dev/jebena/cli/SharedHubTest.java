package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.buckets.S3Address;
import dev.jebena.buckets.S3Blobs;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two hubs on two machines' worth of folders, one PostgreSQL database and one bucket, as `.ci/run`
/// makes them (`JEBENA_TEST_POSTGRES`, `JEBENA_TEST_S3`).
@Tag("slow")
class SharedHubTest {
    private static final String TOKEN = "hf_jebenatesttoken";

    @TempDir Path folder;

    /// One of the servers.
    private record Server(S3Blobs blobs, Repositories repositories, HttpServer http)
            implements AutoCloseable {
        static Server start(Path folder, String database, S3Address bucket) {
            S3Blobs blobs = S3Blobs.open(bucket, folder.resolve("work"));
            Repositories repositories =
                    Repositories.open(
                            RepositoryOptions.in(folder)
                                    .ownerToken(TOKEN)
                                    .database(database)
                                    .blobs(blobs));
            Router router = new Router();
            RepositoryRoutes.mount(router, repositories);
            return new Server(
                    blobs,
                    repositories,
                    HttpServer.start(HttpServerOptions.defaults().port(0), router));
        }

        HttpResponse<byte[]> send(HttpClient client, String method, String path, String body)
                throws Exception {
            return client.send(
                    HttpRequest.newBuilder(URI.create(http.uri() + path))
                            .header("Authorization", "Bearer " + TOKEN)
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }

        @Override
        public void close() {
            http.close();
            repositories.close();
            blobs.close();
        }
    }

    private static String database(String address) {
        return address + "?currentSchema=hub_" + UUID.randomUUID().toString().replace("-", "");
    }

    private static String commit(String path, String content, String parent) {
        Map<String, Object> header =
                parent.isEmpty()
                        ? Map.of("summary", path)
                        : Map.of("summary", path, "parentCommit", parent);
        return HttpJson.text(HttpJson.object("key", "header", "value", header))
                + "\n"
                + HttpJson.text(
                        HttpJson.object(
                                "key", "file", "value", Map.of("path", path, "content", content)))
                + "\n";
    }

    private static Object field(HttpResponse<byte[]> reply, String name) {
        return String.valueOf(HttpJson.objectOf(HttpJson.parse(reply.body())).get(name));
    }

    @Test
    void bothServeTheSameRepositoriesUnderConcurrentCommits() throws Exception {
        String postgres = System.getenv("JEBENA_TEST_POSTGRES");
        String given = System.getenv("JEBENA_TEST_S3");
        assumeTrue(postgres != null && given != null, "no PostgreSQL or no bucket");
        S3Address base = S3Address.parse(given);
        S3Address bucket =
                new S3Address(
                        base.bucket(),
                        base.prefix() + UUID.randomUUID() + "/",
                        base.endpoint(),
                        base.region());
        String database = database(postgres);
        try (Server first = Server.start(folder.resolve("1"), database, bucket);
                Server second = Server.start(folder.resolve("2"), database, bucket);
                HttpClient client = HttpClient.newHttpClient()) {
            first.send(client, "POST", "/api/repos/create", "{\"name\":\"m\"}");
            String commits = "/api/models/jebena/m/commit/main";
            // So large that its pack is an object of the bucket.
            String large = "0123456789abcdef".repeat(20_000) + UUID.randomUUID();
            String head =
                    String.valueOf(
                            field(
                                    first.send(client, "POST", commits, commit("big", large, "")),
                                    "commitOid"));
            assertThat(second.send(client, "GET", "/jebena/m/raw/main/big", "").body())
                    .isEqualTo(large.getBytes(StandardCharsets.UTF_8));
            assertThat(second.send(client, "POST", commits, commit("a", "2", head)).statusCode())
                    .isEqualTo(200);
            assertThat(first.send(client, "POST", commits, commit("a", "3", head)).statusCode())
                    .as("the other server was first")
                    .isEqualTo(412);
            Set<Object> made = ConcurrentHashMap.newKeySet();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Server server = i % 2 == 0 ? first : second;
                String path = "f" + i;
                String content = large.substring(i % 4 == 0 ? 0 : large.length() - 100) + i;
                threads.add(
                        Thread.startVirtualThread(() -> {
                            try {
                                for (int j = 0; j < 3; j++) {
                                    String body = commit(path, content + j, "");
                                    made.add(
                                            field(
                                                    server.send(client, "POST", commits, body),
                                                    "commitOid"));
                                }
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(made).hasSize(60).doesNotContain("null");
            first.repositories().collect();
            for (Server server : List.of(first, second)) {
                for (int i = 0; i < 20; i++) {
                    String text =
                            new String(
                                    server.send(client, "GET", "/jebena/m/raw/main/f" + i, "")
                                            .body(),
                                    StandardCharsets.UTF_8);
                    assertThat(text).endsWith(i + "2");
                }
                for (Object commit : made) {
                    String path = "/api/models/jebena/m/revision/" + commit;
                    assertThat(server.send(client, "GET", path, "").statusCode()).isEqualTo(200);
                }
            }
        }
    }
}
