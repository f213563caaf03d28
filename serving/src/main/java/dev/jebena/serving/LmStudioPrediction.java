package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Token;
import dev.jebena.llm.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One prediction on a channel of LM Studio's SDKs.
final class LmStudioPrediction {
    private final LmStudioInstances instances;
    private final ModelLease lease;
    private final LmStudioConfig config;
    private final LmStudioChannel channel;
    private final AnswerText text;
    private final Logprobs logprobs;
    private final Generation options;
    private int sentCalls;
    private int tokens;

    LmStudioPrediction(
            LmStudioInstances instances,
            ModelLease lease,
            LmStudioConfig config,
            ToolChoice tools,
            LmStudioChannel channel) {
        this.instances = instances;
        this.lease = lease;
        this.config = config;
        this.channel = channel;
        text = new AnswerText(tools);
        logprobs = new Logprobs(lease.llm().tokenizer());
        Constraint call = tools.constraint(lease);
        options =
                SamplingFields.of(config.sampling(), lease, Generation.defaults())
                        .maxTokens(config.maxTokens())
                        .contextShift(config.shiftsContext())
                        .logprobs(Math.min(config.logprobs(), 20))
                        .constraint(call == null ? config.structured() : call)
                        .visible(lease.visible());
    }

    /// Sends the answer in fragments, its calls of tools, and its figures.
    void run(int[] prompt) throws IOException {
        channel.send("promptProcessingProgress", "progress", 0.0);
        try (Answers answers =
                instances.models().start(channel.exchange(), lease, List.of(prompt), options, 1)) {
            try {
                answers.read(
                        (_, token) -> write(text.add(token.text()), token),
                        (_, _) -> write(text.end(), null));
                success(answers.get(0), false);
            } catch (IOException e) {
                if (answers.get(0).finishReason() != FinishReason.CANCELLED) {
                    throw e;
                }
                success(answers.get(0), true);
            }
        }
    }

    private void write(String shown, @Nullable Token token) throws IOException {
        if (token != null && !token.isText()) {
            if (tokens++ == 0) {
                channel.send("promptProcessingProgress", "progress", 1.0);
            }
        }
        if (!shown.isEmpty()) {
            Map<String, @Nullable Object> fragment =
                    HttpJson.object(
                            "content",
                            shown,
                            "tokensCount",
                            1,
                            "containsDrafted",
                            false,
                            "reasoningType",
                            "none",
                            "isStructural",
                            false);
            if (options.logprobs() >= 0 && token != null) {
                channel.send("fragment", "fragment", fragment, "logprobs", scores(token));
            } else {
                channel.send("fragment", "fragment", fragment);
            }
        }
        List<AnswerText.Call> calls = text.calls();
        for (; sentCalls < calls.size(); sentCalls++) {
            call(calls.get(sentCalls));
        }
    }

    private List<Object> scores(Token token) {
        return List.of(
                token.top().stream()
                        .map(t ->
                                HttpJson.object(
                                        "text", logprobs.text(t.id()),
                                        "logprob", Logprobs.finite(t.logprob())))
                        .toList());
    }

    private void call(AnswerText.Call call) throws IOException {
        String id = Integer.toString(sentCalls);
        channel.send("toolCallGenerationStart", "toolCallId", id);
        channel.send("toolCallGenerationNameReceived", "name", call.name());
        channel.send("toolCallGenerationArgumentFragmentGenerated", "content", call.arguments());
        channel.send(
                "toolCallGenerationEnd",
                "toolCallRequest",
                HttpJson.object(
                        "id",
                        id,
                        "type",
                        "function",
                        "name",
                        call.name(),
                        "arguments",
                        HttpJson.parse(
                                call.arguments()
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }

    private void success(Answer answer, boolean stopped) throws IOException {
        Usage usage = answer.usage();
        channel.send(
                "success",
                "stats",
                HttpJson.object(
                        "stopReason",
                                stopped
                                        ? "userStopped"
                                        : sentCalls > 0
                                                ? "toolCalls"
                                                : LmStudioRoutes.stopReason(answer.finishReason()),
                        "tokensPerSecond", LmStudioRoutes.tokensPerSecond(usage),
                        "timeToFirstTokenSec", LmStudioRoutes.firstToken(usage),
                        "totalTimeSec",
                                LmStudioRoutes.firstToken(usage)
                                        + usage.answerTime().toNanos() / 1e9,
                        "promptTokensCount", usage.promptTokens(),
                        "predictedTokensCount", usage.answerTokens(),
                        "totalTokensCount", usage.promptTokens() + usage.answerTokens()),
                "modelInfo",
                instances.instance(lease),
                "loadModelConfig",
                LmStudioConfig.loaded("llm", lease.llm().contextLength()),
                "predictionConfig",
                config.fields());
    }
}
