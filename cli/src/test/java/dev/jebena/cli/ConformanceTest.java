package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.ProgressListener;
import dev.jebena.console.ConsoleRoutes;
import dev.jebena.hub.Hub;
import dev.jebena.hub.Modelfile;
import dev.jebena.hub.PullOptions;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingOptions;
import dev.jebena.tracking.TrackingRoutes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real clients of OpenAI, Anthropic, Ollama and Hugging Face against the assembled server with
/// real models: the project's conformance scripts, and the npm clients.
@Tag("slow")
class ConformanceTest {
    /// Not there yet: audio, images, fine-tuning, moderation. Not with these models: pictures,
    /// fill-in-the-middle. A registry to pull from is tested in `hub`.
    private static final String SKIP = "stt,tts,image,finetune,moderation,vision,fim,registry";

    private static final String CHAT = "smollm2";

    /// The same model with a template of models that think.
    private static final String THINKER =
            """
            FROM smollm2
            TEMPLATE \"\"\"{% for m in messages %}<|im_start|>{{ m.role }}
            {{ m.content }}<|im_end|>
            {% endfor %}<|im_start|>assistant
            <think>
            {% if enable_thinking is defined and not enable_thinking %}</think>

            {% endif %}\"\"\"
            """;

    /// Every check of a script, not only those whose names hold a word.
    private static final String ALL = "";

    private static final Path SCRIPTS =
            Path.of(System.getProperty("jebena.shared", "../shared"), "conformance", "llm");
    static final Path CACHE = cache();

    private static JebenaServer server;
    private static Tracking tracking;

    private static Path cache() {
        String folder = System.getProperty("jebena.cache", System.getenv("JEBENA_CACHE"));
        return folder != null
                ? Path.of(folder)
                : Path.of(System.getProperty("java.io.tmpdir"), "jebena-test-cache");
    }

    @BeforeAll
    static void start(@TempDir Path data) {
        assumeTrue(
                Files.isRegularFile(SCRIPTS.resolve("run.sh")),
                "no conformance scripts at " + SCRIPTS);
        Hub hub = Hub.open(CACHE.resolve("conformance-home"));
        for (String model : List.of(CHAT, "minilm")) {
            hub.obtain(
                    model, PullOptions.defaults().withAcceptLicense(true), ProgressListener.none());
        }
        hub.create(
                "brief",
                Modelfile.parse("FROM smollm2\nPARAMETER stop .\n", Path.of("")),
                PullOptions.defaults(),
                ProgressListener.none());
        hub.create(
                "thinker",
                Modelfile.parse(THINKER, Path.of("")),
                PullOptions.defaults(),
                ProgressListener.none());
        ServingOptions options =
                ServingOptions.defaults().http(HttpServerOptions.defaults().port(0));
        tracking = Tracking.open(TrackingOptions.in(data));
        server =
                JebenaServer.start(
                        options,
                        hub,
                        router -> {
                            ConsoleRoutes.mount(router);
                            TrackingRoutes.mount(router, tracking);
                        });
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
            tracking.close();
        }
    }

    /// The helper of the openai client that runs to `content.done` raises for every answer that
    /// ends by length, so it needs a model that stops by itself within 24 tokens: smollm2, stopped
    /// at the end of its first sentence.
    @Test
    void openAiPythonClientPasses() throws Exception {
        assertPasses(SKIP, "brief", ALL, "openai_py");
    }

    /// Ollama has no `tool_choice`, and a model of this size calls no tool by itself.
    @Test
    void ollamaPythonClientPasses() throws Exception {
        assertPasses(SKIP + ",tools", CHAT, ALL, "ollama_py");
    }

    @Test
    void frameworksPass() throws Exception {
        assertPasses(SKIP, CHAT, ALL, "langchain_openai_py", "llama_index_ollama_py");
    }

    @Test
    void anthropicClientsPass() throws Exception {
        assertPasses(SKIP, CHAT, ALL, "anthropic_py", "anthropic_node");
    }

    @Test
    void huggingFaceInferenceClientPasses() throws Exception {
        assertPasses(SKIP, CHAT, ALL, "hf_inference_py");
    }

    /// What llama.cpp's server, vLLM, TGI, TEI and GPT4All answer and no client library calls.
    @Test
    void routesWithoutAClientLibraryAnswer() throws Exception {
        assertPasses(SKIP, CHAT, ALL, "server_extras");
    }

    @Test
    void lmStudioClientsPass() throws Exception {
        assertPasses(SKIP, CHAT, ALL, "lmstudio_py", "lmstudio_node");
    }

    /// The core of Tabby's editor plugins. What completes code need not fill in the middle: the
    /// model goes on from what is before the cursor.
    @Test
    void tabbyAgentPasses() throws Exception {
        assertPasses(SKIP.replace("fim,", ""), CHAT, ALL, "tabby_agent");
    }

    private static void assertPasses(String skip, String chatModel, String only, String... scripts)
            throws Exception {
        List<String> command =
                new ArrayList<>(List.of("bash", SCRIPTS.resolve("run.sh").toString()));
        command.addAll(List.of(scripts));
        List<String> output = run(clients(), skip, chatModel, only, command.toArray(String[]::new));
        assertThat(output).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(output.getLast()).matches("[1-9][0-9]* passed, 0 failed.*");
    }

    @Test
    void npmClientsPass() throws Exception {
        Path clients = clients();
        if (!Files.isDirectory(clients.resolve("node_modules"))) {
            run(
                    CACHE,
                    SKIP,
                    CHAT,
                    ALL,
                    "npm",
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--ignore-scripts",
                    "--prefix",
                    clients.toString());
        }
        for (String script :
                List.of("openai_node.mjs", "ollama_node.mjs", "huggingface_node.mjs")) {
            assertOwnScriptPasses(clients, script, "node");
        }
    }

    /// LangChain's Ollama package, and a validator of OpenAPI documents.
    @Test
    void pythonClientsPass() throws Exception {
        Path clients = clients();
        Path python = clients.resolve(".venv").resolve("bin").resolve("python");
        if (!Files.exists(python)) {
            // Installs the clients.
            assertPasses(SKIP, CHAT, ALL, "llama_index_ollama_py");
        }
        run(
                clients,
                SKIP,
                CHAT,
                ALL,
                python.toString(),
                "-m",
                "pip",
                "install",
                "-q",
                "openapi-spec-validator==0.9.0");
        assertOwnScriptPasses(clients, "langchain_ollama_py.py", python.toString());
        assertOwnScriptPasses(clients, "openapi_py.py", python.toString());
    }

    /// Runs a script of this module in the folder of the clients.
    private static void assertOwnScriptPasses(Path clients, String script, String interpreter)
            throws Exception {
        Path source =
                Path.of(
                        System.getProperty("jebena.root", ".."),
                        "cli",
                        "src",
                        "test",
                        "clients",
                        script);
        Files.copy(source, clients.resolve(script), StandardCopyOption.REPLACE_EXISTING);
        List<String> output = run(clients, SKIP, CHAT, ALL, interpreter, script);
        assertThat(output).as(script).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(output.getLast()).as(script).matches("[1-9][0-9]* passed, 0 failed");
    }

    /// Where the clients are installed, with the scripts copied there.
    private static Path clients() throws IOException {
        Path clients = Files.createDirectories(CACHE.resolve("clients"));
        for (String name : List.of("_common.mjs", "package.json")) {
            Files.copy(
                    SCRIPTS.resolve(name),
                    clients.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return clients;
    }

    private static List<String> run(
            Path folder, String skip, String chatModel, String only, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "JEBENA_URL",
                                server.uri().toString().replaceAll("/$", ""),
                                "JEBENA_CLIENTS_HOME",
                                CACHE.resolve("clients").toString(),
                                "JEBENA_CHAT_MODEL",
                                chatModel,
                                "JEBENA_THINK_MODEL",
                                "thinker",
                                "JEBENA_SKIP",
                                skip,
                                "JEBENA_ONLY",
                                only));
        Process process = builder.start();
        process.getOutputStream().close();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                System.out.println("  " + line);
                if (!line.isBlank()) {
                    lines.add(line);
                }
            }
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        lines.addFirst("");
        return lines;
    }
}
