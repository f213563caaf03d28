package dev.jebena.llm;

import dev.jebena.llm.internal.constraint.ReasoningFilter;
import dev.jebena.llm.internal.constraint.TokenFilter;
import dev.jebena.llm.internal.constraint.TokenFilters;
import dev.jebena.llm.internal.engine.EmbeddingTask;
import dev.jebena.llm.internal.engine.Engine;
import dev.jebena.llm.internal.engine.EngineCounters;
import dev.jebena.llm.internal.engine.Sequence;
import dev.jebena.llm.internal.engine.SessionStore;
import dev.jebena.llm.internal.model.Graph;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pooling;
import dev.jebena.llm.internal.sampling.Sampler;
import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A model in this process. It has one engine: for answers or for embeddings.
final class LocalLlm implements Llm {
    /// What the loader put together.
    ///
    /// @param draftTokens guesses at most that a step checks for one sequence
    /// @param adapters that are loaded
    /// @param fingerprint tells the model from others
    /// @param ownBytes native memory besides the cache and the mapped file
    /// @param cost what a token costs
    /// @param release frees memory, threads and file
    record Parts(
            ModelInfo info,
            Graph graph,
            Tokenizer tokenizer,
            Prompts prompts,
            int context,
            KvPool kv,
            int draftTokens,
            Adapters adapters,
            Supplier<byte[]> fingerprint,
            long ownBytes,
            TokenCost cost,
            Runnable release) {}

    private final Parts parts;
    private final @Nullable Engine<Sequence> generator;
    private final @Nullable Engine<EmbeddingTask> embedder;
    private final Engine<?> engine;
    private final @Nullable SessionStore sessions;
    private final TokenFilters filters;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int @Nullable [] endTokens;

    LocalLlm(
            Parts parts,
            @Nullable Engine<Sequence> generator,
            @Nullable Engine<EmbeddingTask> embedder,
            @Nullable SessionStore sessions) {
        this.parts = parts;
        this.filters = new TokenFilters(parts.tokenizer());
        this.sessions = sessions;
        this.generator = generator;
        this.embedder = embedder;
        Engine<?> either = generator != null ? generator : embedder;
        if (either == null) {
            throw new IllegalArgumentException("a model needs an engine");
        }
        this.engine = either;
        either.start();
    }

    @Override
    public Chat newChat(Generation options) {
        generator();
        OptionChecks.check(options, parts.graph().shape().vocabulary());
        return new LocalChat(this, parts.prompts().withStops(options));
    }

    @Override
    public String prompt(
            List<Message> messages, Map<String, ? extends @Nullable Object> variables) {
        generator();
        return parts.prompts().render(messages, variables);
    }

    @Override
    public Answer generate(int[] prompt, Generation options) {
        Engine<Sequence> target = generator();
        checkIds(prompt);
        OptionChecks.check(options, parts.graph().shape().vocabulary());
        if (prompt.length >= parts.context()) {
            throw overflow("the prompt", prompt.length, "leaves no room for an answer in");
        }
        Long wanted = options.seed();
        long seed = wanted != null ? wanted : ThreadLocalRandom.current().nextInt() & 0xFFFFFFFFL;
        TokenFilter filter = filter(options);
        if (filter != null) {
            filter.prepare(longest(prompt.length, options));
        }
        Sampler sampler =
                new Sampler(
                        options,
                        seed,
                        prompt,
                        endTokens(),
                        filter,
                        longest(prompt.length, options),
                        parts.tokenizer());
        Sequence sequence =
                new Sequence(
                        prompt,
                        options,
                        seed,
                        sampler,
                        parts.tokenizer(),
                        parts.context(),
                        parts.draftTokens(),
                        parts.adapters().of(options.adapters()));
        target.submit(sequence);
        return sequence.answer();
    }

    private @Nullable TokenFilter filter(Generation options) {
        Constraint constraint = options.constraint();
        TokenFilter filter = constraint == null ? null : filters.of(constraint);
        Reasoning reasoning = options.reasoning();
        return reasoning == null || (filter == null && reasoning.budget() < 0)
                ? filter
                : new ReasoningFilter(filter, reasoning, parts.tokenizer(), endTokens());
    }

    /// Tokens at most that the answer gets.
    private int longest(int prompt, Generation options) {
        int room = options.contextShift() ? Integer.MAX_VALUE : parts.context() - prompt;
        return options.maxTokens() < 0 ? room : Math.min(options.maxTokens(), room);
    }

    @Override
    public Embedding embedRaw(int[] ids) {
        if (ranks()) {
            throw new LlmException(
                    LlmException.Code.UNSUPPORTED,
                    "%s ranks texts and makes no embeddings".formatted(parts.info().name()));
        }
        return new Embedding(pooled(ids, parts.graph().pooling()), ids.length);
    }

    @Override
    public Embedding embed(int[] ids) {
        float[] vector = embedRaw(ids).vector();
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] * factor);
        }
        return new Embedding(vector, ids.length);
    }

    @Override
    public boolean ranks() {
        return parts.graph().pooling() == Pooling.RANK;
    }

    @Override
    public Embedding rank(String question, String text) {
        if (!ranks()) {
            return Llm.super.rank(question, text);
        }
        int[] ids = pair(parts.tokenizer().encode(question, text, EncodeOptions.defaults()));
        return new Embedding(pooled(ids, Pooling.RANK), ids.length);
    }

    /// The ids of two texts. In RoBERTa's way, which GGUF vocabularies other than WordPiece follow
    /// (but ModernBERT's), the separator between them stands twice.
    private int[] pair(Encoding encoding) {
        Map<String, Object> metadata = parts.info().metadata();
        Object kind = metadata.get("tokenizer.ggml.model");
        int[] ids = encoding.ids();
        if (kind == null
                || kind.equals("bert")
                || "modern-bert".equals(metadata.get("general.architecture"))
                || ids.length == 0
                || !parts.tokenizer().isSpecial(ids[ids.length - 1])) {
            return ids;
        }
        int second = 0;
        while (second < ids.length && encoding.typeIds()[second] == 0) {
            second++;
        }
        int[] more = new int[ids.length + 1];
        System.arraycopy(ids, 0, more, 0, second);
        more[second] = ids[ids.length - 1];
        System.arraycopy(ids, second, more, second + 1, ids.length - second);
        return more;
    }

    /// The vector of a text before it is normalized.
    float[] pooled(int[] ids, Pooling pooling) {
        if (embedder == null) {
            throw new LlmException(
                    LlmException.Code.UNSUPPORTED,
                    "%s continues text and makes no embeddings".formatted(parts.info().name()));
        }
        checkIds(ids);
        if (ids.length > parts.context()) {
            throw overflow("the text", ids.length, "is longer than");
        }
        EmbeddingTask task = new EmbeddingTask(ids.clone(), pooling, parts.adapters().of(null));
        embedder.submit(task);
        return task.await();
    }

    private LlmException overflow(String what, int length, String relation) {
        return new LlmException(
                LlmException.Code.CONTEXT_OVERFLOW,
                "%s of %d tokens %s the context of %d tokens"
                        .formatted(what, length, relation, parts.context()));
    }

    private void checkIds(int[] ids) {
        if (ids.length == 0) {
            throw new LlmException(LlmException.Code.BAD_REQUEST, "the prompt has no tokens");
        }
        int vocabulary = parts.graph().shape().vocabulary();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabulary) {
                throw new LlmException(
                        LlmException.Code.BAD_REQUEST,
                        "token %d of the prompt is %d; expected 0 to %d"
                                .formatted(i, ids[i], vocabulary - 1));
            }
        }
    }

    private Engine<Sequence> generator() {
        if (generator == null) {
            throw new LlmException(
                    LlmException.Code.UNSUPPORTED,
                    "%s makes embeddings and does not continue text"
                            .formatted(parts.info().name()));
        }
        return generator;
    }

    /// Found on first use, since it asks for every token.
    private int[] endTokens() {
        int[] known = endTokens;
        if (known == null) {
            known =
                    IntStream.range(0, parts.tokenizer().vocabularySize())
                            .filter(parts.tokenizer()::endsGeneration)
                            .toArray();
            endTokens = known;
        }
        return known;
    }

    @Override
    public int saveSession(Session session, Path file) {
        SessionStore store = sessions();
        checkIds(session.tokens());
        return generator()
                .call(() ->
                        store.save(
                                file,
                                session,
                                parts.adapters().of(null),
                                parts.fingerprint().get(),
                                parts.adapters().inWords(),
                                parts.context()));
    }

    @Override
    public Session restoreSession(Path file) {
        SessionStore store = sessions();
        return generator()
                .call(() ->
                        store.restore(
                                file,
                                parts.adapters().of(null),
                                parts.fingerprint().get(),
                                parts.adapters().inWords(),
                                parts.context()));
    }

    private SessionStore sessions() {
        generator();
        SessionStore store = sessions;
        if (store == null || !parts.graph().memory().rewinds()) {
            throw new LlmException(
                    LlmException.Code.UNSUPPORTED,
                    "%s keeps a state that cannot be saved".formatted(parts.info().name()));
        }
        return store;
    }

    @Override
    public List<LoadedAdapter> adapters() {
        return parts.adapters().list();
    }

    @Override
    public LoadedAdapter loadAdapter(AdapterFile file) {
        return parts.adapters().load(file);
    }

    @Override
    public void unloadAdapter(String name) {
        parts.adapters().unload(name);
    }

    @Override
    public void scaleAdapter(String name, float scale) {
        parts.adapters().scale(name, scale);
    }

    @Override
    public ModelInfo info() {
        return parts.info();
    }

    @Override
    public Tokenizer tokenizer() {
        return parts.tokenizer();
    }

    @Override
    public @Nullable ChatTemplate chatTemplate() {
        return parts.prompts().template();
    }

    @Override
    public int contextLength() {
        return parts.context();
    }

    @Override
    public EngineStats stats() {
        EngineCounters counters = engine.counters();
        KvPool kv = parts.kv();
        return new EngineStats(
                counters.running().get(),
                counters.waiting().get() + engine.pending(),
                kv.pages() - kv.freePages(),
                kv.pages(),
                counters.promptTokens().get(),
                counters.answerTokens().get(),
                counters.steps().get(),
                counters.cachedTokens().get(),
                counters.preemptions().get(),
                counters.drafts().get(),
                counters.draftTokens().get(),
                counters.acceptedTokens().get(),
                counters.stepTokens().get(),
                counters.sizes(),
                parts.ownBytes() + kv.bytes());
    }

    @Override
    public TokenCost cost() {
        return parts.cost();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            engine.close();
            parts.release().run();
        }
    }
}
