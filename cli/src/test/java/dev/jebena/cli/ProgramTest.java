package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The program as a process of its own: on pipes, on a pseudo terminal, as a server.
@Tag("slow")
class ProgramTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void storeToy() {
        ToyModels.store("toy", ToyModels.chat());
    }

    @AfterEach
    void endProcesses() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    static boolean hasScript() {
        return Files.isExecutable(SCRIPT);
    }

    private static List<String> command(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "dev.jebena.cli.Main"));
        command.addAll(List.of(args));
        return command;
    }

    /// A process and what it has written so far.
    private final class Started {
        final Process process;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        Started(List<String> command) throws IOException {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            started.add(process);
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            process.getInputStream().transferTo(written);
                        } catch (IOException e) {
                            // The process has ended.
                            written.writeBytes(new byte[0]);
                        }
                    });
        }

        String written() {
            return written.toString(StandardCharsets.UTF_8);
        }

        Matcher await(String pattern) throws InterruptedException {
            Pattern compiled = Pattern.compile(pattern);
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (true) {
                Matcher matcher = compiled.matcher(written());
                if (matcher.find()) {
                    return matcher;
                }
                if (System.nanoTime() > end) {
                    throw new AssertionError("never written: " + pattern + "\n" + written());
                }
                Thread.sleep(20);
            }
        }

        void type(String line) throws IOException {
            OutputStream keyboard = process.getOutputStream();
            keyboard.write((line + "\r").getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
        }
    }

    @Test
    void aReaderThatGoesAwayEndsTheProgramWithoutAnError() throws Exception {
        Process process = new ProcessBuilder(command("tokenize", "toy", "--ids")).start();
        started.add(process);
        process.getOutputStream()
                .write("many words ".repeat(200_000).getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        process.getInputStream().readNBytes(10);
        process.getInputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .doesNotContain("\tat ", "internal error");
    }

    @Test
    @EnabledIf("hasScript")
    void aConversationWorksOnARealTerminal() throws Exception {
        String line = "'" + String.join("' '", command("run", "toy", "--max-tokens", "4")) + "'";
        Started program = new Started(List.of(SCRIPT.toString(), "-qec", line, "/dev/null"));
        program.await("/help lists the commands");
        program.type("/set parameter seed 5");
        program.await("seed = 5");
        program.type("\"\"\"first line");
        program.type("second line\"\"\"");
        program.type("/show messages");
        program.await("user: first line\\s+second line\\s+assistant: ");
        program.type("/bye");
        assertThat(program.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(program.process.exitValue()).isZero();
    }

    @Test
    void serveAnswersBrowsersAndProgramsAndEndsWhenItIsTold() throws Exception {
        Started program = new Started(command("serve", "--port", "0"));
        String address = program.await("serves at (http://127\\.0\\.0\\.1:[0-9]+)").group(1);
        assertThat(get(address, "text/html").body()).startsWith("<!doctype html>");
        assertThat(get(address, "*/*").body()).doesNotContain("<html");
        assertThat(get(address + "/v1/models", "*/*").body()).contains("\"toy:latest\"");
        String everyParameterOfThePage =
                """
                {"model": "toy:latest", "messages": [{"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Hello"}], "stream": true,
                "stream_options": {"include_usage": true}, "temperature": 0.3, "top_p": 0.9,
                "top_k": 12, "min_p": 0.02, "repeat_penalty": 1.1, "max_tokens": 5, "seed": 7}\
                """;
        String answer = post(address + "/v1/chat/completions", everyParameterOfThePage);
        assertThat(answer)
                .contains("\"finish_reason\":\"length\"", "\"completion_tokens\":5")
                .endsWith("data: [DONE]\n\n");
        assertThat(CommandRun.of("ps", "--url", address).out()).contains("toy:latest");
        assertThat(CommandRun.of("stop", "toy", "--url", address).status()).isZero();
        program.process.destroy();
        assertThat(program.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static HttpResponse<String> get(String address, String accept) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(address)).header("Accept", accept).build(),
                    BodyHandlers.ofString());
        }
    }

    private static String post(String address, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(address))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }
}
