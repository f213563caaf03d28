package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelRecipe;
import dev.jebena.json.Json;
import dev.jebena.nn.Weights;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jebena pipeline` with models of folders and of a hub of ours, and the same tasks over HTTP.
class PipelineCommandTest {
    private static final Path MODELS = Path.of("../transformers/src/test/resources/models");
    private static final String TOKEN = "hf_jebenatesttoken";
    private static final String TEXT = "The old coffee pot stood in Addis Ababa.";

    @TempDir Path folder;
    private JebenaServer server;

    @BeforeEach
    void start() {
        Repositories repositories =
                Repositories.open(
                        RepositoryOptions.in(folder.resolve("repositories")).ownerToken(TOKEN));
        Hub hub = Hub.open(folder.resolve("home"), Map.of());
        hub.store()
                .create(
                        "sentiment",
                        ModelRecipe.from(model("bert-text-classification").toString()),
                        ProgressListener.none());
        server =
                JebenaServer.start(
                                ServingOptions.defaults()
                                        .http(HttpServerOptions.defaults().port(0)),
                                hub,
                                router -> RepositoryRoutes.mount(router, repositories))
                        .closing(repositories::close);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// One of the small models, with numbers that mean nothing.
    private Path model(String name) {
        try {
            Map<String, @Nullable Object> file =
                    Json.object(Json.parse(Files.readString(MODELS.resolve(name + ".json"))));
            Path made = Files.createDirectories(folder.resolve(name));
            Path vocabulary = MODELS.resolve("tokenizers/" + file.get("tokenizer"));
            try (Stream<Path> files = Files.list(vocabulary)) {
                for (Path each : files.toList()) {
                    Path copy = made.resolve(each.getFileName());
                    if (!Files.exists(copy)) {
                        Files.copy(each, copy);
                    }
                }
            }
            Files.writeString(made.resolve("config.json"), Json.write(file.get("config")));
            Rng rng = Rng.seed(7);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Json.object(file.get("tensors"))
                    .forEach((key, shape) -> {
                        int[] dims =
                                Json.array(shape).stream()
                                        .mapToInt(dim -> Integer.parseInt(String.valueOf(dim)))
                                        .toArray();
                        tensors.put(key, rng.normal(dims));
                    });
            new Weights(tensors, Map.of()).save(made.resolve("model.safetensors"));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CommandRun pipeline(String... args) {
        List<String> words = new ArrayList<>(List.of("pipeline"));
        words.addAll(List.of(args));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private static String ok(String... args) {
        CommandRun run = pipeline(args);
        assertThat(run.status()).as(run.err()).isZero();
        return run.out();
    }

    @Test
    void aFolderDoesWhatItWasMadeFor() {
        String model = model("bert-text-classification").toString();
        assertThat(ok("auto", model, TEXT))
                .matches("(negative|neutral|positive)   [01]\\.\\d{4}\n");
        String all = ok("text-classification", model, TEXT, "--set", "top_k=3", "--json");
        assertThat(Json.array(Json.parse(all))).hasSize(3);
        assertThat(pipelineInput("a\n\nb\n", "auto", model).lines()).hasSize(2);
        assertThat(ok("auto", model, TEXT, "--pair", "Another text")).isNotBlank();
    }

    private static String pipelineInput(String input, String... args) {
        List<String> words = new ArrayList<>(List.of("pipeline"));
        words.addAll(List.of(args));
        CommandRun run = CommandRun.withInput(input, words.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        return run.out();
    }

    @Test
    void otherTasksTakeTheirOwnInputs() {
        assertThat(
                        ok(
                                        "zero-shot-classification",
                                        model("bert-zero-shot-classification").toString(),
                                        TEXT,
                                        "--set",
                                        "candidate_labels=coffee,music")
                                .lines())
                .hasSize(2)
                .allMatch(line -> line.matches("[01]\\.\\d{4}   (coffee|music)"));
        assertThat(
                        ok(
                                "question-answering",
                                model("bert-question-answering").toString(),
                                "What stood there?",
                                "--context",
                                TEXT))
                .matches("(?s)[01]\\.\\d{4}   \\d+   \\d+ .*\n");
        assertThat(
                        ok(
                                        "fill-mask",
                                        model("bert-fill-mask").toString(),
                                        "The [MASK] pot",
                                        "--set",
                                        "top_k=2")
                                .lines())
                .hasSize(2);
        assertThat(
                        ok(
                                "sentence-similarity",
                                model("bert-feature-extraction").toString(),
                                TEXT,
                                TEXT))
                .isEqualTo("1.0000\n");
        assertThat(ok("translation", model("marian").toString(), TEXT, "--set", "max_new_tokens=4"))
                .endsWith("\n");
    }

    @Test
    void aRepositoryIsFetchedAndKept() {
        String url = server.uri().toString().replaceAll("/$", "");
        String cache = folder.resolve("cache").toString();
        CommandRun created =
                CommandRun.of(
                        "hub", "create", "jebena/tagger", "--endpoint", url, "--token", TOKEN);
        assertThat(created.status()).as(created.err()).isZero();
        String made = model("bert-token-classification").toString();
        CommandRun uploaded =
                CommandRun.of(
                        "hub",
                        "upload",
                        "jebena/tagger",
                        made,
                        "--endpoint",
                        url,
                        "--token",
                        TOKEN);
        assertThat(uploaded.status()).as(uploaded.err()).isZero();
        String[] line = {
            "auto",
            "jebena/tagger",
            TEXT,
            "--set",
            "aggregation_strategy=simple",
            "--set",
            "ignore_labels=[]",
            "--endpoint",
            url,
            "--cache",
            cache,
            "--token",
            TOKEN,
            "--json"
        };
        String first = ok(line);
        assertThat(first).contains("entity_group");
        server.close();
        assertThat(ok(line)).isEqualTo(first);
    }

    private void upload(String repository, String model, String url) {
        String made = model(model).toString();
        for (List<String> words :
                List.of(List.of("create", repository), List.of("upload", repository, made))) {
            List<String> line = new ArrayList<>(List.of("hub"));
            line.addAll(words);
            line.addAll(List.of("--endpoint", url, "--token", TOKEN));
            CommandRun run = CommandRun.of(line.toArray(String[]::new));
            assertThat(run.status()).as(run.err()).isZero();
        }
    }

    /// In a process of its own, which reads the hub's address from its environment.
    @Test
    void aRepositoryOfTextGenerationIsRunByItsName() throws Exception {
        String url = server.uri().toString().replaceAll("/$", "");
        upload("jebena/chatter", "llama", url);
        upload("jebena/masks", "bert-fill-mask", url);
        assertThat(
                        program(
                                url,
                                "run",
                                "jebena/chatter",
                                "Who?",
                                "--max-tokens=3",
                                "--accept-license"))
                .isZero();
        assertThat(written()).isNotBlank();
        assertThat(
                        program(
                                url,
                                "run",
                                "jebena/chatter",
                                "Who?",
                                "--max-tokens=3",
                                "--accept-license"))
                .isZero();
        assertThat(program(url, "run", "jebena/masks", "Who?", "--accept-license")).isEqualTo(1);
        assertThat(written())
                .contains("jebena/masks is made for fill-mask")
                .contains("jebena pipeline fill-mask jebena/masks TEXT");
        assertThat(program(url, "run", "jebena/nothing", "Who?")).isEqualTo(1);
        assertThat(written()).contains("jebena/nothing").doesNotContain("\tat ");
    }

    private int program(String url, String... args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(
                List.of(
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "dev.jebena.cli.Main"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("written").toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(empty().toFile()));
        builder.environment().put("HF_ENDPOINT", url);
        builder.environment().put("HF_TOKEN", TOKEN);
        builder.environment().put("HF_HOME", folder.resolve("hf").toString());
        builder.environment().put("JEBENA_HOME", folder.resolve("other-home").toString());
        return builder.start().waitFor();
    }

    private Path empty() throws IOException {
        return Files.writeString(folder.resolve("empty"), "");
    }

    private String written() throws IOException {
        return Files.readString(folder.resolve("written"));
    }

    @Test
    void wrongUsageIsOneMessage() {
        assertThat(pipeline("fill-mas", "x", "y"))
                .satisfies(run -> assertThat(run.status()).isNotZero())
                .satisfies(run -> assertThat(run.err()).contains("did you mean fill-mask?"));
        String model = model("bert-text-classification").toString();
        assertThat(pipeline("fill-mask", model, "y").err())
                .contains("is a BertForSequenceClassification")
                .contains("made for text-classification")
                .doesNotContain("\tat ");
        assertThat(pipeline("auto", model, "y", "--set", "topk=2").err())
                .contains("has no parameter 'topk'; did you mean top_k?");
        assertThat(pipeline("auto", model, "y", "--context", "z").err())
                .contains("--context is for question-answering");
        assertThat(pipeline("auto", folder + "/nothing", "y").err())
                .contains("there is no file or folder");
        CommandRun run = CommandRun.of("run", model, "hello");
        assertThat(run.status()).isNotZero();
        assertThat(run.err())
                .contains("made for text-classification")
                .contains("jebena pipeline text-classification " + model);
    }

    @Test
    void tasksAreDoneOverHttp() throws Exception {
        String body =
                "{\"inputs\": \""
                        + TEXT
                        + "\", \"parameters\": {\"function_to_apply\": \"sigmoid\"}}";
        List<?> answer = (List<?>) post("/models/sentiment", body, 200);
        assertThat((List<?>) answer.getFirst()).hasSize(3);
        assertThat(post("/pipeline/text-classification/sentiment", body, 200)).isEqualTo(answer);
        assertThat(post("/models/sentiment", "{\"inputs\": [\"a\", \"b\"]}", 200))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2);
        String open = "{\"inputs\": \"a\", \"parameters\": {\"candidate_labels\": [\"x\", \"y\"]}}";
        assertThat(String.valueOf(post("/models/sentiment", open, 200))).contains("labels=[");
        assertThat(String.valueOf(post("/pipeline/fill-mask/sentiment", body, 400)))
                .contains("is a BertForSequenceClassification");
        assertThat(String.valueOf(post("/pipeline/nothing/sentiment", body, 400)))
                .contains("there is no task 'nothing'");
        assertThat(String.valueOf(post("/models/nothing", body, 404))).contains("not found");
    }

    private Object post(String path, String body, int status) throws Exception {
        String url = server.uri().toString().replaceAll("/$", "") + path;
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            return Objects.requireNonNull(Json.parse(response.body()));
        }
    }
}
