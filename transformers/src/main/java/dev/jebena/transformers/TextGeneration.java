package dev.jebena.transformers;

import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Message;
import dev.jebena.transformers.internal.model.ModelConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Goes on with texts, or with conversations, by Jebena's engine for language models.
public final class TextGeneration implements Pipeline {
    private static final Set<String> PARAMETERS =
            Set.of(
                    "max_new_tokens",
                    "max_length",
                    "min_new_tokens",
                    "do_sample",
                    "temperature",
                    "top_k",
                    "top_p",
                    "min_p",
                    "typical_p",
                    "repetition_penalty",
                    "num_return_sequences",
                    "return_full_text",
                    "stop",
                    "stop_sequence",
                    "seed");

    private final Llm llm;
    private final ModelConfig standard;

    /// @param standard `generation_config.json`
    TextGeneration(Llm llm, ModelConfig standard) {
        this.llm = llm;
        this.standard = standard;
    }

    @Override
    public Task<TextGeneration> task() {
        return Task.TEXT_GENERATION;
    }

    /// The engine with the model: chats, streams, tools.
    public Llm llm() {
        return llm;
    }

    /// What comes after a text.
    public String write(String text) {
        return texts(llm.tokenizer().encode(text), new Parameters(task(), Map.of(), Set.of()))
                .getFirst();
    }

    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        Parameters given = new Parameters(task(), parameters, PARAMETERS);
        if (inputs instanceof List<?> list
                && !list.isEmpty()
                && list.stream().allMatch(Map.class::isInstance)) {
            return conversation(list, given);
        }
        return Inputs.each(task(), inputs, text -> continued(text, given));
    }

    private List<Map<String, Object>> continued(String text, Parameters given) {
        boolean full = given.flag("return_full_text", true);
        return texts(llm.tokenizer().encode(text), given).stream()
                .map(answer ->
                        Map.<String, Object>of("generated_text", full ? text + answer : answer))
                .toList();
    }

    private List<Map<String, Object>> conversation(List<?> list, Parameters given) {
        List<Message> messages = new ArrayList<>();
        for (Object each : list) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            ((Map<?, ?>) each).forEach((name, value) -> fields.put(String.valueOf(name), value));
            messages.add(new Message(fields));
        }
        int[] prompt = llm.tokenizer().encode(llm.prompt(messages, Map.of()), false, true);
        boolean full = given.flag("return_full_text", true);
        List<Map<String, Object>> answers = new ArrayList<>();
        for (String text : texts(prompt, given)) {
            List<Object> all = new ArrayList<>(list);
            all.add(Message.assistant(text).fields());
            answers.add(Map.of("generated_text", full ? all : text));
        }
        return answers;
    }

    private List<String> texts(int[] prompt, Parameters given) {
        Generation generation = generation(prompt, given);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < given.count("num_return_sequences", 1); i++) {
            Generation own =
                    given.has("seed")
                            ? generation.seed(given.integer("seed", 0) + (long) i)
                            : generation;
            try (Answer answer = llm.generate(prompt, own)) {
                texts.add(answer.text());
            }
        }
        return texts;
    }

    /// The library draws tokens at a temperature of 0.7, up to 256 of them, unless told otherwise.
    private Generation generation(int[] prompt, Parameters given) {
        boolean draws = given.flag("do_sample", true);
        double temperature = draws ? given.number("temperature", 0.7) : 0;
        int added =
                given.has("max_length") && !given.has("max_new_tokens")
                        ? Math.max(1, given.count("max_length", 1) - prompt.length)
                        : given.count("max_new_tokens", 256);
        double penalty =
                given.number("repetition_penalty", standard.number("repetition_penalty", 1));
        List<String> stops = new ArrayList<>();
        for (String name : List.of("stop", "stop_sequence")) {
            List<String> texts = given.texts(name);
            stops.addAll(texts == null ? List.of() : texts);
        }
        return Generation.defaults()
                .maxTokens(added)
                .minTokens(given.integer("min_new_tokens", 0))
                .temperature((float) temperature)
                .topK(draws ? given.integer("top_k", standard.integer("top_k", 50)) : 0)
                .topP((float) (draws ? given.number("top_p", standard.number("top_p", 1)) : 1))
                .minP((float) (draws ? given.number("min_p", standard.number("min_p", 0)) : 0))
                .typicalP((float) (draws ? given.number("typical_p", 1) : 1))
                .repeatPenalty((float) penalty)
                .repeatWindow(-1)
                .stop(stops);
    }

    /// Frees the engine's memory.
    @Override
    public void close() {
        llm.close();
    }
}
