package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.DocumentStore;
import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.DocumentStore.Page;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed in the middle of a batch, and one that goes on.
class BatchKillTest {
    @TempDir Path home;

    private Process serve(int delayMillis) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Djebena.test.delay=" + delayMillis,
                        ServeMain.class.getName(),
                        home.toString(),
                        "0",
                        "fake")
                .redirectErrorStream(true)
                .start();
    }

    private static String address(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("listening on ")) {
                return line.substring("listening on ".length());
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("the server did not start: " + said);
    }

    private static Node send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return Node.parse(client.send(request.build(), BodyHandlers.ofString()).body());
        }
    }

    private static HttpRequest.Builder to(String base, String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    @Test
    void noFinishedLineIsDoneAgain() throws Exception {
        // Makes the models; the server in the other process finds them.
        String batch;
        try (RunningServer first = new RunningServer(home, FakeLlm.Settings.defaults())) {
            assertThat(first.get("/v1/models").statusCode()).isEqualTo(200);
        }
        Process killed = serve(30);
        try {
            batch = submit(address(killed));
            awaitLines(batch, 5);
        } finally {
            killed.destroyForcibly().waitFor();
        }
        Map<String, String> before = results(batch);
        assertThat(before.size()).isBetween(5, 79);
        Process resumed = serve(0);
        try {
            String base = address(resumed);
            Node done = send(to(base, "/v1/batches/" + batch).GET());
            for (int i = 0; i < 1000 && !done.text("status").equals("completed"); i++) {
                Thread.sleep(20);
                done = send(to(base, "/v1/batches/" + batch).GET());
            }
            assertThat(done.integer("request_counts.completed")).isEqualTo(80);
        } finally {
            resumed.destroyForcibly().waitFor();
        }
        assertThat(results(batch)).containsAllEntriesOf(before).hasSize(80);
    }

    private static String submit(String base) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 80; i++) {
            lines.append(
                    BatchRoutesTest.line(
                            "r" + i,
                            "/v1/completions",
                            "{\"model\":\"smollm2\",\"prompt\":\"hi\",\"max_tokens\":3}"));
        }
        String form =
                "--xXx\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--xXx\r\n"
                        + "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
                        + lines
                        + "\r\n--xXx--\r\n";
        Node file =
                send(
                        to(base, "/v1/files")
                                .header("Content-Type", "multipart/form-data; boundary=xXx")
                                .POST(BodyPublishers.ofString(form)));
        return send(to(base, "/v1/batches")
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/completions\",\"completion_window\":\"24h\"}"
                                                .formatted(file.text("id")))))
                .text("id");
    }

    private void awaitLines(String batch, int count) throws InterruptedException {
        for (int i = 0; i < 1000 && results(batch).size() < count; i++) {
            Thread.sleep(20);
        }
    }

    /// The id of the answer of each line that is kept.
    private Map<String, String> results(String batch) {
        try (DocumentStore store =
                DocumentStore.open(home.resolve("server").resolve("documents.db"))) {
            return store.list("batch_done", batch, new Page(1000, false, null)).documents().stream()
                    .collect(
                            Collectors.toMap(
                                    Document::id,
                                    d -> new Node(d.json()).text("response.body.id"),
                                    (a, _) -> a,
                                    TreeMap::new));
        }
    }
}
