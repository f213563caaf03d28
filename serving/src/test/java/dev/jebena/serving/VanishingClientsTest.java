package dev.jebena.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.Modelfile;
import dev.jebena.llm.EngineStats;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many streams of a real engine at once, of which a third is abandoned.
@Tag("slow")
class VanishingClientsTest {
    private static final int CLIENTS = 200;
    private static final int TOKENS = 200;
    private static final long PATIENCE_SECONDS = 300;

    /// Bodies whose model is `toy`; `%d` is the seed of the answer.
    private static final Map<String, String> BODIES =
            Map.of(
                    "/v1/chat/completions",
                    "{\"model\":\"toy\",\"messages\":[{\"role\":\"user\",\"content\":\"hello %d\"}],"
                            + "\"stream\":true,\"max_tokens\":"
                            + TOKENS
                            + "}",
                    "/v1/completions",
                    "{\"model\":\"toy\",\"prompt\":\"the sea %d\",\"stream\":true,\"max_tokens\":"
                            + TOKENS
                            + "}",
                    "/api/chat",
                    "{\"model\":\"toy\",\"messages\":[{\"role\":\"user\",\"content\":\"hello %d\"}],"
                            + "\"options\":{\"num_predict\":"
                            + TOKENS
                            + "}}",
                    "/api/generate",
                    "{\"model\":\"toy\",\"prompt\":\"the sea %d\",\"options\":{\"num_predict\":"
                            + TOKENS
                            + "}}");

    @TempDir private Path home;

    /// When a client leaves: after so many bytes of its reply (0: before it reads any) and so many
    /// milliseconds, with an orderly end or with a reset.
    private record Departure(int bytes, int millis, boolean reset) {
        static Departure random(Random random) {
            return new Departure(
                    random.nextInt(3) == 0 ? 0 : random.nextInt(6000),
                    random.nextInt(100),
                    random.nextBoolean());
        }
    }

    @Test
    void abandonedStreamsLeaveNothingBehind() throws Exception {
        long seed = Long.getLong("jebena.fuzz.seed", 20);
        System.out.println("seed " + seed);
        long threadsAtFirst = threads("");
        try (JebenaServer server = serve()) {
            assertThat(whole(server, "/api/generate", 0)).contains("\"done\":true");
            await(() -> "the first answer", () -> stats(server).running() == 0);
            long engineThreads = engineThreads();
            long sockets = sockets();

            burst(server, new Random(seed));

            await(() -> "engine " + stats(server), () -> isIdle(stats(server)));
            // Whole answers and a part of each abandoned one, not all of those to the end.
            assertThat(stats(server).answerTokens()).isLessThan(CLIENTS * TOKENS * 9L / 10);
            await(
                    () -> "users",
                    () -> server.pool().loaded().stream().allMatch(m -> m.users() == 0));
            await(() -> sockets() + " sockets, " + sockets + " before", () -> sockets() <= sockets);
            assertThat(engineThreads()).isEqualTo(engineThreads);
            assertThat(server.pool().loads()).isEqualTo(1);
            assertThat(whole(server, "/v1/completions", 1)).contains("data: [DONE]");
        }
        await(
                () -> threads("") + " threads, " + threadsAtFirst + " before",
                () -> threads("") <= threadsAtFirst);
    }

    private JebenaServer serve() throws IOException {
        Path golden = Path.of(System.getProperty("jebena.shared", "../../shared"));
        try (InputStream in =
                new GZIPInputStream(
                        Files.newInputStream(golden.resolve("golden/models/llama-F32.gguf.gz")))) {
            Files.copy(in, home.resolve("toy.gguf"), StandardCopyOption.REPLACE_EXISTING);
        }
        Hub hub = Hub.open(home, Map.of());
        String modelfile =
                "FROM ./toy.gguf\nTEMPLATE {% for m in messages %}{{ m.content }}{% endfor %}";
        hub.store().create("toy", Modelfile.parse(modelfile, home), ProgressListener.none());
        return JebenaServer.start(RunningServer.options(), hub);
    }

    /// All clients at once; returns when each has its answer or is gone.
    private static void burst(JebenaServer server, Random random) throws Exception {
        List<String> paths = BODIES.keySet().stream().sorted().toList();
        List<Callable<String>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String path = paths.get(random.nextInt(paths.size()));
            int number = i;
            if (i % 3 == 0) {
                Departure departure = Departure.random(random);
                clients.add(() -> abandoned(server, path, number, departure));
            } else {
                clients.add(() -> whole(server, path, number));
            }
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> replies =
                    executor.invokeAll(clients, PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (int i = 0; i < CLIENTS; i++) {
                String reply = replies.get(i).get();
                if (i % 3 != 0) {
                    assertThat(reply)
                            .as("client %d", i)
                            .startsWith("HTTP/1.1 200")
                            .containsAnyOf("data: [DONE]", "\"done\":true");
                }
            }
        }
    }

    private static Socket send(JebenaServer server, String path, int number) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        byte[] body = BODIES.getOrDefault(path, "").formatted(number).getBytes(UTF_8);
        String head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(path, body.length);
        socket.getOutputStream().write(head.getBytes(UTF_8));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return socket;
    }

    private static String whole(JebenaServer server, String path, int number) throws IOException {
        try (Socket socket = send(server, path, number)) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static String abandoned(
            JebenaServer server, String path, int number, Departure departure)
            throws IOException, InterruptedException {
        try (Socket socket = send(server, path, number)) {
            int read = socket.getInputStream().readNBytes(departure.bytes).length;
            Thread.sleep(departure.millis);
            if (departure.reset) {
                socket.setSoLinger(true, 0);
            }
            return "left after " + read;
        }
    }

    private static EngineStats stats(JebenaServer server) {
        return server.pool().loaded().getFirst().stats();
    }

    // A page that the prefix cache keeps belongs to no sequence and does not count as used.
    private static boolean isIdle(EngineStats stats) {
        return stats.running() == 0 && stats.waiting() == 0 && stats.kvPagesUsed() == 0;
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("jebena" + name))
                .count();
    }

    /// Without those of the connections' pool, which has its own limit and shrinks later.
    private static long engineThreads() {
        return threads("") - threads("-http");
    }

    /// Open sockets of this process; 0 where the system does not tell.
    private static long sockets() {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(open)) {
            return files.filter(VanishingClientsTest::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException _) {
            return false;
        }
    }

    private static void await(Supplier<String> what, BooleanSupplier condition)
            throws InterruptedException {
        for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }
}
