package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Token;
import dev.jebena.transformers.Task;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Hugging Face's text-generation-inference (`/generate`, `/generate_stream`, `/info`, and both at
/// `/`), text-embeddings-inference (`/embed`), and the tasks at `/models/{id}` as its hosted
/// inference has them. Requests name no model: the default one is meant, or the path's.
final class TgiRoutes {
    private static final int DEFAULT_TOKENS = 100;
    private static final int MAX_TOP_TOKENS = 100;
    private static final int MAX_BEST_OF = 16;

    private final ModelAccess models;
    private final PipelinePool pipelines = new PipelinePool();

    private TgiRoutes(ModelAccess models) {
        this.models = models;
    }

    static void register(Router router, ModelAccess models) {
        TgiRoutes routes = new TgiRoutes(models);
        router.post("/generate", EngineErrors.translating(routes::generate))
                .post("/generate_stream", EngineErrors.translating(routes::generateStream))
                .post("/", EngineErrors.translating(routes::generateEither))
                .post("/models/{id...}", EngineErrors.translating(routes::task))
                .post("/pipeline/{task}/{id...}", EngineErrors.translating(routes::namedTask))
                .post("/embed", EngineErrors.translating(routes::embed))
                // With a data set it is the hub's.
                .route(
                        "GET",
                        "/info",
                        exchange -> exchange.query("dataset") == null,
                        EngineErrors.translating(routes::info));
        for (String path : List.of("/generate", "/models/", "/pipeline/", "/embed", "/info")) {
            router.errors(path, TgiRoutes::error);
        }
    }

    /// `{"error": message, "error_type"}`.
    static Object error(HttpException problem) {
        String type =
                problem.status() == 429
                        ? "overloaded"
                        : problem.status() >= 500 ? "generation" : "validation";
        return HttpJson.object("error", problem.message(), "error_type", type);
    }

    private void generate(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        try (ModelLease lease = models.open(request.string("model"))) {
            answer(exchange, request, lease, false, false);
        }
    }

    private void generateStream(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        try (ModelLease lease = models.open(request.string("model"))) {
            answer(exchange, request, lease, true, false);
        }
    }

    private void generateEither(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        try (ModelLease lease = models.open(request.string("model"))) {
            answer(exchange, request, lease, request.flag("stream", false), true);
        }
    }

    /// The path's task with the path's model.
    private void namedTask(HttpExchange exchange) throws IOException {
        Task<?> task = Task.of(String.valueOf(exchange.parameter("task")));
        if (task == Task.FEATURE_EXTRACTION
                || task == Task.SENTENCE_SIMILARITY
                || task == Task.TEXT_GENERATION) {
            task(exchange);
        } else {
            RequestFields request = new RequestFields(exchange.json());
            pipeline(exchange, request, models.find(exchange.parameter("id")), task);
        }
    }

    private void pipeline(
            HttpExchange exchange, RequestFields request, StoredModel model, Task<?> task)
            throws IOException {
        RequestFields given = request.object("parameters");
        Map<String, @Nullable Object> parameters = given == null ? Map.of() : given.values();
        // The same model does both, and only a card tells which; the hosted inference has no path
        // for the second.
        boolean open =
                task == Task.TEXT_CLASSIFICATION && parameters.containsKey("candidate_labels");
        Task<?> meant = open ? Task.ZERO_SHOT_CLASSIFICATION : task;
        exchange.json(200, pipelines.run(model, meant, request.value("inputs"), parameters));
    }

    /// What the path's model can do with `inputs`: its own task, or compare, embed, continue.
    private void task(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        Optional<StoredModel> stored = models.catalog().find(exchange.parameter("id"));
        Optional<Task<?>> own = stored.flatMap(PipelinePool::taskOf);
        if (stored.isPresent() && own.isPresent()) {
            pipeline(exchange, request, stored.get(), own.get());
            return;
        }
        try (ModelLease lease = models.open(exchange.parameter("id"))) {
            if (lease.llm().info().generates()) {
                answer(exchange, request, lease, request.flag("stream", false), true);
            } else if (request.value("inputs") instanceof Map<?, ?>) {
                exchange.json(200, ScoringRoutes.sentences(request, lease));
            } else {
                exchange.json(200, vectors(request, lease));
            }
        }
    }

    private void embed(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        try (ModelLease lease =
                models.open(models.findEmbedding(request.string("model")), 0, null)) {
            exchange.json(200, vectors(request, lease));
        }
    }

    private static List<float[]> vectors(RequestFields request, ModelLease lease) {
        if (request.has("prompt_name")) {
            throw request.invalid(
                    "prompt_name", "the model names no prompts; write the prompt before each text");
        }
        boolean normalize = request.flag("normalize", true);
        Long dimensions = request.integer("dimensions", 1, Integer.MAX_VALUE);
        boolean truncate = request.flag("truncate", false);
        return Embeddings.of(request, "inputs", lease, truncate, dimensions, normalize).vectors();
    }

    private void answer(
            HttpExchange exchange,
            RequestFields request,
            ModelLease lease,
            boolean stream,
            boolean inList)
            throws IOException {
        Llm llm = ModelAccess.generating(lease);
        RequestFields given = request.object("parameters");
        RequestFields parameters = given == null ? new RequestFields(HttpJson.object()) : given;
        String inputs = request.required("inputs");
        int[] ids = ChatPrompt.encode(llm.tokenizer(), inputs);
        int kept = parameters.integer("truncate", 1, Integer.MAX_VALUE, ids.length + 1);
        ids = Arrays.copyOfRange(ids, Math.max(0, ids.length - kept), ids.length);
        if (ids.length == 0) {
            throw request.invalid("inputs", "it has no tokens");
        }
        Generation options = options(parameters, lease, stream);
        List<Token> prefill = prefill(exchange, parameters, lease, ids, options, stream);
        TgiReply reply =
                new TgiReply(exchange, parameters, inputs, lease, options, ids.length, prefill);
        int best = parameters.integer("best_of", 1, MAX_BEST_OF, 1);
        if (best > 1 && (stream || options.temperature() == 0)) {
            throw parameters.invalid(
                    "best_of",
                    stream
                            ? "is not possible with a stream"
                            : "needs sampling: all sequences would be the same");
        }
        try (Answers answers = models.start(exchange, lease, List.of(ids), options, best)) {
            if (stream) {
                reply.stream(answers);
            } else {
                reply.whole(answers, best, inList);
            }
        }
    }

    /// The prompt's tokens with `decoder_input_details`.
    private List<Token> prefill(
            HttpExchange exchange,
            RequestFields parameters,
            ModelLease lease,
            int[] ids,
            Generation options,
            boolean stream)
            throws IOException {
        if (!parameters.flag("decoder_input_details", false)) {
            return List.of();
        }
        if (stream || !parameters.flag("details", false)) {
            throw parameters.invalid(
                    "decoder_input_details",
                    stream ? "is not possible with a stream" : "needs 'details': true");
        }
        return PromptScores.of(exchange, models, lease, ids, options, 0);
    }

    private static Generation options(RequestFields parameters, ModelLease lease, boolean stream) {
        if (parameters.flag("watermark", false)) {
            throw parameters.invalid("watermark", "answers are not watermarked");
        }
        Generation base = Generation.defaults().temperature(1).topK(0).topP(1).minP(0);
        Generation options = SamplingFields.of(parameters, lease, base);
        // Greedy unless the request says otherwise, as TGI decides it.
        boolean sampled =
                parameters.flag("do_sample", false)
                        || List.of("temperature", "top_k", "top_p", "typical_p").stream()
                                .anyMatch(parameters::has);
        if (!sampled) {
            options = options.temperature(0);
        }
        if (parameters.has("stop_sequences") && !parameters.has("stop")) {
            options = options.stop(SamplingFields.stops(parameters, "stop_sequences"));
        }
        options = options.constraint(OutputFormat.ofTgi(parameters));
        int top = parameters.integer("top_n_tokens", 0, MAX_TOP_TOKENS, 0);
        boolean scored = stream || parameters.flag("details", false) || parameters.has("best_of");
        return options.maxTokens(
                        parameters.integer("max_new_tokens", 1, Integer.MAX_VALUE, DEFAULT_TOKENS))
                .logprobs(scored ? top : -1);
    }

    private void info(HttpExchange exchange) throws IOException {
        try (ModelLease lease = models.open(exchange.query("model"))) {
            int context = lease.llm().contextLength();
            exchange.json(
                    200,
                    HttpJson.object(
                            "model_id",
                            lease.model().name().toString(),
                            "model_sha",
                            lease.model().summary().digest().hex(),
                            "model_dtype",
                            lease.llm().info().quantization(),
                            "model_device_type",
                            "cpu",
                            "model_pipeline_tag",
                            "text-generation",
                            "max_best_of",
                            MAX_BEST_OF,
                            "max_stop_sequences",
                            SamplingFields.MAX_STOPS,
                            "max_input_tokens",
                            context - 1,
                            "max_total_tokens",
                            context,
                            "max_client_batch_size",
                            1,
                            "router",
                            "jebena",
                            "version",
                            JebenaServer.version(),
                            "sha",
                            null,
                            "docker_label",
                            null));
        }
    }
}
