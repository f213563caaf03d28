package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A hub that is killed under full load, at random moments, has every commit that it confirmed, and
/// leaves nothing behind.
@Tag("slow")
class KilledHubTest {
    private static final int WRITERS = 200;
    private static final int REPOSITORIES = 10;

    @TempDir Path folder;

    @Test
    void everyConfirmedCommitIsThere() throws Exception {
        int kills = Integer.getInteger("jebena.kills", 3);
        Map<String, String> confirmed = new ConcurrentHashMap<>();
        long seed = Long.getLong("jebena.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int kill = 0; kill < kills; kill++) {
            int port = freePort();
            Process process = start(port);
            process.inputReader().readLine();
            AtomicInteger count = new AtomicInteger();
            List<Thread> writers = new ArrayList<>();
            try (HubClient client = new HubClient("http://127.0.0.1:" + port)) {
                for (int i = 0; i < WRITERS; i++) {
                    String name = "w" + kill + "-" + i;
                    String repo = "r" + i % REPOSITORIES;
                    writers.add(
                            Thread.startVirtualThread(
                                    () -> write(client, repo, name, confirmed, count)));
                }
                int enough = 100 + random.nextInt(400);
                long end = System.nanoTime() + 60_000_000_000L;
                while (count.get() < enough && System.nanoTime() < end) {
                    Thread.sleep(1);
                }
                process.destroyForcibly().waitFor();
                for (Thread writer : writers) {
                    writer.join();
                }
            }
            assertThat(count.get()).as("seed " + seed).isGreaterThan(50);
            check(confirmed, "seed " + seed + ", kill " + kill);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process start(int port) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HubServer.class.getName(),
                        folder.toString(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Commits until the server is gone.
    private static void write(
            HubClient client,
            String repo,
            String name,
            Map<String, String> confirmed,
            AtomicInteger count) {
        try {
            client.post("/api/repos/create", Map.of("name", repo));
            for (int i = 0; ; i++) {
                String path = name + "/" + i;
                // Some so large that their packs are blobs.
                String content = (path + "\n").repeat(i % 10 == 0 ? 40_000 : 1);
                HubServer.Reply reply =
                        client.tryCommit("jebena/" + repo, "main", null, path, content);
                if (reply.status() == 200) {
                    confirmed.put(repo + "/" + path, (String) reply.at("commitOid"));
                    count.incrementAndGet();
                }
            }
        } catch (UncheckedIOException _) {
            // Killed.
        }
    }

    private void check(Map<String, String> confirmed, String when) throws IOException {
        try (Repositories repositories =
                Repositories.open(RepositoryOptions.in(folder).ownerToken(HubServer.TOKEN))) {
            for (int i = 0; i < REPOSITORIES; i++) {
                checkRepository(repositories, "r" + i, confirmed);
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(
                            files.map(f -> String.valueOf(f.getFileName()))
                                    .filter(n -> n.startsWith(".tmp-") || n.startsWith("spool-")))
                    .as(when)
                    .isEmpty();
        }
    }

    private static void checkRepository(
            Repositories repositories, String repository, Map<String, String> confirmed) {
        RepoName name = RepoName.parse(RepoKind.MODEL, "jebena/" + repository);
        Repo repo = repositories.catalog().find(name).orElseThrow();
        try (Snapshot files = repositories.snapshot(repo, null)) {
            assertThat(files.files()).isNotEmpty();
            confirmed.forEach((path, commit) -> {
                if (path.startsWith(repository + "/")) {
                    String inner = path.substring(repository.length() + 1);
                    byte[] bytes = files.small(inner, 1 << 21);
                    String text =
                            new String(Objects.requireNonNull(bytes, path), StandardCharsets.UTF_8);
                    assertThat(text).startsWith(inner + "\n");
                    repositories.snapshot(repo, commit).close();
                }
            });
        }
    }
}
