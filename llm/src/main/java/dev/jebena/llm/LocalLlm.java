package dev.jebena.llm;

import dev.jebena.llm.internal.constraint.TokenFilter;
import dev.jebena.llm.internal.constraint.TokenFilters;
import dev.jebena.llm.internal.engine.EmbeddingTask;
import dev.jebena.llm.internal.engine.Engine;
import dev.jebena.llm.internal.engine.EngineCounters;
import dev.jebena.llm.internal.engine.Sequence;
import dev.jebena.llm.internal.model.Graph;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pooling;
import dev.jebena.llm.internal.sampling.Sampler;
import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A model in this process. It has one engine: for answers or for embeddings.
final class LocalLlm implements Llm {
    /// What the loader put together.
    ///
    /// @param draftTokens guesses at most that a step checks for one sequence
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
            long ownBytes,
            TokenCost cost,
            Runnable release) {}

    private final Parts parts;
    private final @Nullable Engine<Sequence> generator;
    private final @Nullable Engine<EmbeddingTask> embedder;
    private final Engine<?> engine;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int @Nullable [] endTokens;

    LocalLlm(
            Parts parts,
            @Nullable Engine<Sequence> generator,
            @Nullable Engine<EmbeddingTask> embedder) {
        this.parts = parts;
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
        Constraint constraint = options.constraint();
        TokenFilter filter =
                constraint == null ? null : TokenFilters.of(constraint, parts.tokenizer());
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
                        parts.draftTokens());
        target.submit(sequence);
        return sequence.answer();
    }

    /// Tokens at most that the answer gets.
    private int longest(int prompt, Generation options) {
        int room = options.contextShift() ? Integer.MAX_VALUE : parts.context() - prompt;
        return options.maxTokens() < 0 ? room : Math.min(options.maxTokens(), room);
    }

    @Override
    public Embedding embed(int[] ids) {
        float[] vector = pooled(ids, parts.graph().pooling());
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
        EmbeddingTask task = new EmbeddingTask(ids.clone(), pooling);
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
