package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two servers on one PostgreSQL database and one folder of blobs: needs the address of a database
/// in `JEBENA_TEST_POSTGRES`, which `.ci/run` makes; each run has a schema of its own there.
class PostgresHubTest {
    @TempDir Path folder;

    private static String schemaOfItsOwn(String address) throws Exception {
        String schema = "hub_" + UUID.randomUUID().toString().replace("-", "");
        URI uri = URI.create(address);
        String jdbc = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
        String[] user = uri.getUserInfo().split(":");
        try (Connection connection =
                        DriverManager.getConnection(jdbc, user[0], user.length > 1 ? user[1] : "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return address + "?currentSchema=" + schema;
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
}
