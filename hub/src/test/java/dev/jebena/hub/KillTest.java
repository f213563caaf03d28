package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other processes work on the same store; some are killed at random moments.
@Tag("slow")
class KillTest {
    private static final byte[] MODEL = TinyGguf.of("pulled", 500_000);

    @TempDir Path folder;
    private final FakeHub server = new FakeHub();
    private final List<Process> started = new ArrayList<>();
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        server.files.put("m-Q4_K_M.gguf", MODEL);
        server.pauseMillis = 1;
        file = Files.write(folder.resolve("file.gguf"), TinyGguf.of("file", 300_000));
    }

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
        server.close();
    }

    private Process start(long seed, int rounds) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                StoreWorker.class.getName(),
                                folder.resolve("home").toString(),
                                server.endpoint(),
                                file.toString(),
                                Long.toString(seed),
                                Integer.toString(rounds))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log" + seed).toFile())
                        .start();
        started.add(process);
        return process;
    }

    private void awaitReady(long seed) throws IOException, InterruptedException {
        Path log = folder.resolve("log" + seed);
        for (int i = 0; i < 600 && !Files.readString(log).contains("ready"); i++) {
            Thread.sleep(20);
        }
    }

    @Test
    void killedProcessesLeaveNothingDamagedAndARepetitionFinishes() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        int kills = 0;
        for (long run = 0; System.nanoTime() < end || kills < 5; run++) {
            Process process = start(run, 1_000_000);
            awaitReady(run);
            Thread.sleep(random.nextInt(700));
            assertThat(process.isAlive())
                    .as("seed %d: %s", seed, Files.readString(folder.resolve("log" + run)))
                    .isTrue();
            process.destroyForcibly().waitFor();
            kills++;
            checkEverything("seed " + seed + ", kill " + kills);
        }
        finishEverything();
    }

    @Test
    void processesThatWorkAtTheSameTimeDoNotDisturbEachOther() throws Exception {
        List<Process> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            workers.add(start(100 + i, 60));
        }
        for (Process worker : workers) {
            assertThat(worker.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(folder.resolve("log" + (100 + i))).content().endsWith("done\n");
        }
        checkEverything("after all");
        finishEverything();
    }

    private Hub hub() {
        return Hub.open(
                folder.resolve("home"),
                Map.of("HF_ENDPOINT", server.endpoint()),
                Duration.ofSeconds(5));
    }

    /// Every name resolves, and every blob has the bytes its name says.
    private void checkEverything(String when) throws IOException {
        ModelStore store = hub().store();
        for (ModelSummary model : store.list()) {
            assertThat(model.details().format()).as(when).isEqualTo("gguf");
            Path path = store.model(model.name().full()).path();
            assertThat(Files.size(path)).as(when).isGreaterThan(1_000_000);
        }
        for (ContentId id : store.blobs().list()) {
            assertThat(ContentId.of(store.blobs().path(id))).as(when).isEqualTo(id);
        }
    }

    /// What was interrupted can be repeated, and at the end nothing is left over.
    private void finishEverything() throws IOException {
        Hub hub = hub();
        server.pauseMillis = 0;
        StoredModel pulled =
                hub.pull("hf.co/u/r:Q4_K_M", PullOptions.defaults(), ProgressListener.none());
        assertThat(pulled.path()).hasBinaryContent(MODEL);
        for (ModelSummary model : hub.store().list()) {
            hub.store().remove(model.name().full());
        }
        assertThat(hub.store().list()).isEmpty();
        assertThat(hub.store().blobs().list()).isEmpty();
        try (var files = Files.list(folder.resolve("home/models/blobs"))) {
            assertThat(files.map(f -> String.valueOf(f.getFileName())))
                    .containsExactlyInAnyOrder("collect.lock", "partial", "pinned");
        }
        try (var views = Files.list(folder.resolve("home/models/views"))) {
            assertThat(views).isEmpty();
        }
    }
}
