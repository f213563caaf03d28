package dev.jebena.cli;

import dev.jebena.hub.HubSettings;
import dev.jebena.hub.StoredModel;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import dev.jebena.transformers.Pipeline;
import dev.jebena.transformers.Task;
import dev.jebena.transformers.Transformers;
import dev.jebena.transformers.TransformersOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pipeline",
        description = {
            "Runs models of transformers: classify, tag, answer, sum up.",
            "TASK is auto for what the model's card and configuration say.",
            "The model's files are fetched into the cache that Python's client has, too.",
            "sentence-similarity compares the first text with the others."
        },
        footer = {
            "  jebena pipeline auto org/sentiment \"I like it\"",
            "  jebena pipeline fill-mask org/bert \"A [MASK] of coffee\" --set top_k=3",
            "  jebena pipeline token-classification ./model < lines.txt --json \\",
            "      --set aggregation_strategy=simple",
            "  jebena pipeline question-answering org/qa \"Who?\" --context \"Ada did it.\"",
            "  jebena pipeline zero-shot-classification org/nli \"A new phone\" \\",
            "      --set candidate_labels=technology,food",
            "  jebena pipeline summarization org/bart - < article.txt --set max_length=60"
        })
final class PipelineCommand extends JebenaCommand {
    /// The names of tasks, for completion.
    static final class Tasks extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Tasks() {
            add("auto");
            addAll(Task.names());
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "TASK",
            completionCandidates = Tasks.class,
            description = "auto, or a task by its name in transformers.")
    String task = "auto";

    @Parameters(
            index = "1",
            paramLabel = "MODEL",
            description = "A repository org/name of the hub, a folder, or a model of the store.")
    String model = "";

    @Parameters(
            index = "2..*",
            paramLabel = "TEXT",
            description = "Texts; - for all of standard input, its lines one by one if absent.")
    @Nullable List<String> texts;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = {
                "A parameter by its name in transformers, as JSON or as plain text;",
                "may be repeated."
            })
    List<String> parameters = new ArrayList<>();

    @Option(
            names = "--context",
            paramLabel = "TEXT",
            description = "question-answering: where the answer is.")
    @Nullable String context;

    @Option(
            names = "--context-file",
            paramLabel = "FILE",
            description = "question-answering: the file where the answer is.")
    @Nullable Path contextFile;

    @Option(
            names = "--pair",
            paramLabel = "TEXT",
            description = "text-classification: the second text.")
    @Nullable String pair;

    @Option(
            names = "--revision",
            paramLabel = "REV",
            description = "A branch, tag or commit (default ${DEFAULT-VALUE}).",
            defaultValue = "main")
    String revision = "main";

    @Option(names = "--endpoint", paramLabel = "URL", description = "The hub's address.")
    @Nullable String endpoint;

    @Option(names = "--token", paramLabel = "TOKEN", description = "Who asks; else HF_TOKEN's.")
    @Nullable String token;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where downloads are kept; else HF_HUB_CACHE's.")
    @Nullable Path cache;

    @Option(names = "--json", description = "Print one line of JSON for each text.")
    boolean json;

    @Override
    int run() throws Exception {
        Task<?> wanted = task.equals("auto") ? null : Task.of(task);
        Map<String, @Nullable Object> given = given();
        String place = place();
        ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());
        try (Pipeline pipeline =
                wanted == null
                        ? Transformers.load(place, options(), progress)
                        : Transformers.load(place, wanted, options(), progress)) {
            progress.finish();
            for (Object input : inputs(pipeline.task())) {
                Object answer = pipeline.run(input, given);
                System.out.print(json ? Json.write(answer) + "\n" : PipelineText.of(answer));
            }
        } finally {
            progress.finish();
        }
        return ExitCode.OK;
    }

    /// The folder of a model of the store, unless a hub is asked for.
    private String place() {
        if (endpoint != null || cache != null || token != null || !revision.equals("main")) {
            return model;
        }
        try (Models models = Models.open()) {
            return models.find(model)
                    .map(StoredModel::path)
                    .filter(Files::isDirectory)
                    .map(Path::toString)
                    .orElse(model);
        }
    }

    private TransformersOptions options() {
        HubSettings hub = HubSettings.of(System.getenv());
        hub = endpoint == null ? hub : hub.withEndpoint(endpoint);
        hub = token == null ? hub : hub.withToken(token);
        hub = cache == null ? hub : hub.withCache(cache);
        return TransformersOptions.defaults().withRevision(revision).withHub(hub);
    }

    private Map<String, @Nullable Object> given() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw UserError.usage("--set wants NAME=VALUE, found '" + parameter + "'");
            }
            all.put(parameter.substring(0, equals), value(parameter.substring(equals + 1)));
        }
        return all;
    }

    private static @Nullable Object value(String text) {
        try {
            return Json.parse(text);
        } catch (JsonException e) {
            return text;
        }
    }

    private List<Object> inputs(Task<?> doing) throws Exception {
        List<String> given = given(doing);
        if (doing == Task.SENTENCE_SIMILARITY) {
            if (given.size() < 2) {
                throw UserError.usage("sentence-similarity needs at least two texts");
            }
            return List.of(
                    Map.of(
                            "source_sentence",
                            given.getFirst(),
                            "sentences",
                            given.subList(1, given.size())));
        }
        if (doing == Task.QUESTION_ANSWERING) {
            String where = contextFile == null ? context : Files.readString(contextFile);
            if (where == null) {
                throw UserError.usage("question-answering needs --context or --context-file");
            }
            return given.stream()
                    .<Object>map(question -> Map.of("question", question, "context", where))
                    .toList();
        }
        if (context != null || contextFile != null) {
            throw UserError.usage("--context is for question-answering, not for " + doing);
        }
        if (pair != null && doing != Task.TEXT_CLASSIFICATION) {
            throw UserError.usage("--pair is for text-classification, not for " + doing);
        }
        String second = pair;
        return given.stream()
                .<Object>map(
                        text -> second == null ? text : Map.of("text", text, "text_pair", second))
                .toList();
    }

    private List<String> given(Task<?> doing) throws Exception {
        if (texts == null) {
            List<String> lines = Input.all().lines().filter(line -> !line.isBlank()).toList();
            if (lines.isEmpty()) {
                throw UserError.usage(
                        "no text for %s: give one as an argument or on standard input"
                                .formatted(doing));
            }
            return lines;
        }
        return texts.equals(List.of("-")) ? List.of(Input.all().stripTrailing()) : texts;
    }
}
