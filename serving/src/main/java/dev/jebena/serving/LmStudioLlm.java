package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Message;
import dev.jebena.tokenizers.ChatTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// LM Studio's namespace `llm`.
final class LmStudioLlm implements LmStudioEndpoints {
    private static final String TYPE = "llm";
    private static final long FILE_BYTES = 8 << 20;

    private final LmStudioInstances instances;
    private final StoredFiles files;

    LmStudioLlm(LmStudioInstances instances, StoredFiles files) {
        this.instances = instances;
        this.files = files;
    }

    @Override
    public @Nullable Object call(String endpoint, RequestFields parameter) throws IOException {
        return switch (endpoint) {
            case "applyPromptTemplate" -> {
                LmStudioConfig config = LmStudioConfig.of(parameter, "predictionConfigStack");
                List<Message> messages = messages(parameter);
                try (ModelLease lease =
                        instances.open(instances.specified(parameter, "specifier", TYPE))) {
                    yield HttpJson.object("formatted", prompt(lease, config, messages));
                }
            }
            case "preloadDraftModel" -> null;
            default -> instances.call(endpoint, parameter, TYPE);
        };
    }

    @Override
    public void open(String endpoint, RequestFields parameter, LmStudioChannel channel)
            throws IOException {
        switch (endpoint) {
            case "loadModel" -> instances.load(parameter, TYPE, true, channel);
            case "getOrLoad" -> instances.load(parameter, TYPE, false, channel);
            case "predict" -> predict(parameter, channel);
            default -> throw LmStudioEndpoints.unknown(endpoint);
        }
    }

    private void predict(RequestFields request, LmStudioChannel channel) throws IOException {
        LmStudioConfig config = LmStudioConfig.of(request, "predictionConfigStack");
        List<Message> messages = messages(request);
        ToolChoice tools = config.tools();
        try (ModelLease lease =
                instances.open(instances.specified(request, "modelSpecifier", TYPE))) {
            String prompt = prompt(ModelAccess.checked(lease), config, messages);
            int[] ids = ChatPrompt.encode(lease.llm().tokenizer(), prompt);
            new LmStudioPrediction(instances, lease, config, tools, channel).run(ids);
        }
    }

    private static String prompt(ModelLease lease, LmStudioConfig config, List<Message> messages) {
        String template = config.template();
        return template == null
                ? ChatPrompt.of(lease, messages, config.tools().tools(), Map.of())
                : ChatPrompt.render(lease.llm(), ChatTemplate.of(template), messages, Map.of());
    }

    private List<Message> messages(RequestFields request) throws IOException {
        RequestFields history = request.object("history");
        if (history == null) {
            throw request.invalid("history", "missing");
        }
        List<Object> messages = new ArrayList<>();
        for (RequestFields message : history.objects("messages")) {
            add(messages, message);
        }
        return ChatMessages.of(new RequestFields(HttpJson.object("messages", messages)));
    }

    private void add(List<Object> messages, RequestFields message) throws IOException {
        String role = message.required("role");
        StringBuilder text = new StringBuilder();
        List<Object> calls = new ArrayList<>();
        for (RequestFields part : message.objects("content")) {
            switch (part.required("type")) {
                case "text" -> text.append(part.required("text"));
                case "file" -> text.append(attached(part));
                case "toolCallRequest" -> calls.add(call(part));
                case "toolCallResult" ->
                        messages.add(
                                HttpJson.object(
                                        "role", "tool",
                                        "tool_call_id", part.string("toolCallId"),
                                        "content", part.required("content")));
                default -> throw part.invalid("type", "unknown part of a message");
            }
        }
        if (!role.equals("tool")) {
            messages.add(
                    HttpJson.object(
                            "role",
                            role,
                            "content",
                            text.toString(),
                            "tool_calls",
                            calls.isEmpty() ? null : calls));
        }
    }

    private static Map<String, @Nullable Object> call(RequestFields part) {
        RequestFields request = part.object("toolCallRequest");
        if (request == null) {
            throw part.invalid("toolCallRequest", "missing");
        }
        return HttpJson.object(
                "id", request.string("id"),
                "type", "function",
                "function",
                        HttpJson.object(
                                "name", request.required("name"),
                                "arguments", request.value("arguments")));
    }

    /// The text of an attached file, with its name before it.
    private String attached(RequestFields part) throws IOException {
        String type = part.string("fileType", "unknown");
        if (!type.startsWith("text/")) {
            throw part.invalid("fileType", "only texts can be attached here, found " + type);
        }
        Path content = files.content(part.required("identifier"));
        if (Files.size(content) > FILE_BYTES) {
            throw new HttpException(
                    413, "file_too_large", "An attached file has at most " + FILE_BYTES + " bytes");
        }
        return "["
                + part.required("name")
                + "]\n"
                + new String(Files.readAllBytes(content), StandardCharsets.UTF_8)
                + "\n\n";
    }
}
