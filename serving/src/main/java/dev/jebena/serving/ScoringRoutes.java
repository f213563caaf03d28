package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Texts compared and pooled, as vLLM, Jina and llama.cpp (`documents`) or Hugging Face's TEI
/// (`texts`, `sentences`) ask for it: reranking, scores, similarity and `/pooling`.
final class ScoringRoutes {
    private static final List<String> RERANK =
            List.of("/rerank", "/v1/rerank", "/v2/rerank", "/reranking", "/v1/reranking");

    private final ModelAccess models;

    private ScoringRoutes(ModelAccess models) {
        this.models = models;
    }

    static void register(Router router, ModelAccess models) {
        ScoringRoutes routes = new ScoringRoutes(models);
        for (String path : RERANK) {
            router.post(path, EngineErrors.translating(routes::rerank))
                    .errors(path, OpenAiErrors::body);
        }
        for (String path : List.of("/score", "/v1/score")) {
            router.post(path, EngineErrors.translating(routes::score))
                    .errors(path, OpenAiErrors::body);
        }
        router.post("/pooling", EngineErrors.translating(routes::pooling))
                .errors("/pooling", OpenAiErrors::body)
                .post("/similarity", EngineErrors.translating(routes::similarity))
                .errors("/similarity", TgiRoutes::error);
    }

    private ModelLease open(RequestFields request) {
        return models.open(models.findEmbedding(request.string("model")), 0, null);
    }

    private static String name(RequestFields request, ModelLease lease) {
        return request.string("model", lease.model().name().toString());
    }

    private void rerank(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String query = request.required("query");
        boolean tei = request.has("texts");
        String field = tei ? "texts" : "documents";
        List<String> texts = texts(request, field);
        int top = request.integer("top_n", 0, Integer.MAX_VALUE, 0);
        boolean documents = request.flag("return_documents", true);
        boolean returnText = request.flag("return_text", false);
        try (ModelLease lease = open(request)) {
            Similarity similarity = Similarity.of(request, field, query, texts, lease);
            List<Object> results = new ArrayList<>();
            for (int i : similarity.ranking()) {
                Map<String, @Nullable Object> result = HttpJson.object("index", i);
                result.put(tei ? "score" : "relevance_score", similarity.scores().get(i));
                if (tei && returnText) {
                    result.put("text", texts.get(i));
                } else if (!tei && documents) {
                    result.put("document", HttpJson.object("text", texts.get(i)));
                }
                results.add(result);
            }
            int kept = top == 0 ? results.size() : Math.min(top, results.size());
            List<Object> nearest = results.subList(0, kept);
            exchange.json(
                    200,
                    tei
                            ? nearest
                            : HttpJson.object(
                                    "id",
                                    "rerank-" + OpenAiChatReply.newId(),
                                    "object",
                                    "list",
                                    "model",
                                    name(request, lease),
                                    "usage",
                                    usage(similarity.tokens()),
                                    "results",
                                    nearest));
        }
    }

    /// Strings, or objects with a `text`.
    private static List<String> texts(RequestFields request, String name) {
        List<@Nullable Object> list = request.list(name);
        if (list == null || list.isEmpty()) {
            throw request.invalid(name, "expected at least one text");
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            Object text = element instanceof Map<?, ?> map ? map.get("text") : element;
            if (!(text instanceof String string)) {
                throw request.invalid(
                        name,
                        "expected strings or objects with a text, found "
                                + RequestFields.kind(element));
            }
            texts.add(string);
        }
        return texts;
    }

    private void score(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        List<String> first = side(request, request.has("queries") ? "queries" : "text_1");
        String name = request.has("documents") ? "documents" : "text_2";
        List<String> second = side(request, name);
        try (ModelLease lease = open(request)) {
            Similarity similarity = Similarity.of(request, name, first, second, lease);
            List<Object> data = new ArrayList<>();
            for (double score : similarity.scores()) {
                data.add(HttpJson.object("index", data.size(), "object", "score", "score", score));
            }
            list(exchange, "score-", name(request, lease), data, similarity.tokens());
        }
    }

    private static List<String> side(RequestFields request, String name) {
        List<String> texts = request.strings(name);
        if (texts == null || texts.isEmpty()) {
            throw request.invalid(name, "expected a text or texts");
        }
        return texts;
    }

    private void pooling(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        boolean packed = OpenAiRoutes.wantsBase64(request);
        Long dimensions = request.integer("dimensions", 1, Integer.MAX_VALUE);
        try (ModelLease lease = open(request)) {
            Embeddings.Vectors vectors = Embeddings.of(request, "input", lease, false, dimensions);
            List<Object> data = new ArrayList<>();
            for (float[] vector : vectors.vectors()) {
                data.add(
                        HttpJson.object(
                                "index",
                                data.size(),
                                "object",
                                "pooling",
                                "data",
                                packed ? OpenAiRoutes.base64(vector) : vector));
            }
            list(exchange, "pool-", name(request, lease), data, vectors.tokens());
        }
    }

    private static void list(
            HttpExchange exchange, String id, String model, List<Object> data, int tokens)
            throws IOException {
        exchange.json(
                200,
                HttpJson.object(
                        "id",
                        id + OpenAiChatReply.newId(),
                        "object",
                        "list",
                        "created",
                        Instant.now().getEpochSecond(),
                        "model",
                        model,
                        "data",
                        data,
                        "usage",
                        usage(tokens)));
    }

    private static Map<String, @Nullable Object> usage(int tokens) {
        return HttpJson.object(
                "prompt_tokens", tokens, "total_tokens", tokens, "completion_tokens", 0);
    }

    private void similarity(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        try (ModelLease lease = open(request)) {
            exchange.json(200, sentences(request, lease));
        }
    }

    /// `{"inputs": {"source_sentence", "sentences"}}`: how near each sentence is to the source.
    static List<Double> sentences(RequestFields request, ModelLease lease) {
        RequestFields inputs = request.object("inputs");
        if (inputs == null) {
            throw request.invalid("inputs", "expected {source_sentence, sentences}");
        }
        String source = inputs.required("source_sentence");
        List<String> sentences = side(inputs, "sentences");
        return Similarity.of(inputs, "sentences", source, sentences, lease).scores();
    }
}
