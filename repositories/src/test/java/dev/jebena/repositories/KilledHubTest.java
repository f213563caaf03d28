package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A hub that is killed under full load has every commit that it confirmed.
@Tag("slow")
class KilledHubTest {
    private static final int WRITERS = 20;
    private static final int REPOSITORIES = 4;

    @TempDir Path folder;

    @Test
    void everyConfirmedCommitIsThere() throws Exception {
        int kills = Integer.getInteger("jebena.kills", 3);
        Map<String, String> confirmed = new ConcurrentHashMap<>();
        for (int kill = 0; kill < kills; kill++) {
            int port = freePort();
            Process process = start(port);
            process.inputReader().readLine();
            AtomicInteger count = new AtomicInteger();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String name = "w" + kill + "-" + i;
                String repo = "r" + i % REPOSITORIES;
                writers.add(
                        Thread.startVirtualThread(() -> write(port, repo, name, confirmed, count)));
            }
            long end = System.nanoTime() + 60_000_000_000L;
            while (count.get() < 200 && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            process.destroyForcibly().waitFor();
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(count.get()).isGreaterThan(50);
        }
        check(confirmed);
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
            int port,
            String repo,
            String name,
            Map<String, String> confirmed,
            AtomicInteger count) {
        try (HubClient client = new HubClient("http://127.0.0.1:" + port)) {
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

    private void check(Map<String, String> confirmed) {
        try (Repositories repositories =
                Repositories.open(RepositoryOptions.in(folder).ownerToken(HubServer.TOKEN))) {
            for (int i = 0; i < REPOSITORIES; i++) {
                String prefix = "r" + i + "/";
                RepoName name = RepoName.parse(RepoKind.MODEL, "jebena/r" + i);
                Repo repo = repositories.catalog().find(name).orElseThrow();
                try (Snapshot files = repositories.snapshot(repo, null)) {
                    assertThat(repo.head()).isEqualTo(files.commit().name());
                    confirmed.forEach((path, commit) -> {
                        if (path.startsWith(prefix)) {
                            String inner = path.substring(prefix.length());
                            byte[] bytes = files.small(inner, 1 << 21);
                            String text =
                                    new String(
                                            Objects.requireNonNull(bytes, path),
                                            StandardCharsets.UTF_8);
                            assertThat(text).startsWith(inner + "\n");
                            repositories.snapshot(repo, commit).close();
                        }
                    });
                }
            }
        }
    }
}
