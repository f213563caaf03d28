package dev.jebena.testkit;

import dev.jebena.json.Json;
import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Chat;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Embedding;
import dev.jebena.llm.EngineStats;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.LoadedAdapter;
import dev.jebena.llm.Message;
import dev.jebena.llm.ModelInfo;
import dev.jebena.llm.Session;
import dev.jebena.llm.TokenCost;
import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A language model without a model: says what a function of the prompt says, one byte a token.
/// Keeps the contracts of limits, stop strings, log-probabilities, constraints and cancellation,
/// and counts what is running, so that leaks show.
public final class FakeLlm implements Llm {
    private final FakeTokenizer tokenizer;
    private final FakeChatTemplate template;
    private final UnaryOperator<String> script;
    private final boolean embeds;
    final Duration delay;
    private final int places;
    private final int contextLength;
    private final Map<String, Object> metadata;
    final AtomicInteger running = new AtomicInteger();
    final AtomicLong answerTokens = new AtomicLong();
    private final Map<String, LoadedAdapter> adapters = new LinkedHashMap<>();
    private volatile boolean closed;
    private volatile @Nullable Generation lastOptions;

    private FakeLlm(Settings settings) {
        script = settings.script();
        embeds = settings.embeds();
        delay = settings.delay();
        places = settings.places();
        contextLength = settings.contextLength();
        metadata = settings.metadata();
        tokenizer = new FakeTokenizer(settings.fillsIn());
        template = new FakeChatTemplate(settings.templateWithTools(), settings.thinks());
    }

    /// How the fake behaves.
    ///
    /// @param script from the prompt's text to the answer's
    /// @param embeds makes embeddings instead of text
    /// @param delay time for one token
    /// @param places answers that may run; one more is refused with QUEUE_FULL
    /// @param contextLength tokens of prompt and answer
    /// @param templateWithTools whether the chat template reads `tools`
    /// @param fillsIn whether the vocabulary has tokens for fill-in-the-middle
    /// @param thinks whether the chat template knows `<think>`
    /// @param metadata what the file would say
    public record Settings(
            UnaryOperator<String> script,
            boolean embeds,
            Duration delay,
            int places,
            int contextLength,
            boolean templateWithTools,
            boolean fillsIn,
            boolean thinks,
            Map<String, Object> metadata) {
        /// Always the same sentence, at once.
        public static Settings defaults() {
            return new Settings(
                    _ -> "The sea is wide and blue, and nobody knows all of it.",
                    false,
                    Duration.ZERO,
                    1000,
                    2000,
                    true,
                    true,
                    false,
                    Map.of());
        }

        private Settings with(Consumer<Fields> change) {
            Fields fields = new Fields(this);
            change.accept(fields);
            return fields.settings();
        }

        public Settings script(UnaryOperator<String> script) {
            return with(fields -> fields.script = script);
        }

        public Settings embeds(boolean embeds) {
            return with(fields -> fields.embeds = embeds);
        }

        public Settings delay(Duration delay) {
            return with(fields -> fields.delay = delay);
        }

        public Settings places(int places) {
            return with(fields -> fields.places = places);
        }

        public Settings contextLength(int contextLength) {
            return with(fields -> fields.contextLength = contextLength);
        }

        public Settings templateWithTools(boolean templateWithTools) {
            return with(fields -> fields.templateWithTools = templateWithTools);
        }

        public Settings fillsIn(boolean fillsIn) {
            return with(fields -> fields.fillsIn = fillsIn);
        }

        public Settings thinks(boolean thinks) {
            return with(fields -> fields.thinks = thinks);
        }

        public Settings metadata(Map<String, Object> metadata) {
            return with(fields -> fields.metadata = metadata);
        }

        /// The same fields, open to change.
        private static final class Fields {
            private UnaryOperator<String> script;
            private boolean embeds;
            private Duration delay;
            private int places;
            private int contextLength;
            private boolean templateWithTools;
            private boolean fillsIn;
            private boolean thinks;
            private Map<String, Object> metadata;

            Fields(Settings s) {
                script = s.script;
                embeds = s.embeds;
                delay = s.delay;
                places = s.places;
                contextLength = s.contextLength;
                templateWithTools = s.templateWithTools;
                fillsIn = s.fillsIn;
                thinks = s.thinks;
                metadata = s.metadata;
            }

            Settings settings() {
                return new Settings(
                        script,
                        embeds,
                        delay,
                        places,
                        contextLength,
                        templateWithTools,
                        fillsIn,
                        thinks,
                        metadata);
            }
        }
    }

    public static FakeLlm of(Settings settings) {
        return new FakeLlm(settings);
    }

    @Override
    public Chat newChat(Generation options) {
        throw new UnsupportedOperationException("the fake has no chats");
    }

    @Override
    public String prompt(
            List<Message> messages, Map<String, ? extends @Nullable Object> variables) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(variables);
        all.put("messages", messages.stream().map(Message::fields).toList());
        return template.render(all);
    }

    /// The options of the last answer that was asked for; null before the first.
    public @Nullable Generation lastOptions() {
        return lastOptions;
    }

    @Override
    public synchronized List<LoadedAdapter> adapters() {
        return List.copyOf(adapters.values());
    }

    /// Adapters are only noted: files are not read.
    @Override
    public synchronized LoadedAdapter loadAdapter(AdapterFile file) {
        LoadedAdapter loaded = new LoadedAdapter(adapters.size(), file);
        if (adapters.putIfAbsent(file.name(), loaded) != null) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "an adapter " + file.name() + " is loaded already");
        }
        return loaded;
    }

    @Override
    public synchronized void unloadAdapter(String name) {
        adapters.remove(name);
    }

    @Override
    public synchronized void scaleAdapter(String name, float scale) {
        adapters.computeIfPresent(
                name, (_, old) -> new LoadedAdapter(old.id(), old.file().scale(scale)));
    }

    /// Writes the tokens alone.
    @Override
    public int saveSession(Session session, Path file) {
        try {
            Files.writeString(file, Json.write(Arrays.stream(session.tokens()).boxed().toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return session.tokens().length;
    }

    @Override
    public Session restoreSession(Path file) {
        try {
            return new Session(
                    Json.array(Json.parse(Files.readString(file))).stream()
                            .mapToInt(id -> ((Long) id).intValue())
                            .toArray(),
                    "");
        } catch (IOException e) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST, "the session cannot be read: " + e, e);
        }
    }

    @Override
    public Answer generate(int[] prompt, Generation options) {
        checkOpen();
        lastOptions = options;
        if (running.incrementAndGet() > places) {
            running.decrementAndGet();
            throw new LlmException(
                    LlmException.Code.QUEUE_FULL, "all " + places + " places are taken");
        }
        return new FakeAnswer(this, prompt, text(prompt, options), options);
    }

    private String text(int[] prompt, Generation options) {
        List<Integer> forced = options.tokens().forced();
        if (!forced.isEmpty()) {
            return tokenizer.decode(forced.stream().mapToInt(i -> i).toArray(), false);
        }
        Constraint constraint = options.constraint();
        return constraint == null ? script.apply(tokenizer.decode(prompt, true)) : said(constraint);
    }

    private static String said(Constraint constraint) {
        return switch (constraint) {
            case Constraint.JsonObject _ -> "{\"a\": 1}";
            case Constraint.JsonSchema schema -> Json.write(SchemaInstance.of(schema.schema()));
            // Says what it was given, so that a test sees what reached the model.
            case Constraint.Gbnf grammar -> grammar.text();
            case Constraint.Regex regex -> regex.pattern();
            case Constraint.Choice choice -> choice.texts().getFirst();
            case Constraint.Text text -> text.text();
            case Constraint.Free _ -> "text";
            case Constraint.Sequence sequence ->
                    sequence.parts().stream().map(FakeLlm::said).collect(Collectors.joining());
            case Constraint.Either either -> said(either.alternatives().getFirst());
            case Constraint.Repeated repeated ->
                    said(repeated.part()).repeat(Math.max(1, repeated.least()));
            case Constraint.Tagged tagged ->
                    tagged.tags().stream()
                            .map(tag ->
                                    tag.begin() + said(tag.content()) + String.join("", tag.end()))
                            .collect(Collectors.joining(" "));
            case Constraint.Lazy lazy -> lazy.triggers() + " " + said(lazy.then());
        };
    }

    void checkOpen() {
        if (closed) {
            throw new LlmException(LlmException.Code.CLOSED, "the model has been closed");
        }
    }

    /// Counts of bytes: texts with the same letters are near each other.
    @Override
    public Embedding embedRaw(int[] ids) {
        float[] vector = new float[64];
        for (int id : ids) {
            vector[id % 64] += 1;
        }
        return new Embedding(vector, ids.length);
    }

    @Override
    public Embedding embed(int[] ids) {
        checkOpen();
        if (!embeds) {
            throw new LlmException(
                    LlmException.Code.UNSUPPORTED, "this model does not make embeddings");
        }
        float[] vector = embedRaw(ids).vector();
        double sum = 0;
        for (float x : vector) {
            sum += (double) x * x;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / Math.sqrt(sum));
        }
        return new Embedding(vector, ids.length);
    }

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "fake", "llama", 64, "F32", 1000, contextLength, 8, 1, !embeds, embeds, metadata);
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public ChatTemplate chatTemplate() {
        return template;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public TokenCost cost() {
        return new TokenCost(1000, 1000);
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(
                running.get(),
                0,
                0,
                0,
                0,
                answerTokens.get(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                List.of(),
                1000);
    }

    public boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
