package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.base.ContentId;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two servers on one PostgreSQL database and one folder of blobs: needs the address of a database
/// in `JEBENA_TEST_POSTGRES`, which `.ci/run` makes; each run has a schema of its own there.
class PostgresHubTest {
    @TempDir Path folder;

    private static String schemaOfItsOwn(String address) {
        return address + "?currentSchema=hub_" + UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    void twoServersTakeTurnsOnOneBranch() throws Exception {
        String address = System.getenv("JEBENA_TEST_POSTGRES");
        assumeTrue(address != null, "no PostgreSQL database in JEBENA_TEST_POSTGRES");
        RepositoryOptions options =
                RepositoryOptions.in(folder)
                        .ownerToken(HubServer.TOKEN)
                        .database(schemaOfItsOwn(address));
        try (HubServer first = new HubServer(options, 0);
                HubServer second = new HubServer(options, 0)) {
            first.create("m");
            String head = first.commit("jebena/m", "main", "a", "1");
            assertThat(second.get("/api/models/jebena/m").at("sha")).isEqualTo(head);
            assertThat(second.tryCommit("jebena/m", "main", head, "a", "2").status())
                    .isEqualTo(200);
            assertThat(first.tryCommit("jebena/m", "main", head, "a", "3").status()).isEqualTo(412);
            Set<String> commits = ConcurrentHashMap.newKeySet();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                HubServer server = i % 2 == 0 ? first : second;
                String path = "f" + i;
                threads.add(
                        Thread.startVirtualThread(() -> {
                            for (int j = 0; j < 5; j++) {
                                commits.add(server.commit("jebena/m", "main", path, "v" + j));
                            }
                        }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(commits).hasSize(50);
            assertThat(first.get("/api/models/jebena/m/commits/main").header("X-Total-Count"))
                    .isEqualTo("53");
            assertThat(second.get("/api/models?search=m").at("0.id")).isEqualTo("jebena/m");
        }
    }

    /// What the other tests do on SQLite, in short: every statement once.
    @Test
    void theSameStatementsWorkOnPostgres() throws Exception {
        String address = System.getenv("JEBENA_TEST_POSTGRES");
        assumeTrue(address != null, "no PostgreSQL database in JEBENA_TEST_POSTGRES");
        UploadCheck check =
                _ -> List.of(new Finding("scan", Finding.Level.UNSAFE, "bad", Map.of()));
        RepositoryOptions options =
                RepositoryOptions.in(folder)
                        .ownerToken(HubServer.TOKEN)
                        .checks(List.of(check))
                        .database(schemaOfItsOwn(address));
        String api = "/api/models/jebena/m";
        try (HubServer server = new HubServer(options, 0)) {
            server.create("m");
            byte[] bytes = new byte[2 << 20];
            new Random(1).nextBytes(bytes);
            ContentId oid = ContentId.of(bytes);
            server.repositories.large().put(1, oid, bytes.length, new ByteArrayInputStream(bytes));
            StringBuilder lines = new StringBuilder();
            HubClient.line(lines, "header", Map.of("summary", "s"));
            HubClient.line(lines, "lfsFile", Map.of("path", "w", "oid", oid.hex()));
            HubServer.Reply made = server.lines(api + "/commit/main?create_pr=1", lines.toString());
            assertThat(made.status()).as(made.text()).isEqualTo(200);
            assertThat(server.get(api + "/discussions?status=open&type=pull_request").at("count"))
                    .isEqualTo(1L);
            assertThat(server.post(api + "/discussions/1/merge", Map.of()).status()).isEqualTo(200);
            assertThat(server.get(api + "?securityStatus=1").text()).contains("unsafe");
            server.post(api + "/branch/side", Map.of());
            server.commit("jebena/m", "side", "a", "b");
            server.send("DELETE", api + "/branch/side", null);
            server.repositories.sweep(Duration.ZERO);
            server.repositories.repack(() -> false);
            server.repositories.collect(System.currentTimeMillis() + 5_000_000_000L);
            assertThat(server.repositories.blobs().contains(oid)).isFalse();
            HubServer.Reply file = server.get("/jebena/m/resolve/main/w");
            assertThat(file.bytes()).isEqualTo(bytes);
            String token = (String) server.get(api + "/xet-read-token/main").at("accessToken");
            assertThat(
                            server.as(token)
                                    .get("/_xet/v1/reconstructions/" + file.header("X-Xet-Hash"))
                                    .at("terms.0.range.start"))
                    .isEqualTo(0L);
        }
    }
}
