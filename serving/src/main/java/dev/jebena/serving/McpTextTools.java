package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Message;
import dev.jebena.mcp.McpCall;
import dev.jebena.mcp.McpServer;
import dev.jebena.mcp.McpTool;
import dev.jebena.mcp.McpToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tools that make text: `chat` and `generate`.
final class McpTextTools {
    /// Progress is told this often, for a person to see that something goes on.
    private static final long TELL_NANOS = 250_000_000;

    private static final Map<String, @Nullable Object> RESULT =
            McpSchema.object()
                    .field("text", "string", "The answer.")
                    .required()
                    .field("model", "string", "The model that answered.")
                    .required()
                    .field("finish_reason", "string", "stop or length.")
                    .required()
                    .field("prompt_tokens", "integer", "Tokens of the prompt.")
                    .field("completion_tokens", "integer", "Tokens of the answer.")
                    .schema();

    private final ModelAccess models;

    private McpTextTools(ModelAccess models) {
        this.models = models;
    }

    static void register(McpServer server, ModelAccess models) {
        McpTextTools tools = new McpTextTools(models);
        Map<String, @Nullable Object> hints =
                HttpJson.object("readOnlyHint", true, "openWorldHint", false);
        server.tool(
                        new McpTool(
                                "chat",
                                "Ask a local model",
                                "Asks a language model that runs on this machine and returns its"
                                        + " answer. Give a prompt, or messages of a conversation.",
                                sampling(
                                        McpSchema.object()
                                                .field("prompt", "string", "The user's message.")
                                                .field("system", "string", "The system message.")
                                                .field("messages", messages())
                                                .field(
                                                        "response_schema",
                                                        "object",
                                                        "JSON Schema that the answer has to"
                                                                + " satisfy.")),
                                RESULT,
                                hints),
                        tools::chat)
                .tool(
                        new McpTool(
                                "generate",
                                "Continue a text",
                                "Continues a text with a language model of this machine, as it"
                                        + " is, without a chat template.",
                                sampling(
                                        McpSchema.object()
                                                .field("prompt", "string", "The text to continue.")
                                                .required()),
                                RESULT,
                                hints),
                        tools::generate);
    }

    private static Map<String, @Nullable Object> messages() {
        return HttpJson.object(
                "type",
                "array",
                "description",
                "A conversation, the last message the user's.",
                "items",
                McpSchema.object()
                        .field("role", "string", "system, user or assistant.")
                        .required()
                        .field("content", "string", "What was said.")
                        .required()
                        .schema());
    }

    private static Map<String, @Nullable Object> sampling(McpSchema schema) {
        return schema.field("model", "string", "Name of a model; list_models tells them.")
                .field("max_tokens", "integer", "Tokens of the answer at most.")
                .field("temperature", "number", "0 always takes the likeliest token.")
                .field("top_p", "number", "Choose among tokens of this probability together.")
                .field("top_k", "integer", "Choose among this many likeliest tokens.")
                .field("seed", "integer", "Same seed and prompt: same answer.")
                .list("stop", "string", "Texts that end the answer.")
                .schema();
    }

    private McpToolResult chat(McpCall call) {
        RequestFields request = new RequestFields(call.arguments());
        List<Message> messages = new ArrayList<>();
        String system = request.string("system");
        if (system != null) {
            messages.add(Message.system(system));
        }
        if (request.has("messages")) {
            messages.addAll(ChatMessages.of(request));
        }
        String prompt = request.string("prompt");
        if (prompt != null) {
            messages.add(Message.user(prompt));
        } else if (!request.has("messages")) {
            throw HttpException.invalid("prompt", "give a prompt or messages");
        }
        Constraint form =
                request.has("response_schema")
                        ? OutputFormat.schema(request, "response_schema")
                        : null;
        try (ModelLease lease = models.open(request.string("model"))) {
            String text = ChatPrompt.of(ModelAccess.checked(lease), messages, List.of(), Map.of());
            int[] ids = ChatPrompt.encode(lease.llm().tokenizer(), text);
            return answer(call, lease, ids, options(request, lease).constraint(form));
        }
    }

    private McpToolResult generate(McpCall call) {
        RequestFields request = new RequestFields(call.arguments());
        String prompt = request.required("prompt");
        try (ModelLease lease = models.open(request.string("model"))) {
            int[] ids = ModelAccess.generating(lease).tokenizer().encode(prompt);
            return answer(call, lease, ids, options(request, lease));
        }
    }

    private static Generation options(RequestFields request, ModelLease lease) {
        Generation options = SamplingFields.of(request, lease, Generation.defaults());
        Long limit = request.integer("max_tokens", 1, Integer.MAX_VALUE);
        return limit == null ? options : options.maxTokens(limit.intValue());
    }

    private McpToolResult answer(McpCall call, ModelLease lease, int[] prompt, Generation options) {
        try (Answer answer = models.start(lease, prompt, options.caller("mcp"))) {
            call.onCancel(answer::close);
            StringBuilder text = new StringBuilder();
            long told = System.nanoTime();
            for (int tokens = 1; answer.hasNext(); tokens++) {
                text.append(answer.next().text());
                if (System.nanoTime() - told > TELL_NANOS) {
                    told = System.nanoTime();
                    call.progress(tokens, options.maxTokens(), tokens + " tokens");
                }
            }
            models.answered(lease, answer);
            String reason = String.valueOf(answer.finishReason()).toLowerCase(Locale.ROOT);
            return McpToolResult.of(
                    text.toString(),
                    HttpJson.object(
                            "text", text.toString(),
                            "model", lease.model().name().toString(),
                            "finish_reason", reason.equals("length") ? reason : "stop",
                            "prompt_tokens", answer.usage().promptTokens(),
                            "completion_tokens", answer.usage().answerTokens()));
        }
    }
}
