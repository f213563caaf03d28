package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Message;
import dev.jebena.llm.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's edits, which LocalAI kept: a text changed as an instruction says.
final class OpenAiEdits {
    private static final int MOST_CHOICES = 20;
    private static final String TASK =
            "Change the text as the instruction says. Answer with the changed text alone.";

    private final ModelAccess models;

    private OpenAiEdits(ModelAccess models) {
        this.models = models;
    }

    static void register(Router router, ModelAccess models) {
        HttpHandler handler = EngineErrors.translating(new OpenAiEdits(models)::handle);
        router.post("/v1/edits", handler)
                .post("/edits", handler)
                .errors("/edits", OpenAiErrors::body);
    }

    private void handle(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String instruction = request.required("instruction");
        String input = request.string("input", "");
        int n = request.integer("n", 1, MOST_CHOICES, 1);
        ThinkingWish wish = ThinkingWish.ofOpenAi(request);
        try (ModelLease lease = models.open(request.string("model"))) {
            String prompt = prompt(lease, instruction, input, wish);
            Thinking thinking = Thinking.of(lease, prompt, wish);
            int limit = request.integer("max_tokens", 1, Integer.MAX_VALUE, -1);
            Generation options =
                    SamplingFields.of(request, lease, Generation.defaults()).maxTokens(limit);
            int[] ids = ChatPrompt.encode(lease.llm().tokenizer(), prompt);
            try (Answers answers =
                    models.start(exchange, lease, List.of(ids), thinking.over(options, lease), n)) {
                exchange.json(200, reply(lease, answers, thinking, n));
            }
        }
    }

    private static String prompt(
            ModelLease lease, String instruction, String input, ThinkingWish wish) {
        if (ModelAccess.checked(lease).template() == null) {
            return TASK
                    + "\n\nInstruction:\n"
                    + instruction
                    + "\n\nText:\n"
                    + input
                    + "\n\nChanged text:\n";
        }
        String asked = input.isEmpty() ? instruction : instruction + "\n\n" + input;
        return ChatPrompt.of(
                lease,
                List.of(Message.system(TASK), Message.user(asked)),
                List.of(),
                wish.variables());
    }

    private static Map<String, @Nullable Object> reply(
            ModelLease lease, Answers answers, Thinking thinking, int n) throws IOException {
        List<AnswerText> texts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            texts.add(new AnswerText(ToolChoice.auto(List.of()), thinking));
        }
        answers.read((i, token) -> texts.get(i).add(token.text()), (i, _) -> texts.get(i).end());
        List<Object> choices = new ArrayList<>();
        List<Usage> usages = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            choices.add(HttpJson.object("index", i, "text", texts.get(i).content()));
            usages.add(answers.get(i).usage());
        }
        return HttpJson.object(
                "id",
                "edit-" + OpenAiChatReply.newId(),
                "object",
                "edit",
                "created",
                Instant.now().getEpochSecond(),
                "model",
                lease.model().name().toString(),
                "choices",
                choices,
                "usage",
                OpenAiChatReply.usage(usages));
    }
}
