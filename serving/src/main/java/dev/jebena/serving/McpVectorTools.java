package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.mcp.McpCall;
import dev.jebena.mcp.McpServer;
import dev.jebena.mcp.McpTool;
import dev.jebena.mcp.McpToolResult;
import dev.jebena.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tools that look at texts: `embed`, `rerank` and `tokenize`.
final class McpVectorTools {
    private static final Map<String, @Nullable Object> HINTS =
            HttpJson.object("readOnlyHint", true, "idempotentHint", true, "openWorldHint", false);
    private static final String MODEL = "Name of a model; list_models tells them.";

    private final ModelAccess models;

    private McpVectorTools(ModelAccess models) {
        this.models = models;
    }

    static void register(McpServer server, ModelAccess models) {
        McpVectorTools tools = new McpVectorTools(models);
        server.tool(embedding(), tools::embed)
                .tool(reranking(), tools::rerank)
                .tool(tokenizing(), tools::tokenize);
    }

    private static McpTool embedding() {
        return new McpTool(
                "embed",
                "Embed texts",
                "Returns a vector for each text, for search and comparison.",
                McpSchema.object()
                        .list("texts", "string", "The texts.")
                        .required()
                        .field("model", "string", MODEL)
                        .field("dimensions", "integer", "Shorten the vectors to this many.")
                        .schema(),
                McpSchema.object()
                        .field("model", "string", "The model.")
                        .required()
                        .field(
                                "embeddings",
                                HttpJson.object(
                                        "type",
                                        "array",
                                        "items",
                                        HttpJson.object(
                                                "type",
                                                "array",
                                                "items",
                                                HttpJson.object("type", "number"))))
                        .required()
                        .field("tokens", "integer", "Tokens of all texts.")
                        .schema(),
                HINTS);
    }

    private static McpTool reranking() {
        return new McpTool(
                "rerank",
                "Order documents by relevance",
                "Orders documents by how near they are to a query, the nearest first.",
                McpSchema.object()
                        .field("query", "string", "What is looked for.")
                        .required()
                        .list("documents", "string", "The documents.")
                        .required()
                        .field("model", "string", MODEL)
                        .field("top_n", "integer", "Return only this many.")
                        .schema(),
                McpSchema.object()
                        .field("model", "string", "The model.")
                        .required()
                        .field(
                                "results",
                                HttpJson.object(
                                        "type",
                                        "array",
                                        "items",
                                        McpSchema.object()
                                                .field("index", "integer", "Place in the input.")
                                                .required()
                                                .field("score", "number", "From -1 to 1.")
                                                .required()
                                                .field("document", "string", "The document.")
                                                .schema()))
                        .required()
                        .schema(),
                HINTS);
    }

    private static McpTool tokenizing() {
        return new McpTool(
                "tokenize",
                "Count and show tokens",
                "Cuts a text into a model's tokens; use it to see whether a text fits.",
                McpSchema.object()
                        .field("text", "string", "The text.")
                        .required()
                        .field("model", "string", MODEL)
                        .schema(),
                McpSchema.object()
                        .field("model", "string", "The model.")
                        .required()
                        .field("count", "integer", "How many tokens.")
                        .required()
                        .field("context", "integer", "Tokens that the model's context holds.")
                        .list("ids", "integer", "Their ids.")
                        .list("tokens", "string", "Their spellings.")
                        .schema(),
                HINTS);
    }

    private McpToolResult embed(McpCall call) {
        RequestFields request = new RequestFields(call.arguments());
        List<String> texts = request.strings("texts");
        if (texts == null || texts.isEmpty()) {
            throw HttpException.invalid("texts", "texts: expected at least one text");
        }
        Long dimensions = request.integer("dimensions", 1, Integer.MAX_VALUE);
        try (ModelLease lease = open(request)) {
            Embeddings.Vectors vectors = Embeddings.of(request, "texts", lease, false, dimensions);
            return McpToolResult.of(
                    HttpJson.object(
                            "model", lease.model().name().toString(),
                            "embeddings", vectors.vectors(),
                            "tokens", vectors.tokens()));
        }
    }

    private McpToolResult rerank(McpCall call) {
        RequestFields request = new RequestFields(call.arguments());
        String query = request.required("query");
        List<String> documents = request.strings("documents");
        if (documents == null || documents.isEmpty()) {
            throw HttpException.invalid("documents", "documents: expected at least one text");
        }
        int top = request.integer("top_n", 1, Integer.MAX_VALUE, documents.size());
        try (ModelLease lease = open(request)) {
            Similarity similarity = Similarity.of(request, "documents", query, documents, lease);
            List<Object> results = new ArrayList<>();
            for (int i : similarity.ranking().subList(0, Math.min(top, documents.size()))) {
                results.add(
                        HttpJson.object(
                                "index", i,
                                "score", similarity.scores().get(i),
                                "document", documents.get(i)));
            }
            return McpToolResult.of(
                    HttpJson.object("model", lease.model().name().toString(), "results", results));
        }
    }

    private ModelLease open(RequestFields request) {
        return models.open(models.findEmbedding(request.string("model")), 0, null);
    }

    private McpToolResult tokenize(McpCall call) {
        RequestFields request = new RequestFields(call.arguments());
        String text = request.required("text");
        try (ModelLease lease = models.open(request.string("model"))) {
            Tokenizer tokenizer = lease.llm().tokenizer();
            List<Integer> ids = new ArrayList<>();
            List<String> tokens = new ArrayList<>();
            for (int id : tokenizer.encode(text)) {
                ids.add(id);
                tokens.add(tokenizer.token(id));
            }
            return McpToolResult.of(
                    HttpJson.object(
                            "model", lease.model().name().toString(),
                            "count", ids.size(),
                            "context", lease.llm().contextLength(),
                            "ids", ids,
                            "tokens", tokens));
        }
    }
}
