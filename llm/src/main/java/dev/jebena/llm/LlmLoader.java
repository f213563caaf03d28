package dev.jebena.llm;

import dev.jebena.compute.Kernels;
import dev.jebena.compute.Workers;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.QuantizedTensors;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.llm.internal.engine.EmbeddingScheduler;
import dev.jebena.llm.internal.engine.Engine;
import dev.jebena.llm.internal.engine.GenerationScheduler;
import dev.jebena.llm.internal.folder.ModelFolder;
import dev.jebena.llm.internal.model.Architectures;
import dev.jebena.llm.internal.model.Fingerprint;
import dev.jebena.llm.internal.model.Graph;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pass;
import dev.jebena.llm.internal.model.Weights;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Puts a model together: file, tokenizer, graph, memory, engine. Whatever fails, what was opened
/// is closed again.
final class LlmLoader {
    private final LlmOptions options;
    private final Path path;
    private final TensorFile file;
    private final Arena arena = Arena.ofShared();
    private @Nullable Workers workers;
    private DraftLoader.@Nullable Draft draft;

    private LlmLoader(Path path, LlmOptions options, TensorFile file) {
        this.path = path;
        this.options = options;
        this.file = file;
    }

    static Llm load(Path path, LlmOptions options) {
        OptionChecks.check(options);
        if (!Files.exists(path)) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL, "there is no file or folder " + path);
        }
        boolean folder = Files.isDirectory(path);
        TensorFile file = folder ? ModelFolder.open(path) : Gguf.open(path);
        LlmLoader loader = new LlmLoader(path, options, file);
        try {
            return loader.assemble(startTokenizer(file, folder ? path : null));
        } catch (OutOfMemoryError e) {
            loader.release();
            throw new LlmException(
                    LlmException.Code.OUT_OF_MEMORY, "not enough memory to load " + path, e);
        } catch (RuntimeException | Error e) {
            loader.release();
            throw e;
        }
    }

    private void release() {
        if (workers != null) {
            workers.close();
        }
        arena.close();
        if (draft != null) {
            draft.file().close();
        }
        file.close();
    }

    /// Reads the vocabulary beside everything else: it is the slowest part of loading.
    private static FutureTask<Tokenizer> startTokenizer(TensorFile file, @Nullable Path folder) {
        FutureTask<Tokenizer> task =
                new FutureTask<>(() ->
                        folder == null
                                ? Tokenizer.ofGguf(VocabularyBytes.in(file.metadata()))
                                : Tokenizer.ofFolder(folder));
        Thread.ofPlatform().name("jebena-tokenizer").daemon().start(task);
        return task;
    }

    private LocalLlm assemble(FutureTask<Tokenizer> pending) {
        Kernels kernels = options.exact() ? Kernels.best().exact() : Kernels.best();
        if (options.weights() == null) {
            expect(file, kernels);
        }
        Workers pool = Workers.of(threads());
        workers = pool;
        TensorFile used;
        Weights weights;
        Graph graph;
        Tokenizer tokenizer;
        try {
            if (file instanceof ModelFolder folder) {
                awaitEnd(pending);
                folder.fitVocabulary(result(pending).vocabularySize());
            }
            used = file;
            if (options.weights() != null) {
                used = QuantizedTensors.of(file, options.weights(), pool, arena);
                expect(used, kernels);
            }
            weights = new Weights(used, kernels, arena, contextLimit());
            graph = Architectures.of(weights.architecture()).build(weights);
            weights.pack(pool);
        } finally {
            // The file must stay open until its other reader has ended.
            awaitEnd(pending);
        }
        tokenizer = result(pending);
        checkVocabulary(graph, tokenizer);
        ModelMemory memory = ModelMemory.plan(graph, options);
        KvPool kv = new KvPool(arena, graph, memory.kvType(), memory.pages());
        int sampled =
                graph.head() == null ? 0 : GenerationScheduler.sampledRows(options.maxSequences());
        Pass pass = new Pass(arena, graph, kernels, pool, kv, memory.batchRows(), sampled);
        if (options.draft() != null && graph.head() != null && graph.memory().rewinds()) {
            draft =
                    DraftLoader.load(
                            options.draft(),
                            options,
                            arena,
                            kernels,
                            pool,
                            tokenizer,
                            memory.context());
        }
        TensorFile shown = used;
        LocalLlm.Parts parts =
                new LocalLlm.Parts(
                        ModelInfos.of(path, used, graph),
                        graph,
                        tokenizer,
                        Prompts.of(file.metadata(), tokenizer),
                        memory.context(),
                        kv,
                        graph.memory().rewinds() ? options.draftTokens() : 0,
                        new Adapters(weights, options.adapters()),
                        () -> Fingerprint.of(shown),
                        weights.ownBytes()
                                + pass.scratchBytes()
                                + (draft == null ? 0 : draft.ownBytes()),
                        weights.cost(),
                        this::release);
        int capacity = options.maxSequences() + options.maxQueue();
        if (graph.head() == null) {
            EmbeddingScheduler scheduler = new EmbeddingScheduler(pass, kv, memory.batchRows());
            return new LocalLlm(parts, null, new Engine<>(scheduler, capacity), null);
        }
        GenerationScheduler scheduler =
                new GenerationScheduler(
                        pass,
                        kernels,
                        pool,
                        kv,
                        memory.keptPages(kv),
                        memory.batchRows(),
                        options.maxSequences(),
                        draft == null ? null : draft.model());
        return new LocalLlm(parts, new Engine<>(scheduler, capacity), null, scheduler.sessions());
    }

    private static void expect(TensorFile tensors, Kernels kernels) {
        tensors.tensors().values().stream()
                .filter(tensor -> tensor.shape().size() > 1)
                .map(StoredTensor::type)
                .distinct()
                .forEach(kernels::expect);
    }

    private int threads() {
        return options.threads() > 0
                ? options.threads()
                : Runtime.getRuntime().availableProcessors();
    }

    /// Every sampled id must be a token, and every token must have an embedding.
    private static void checkVocabulary(Graph graph, Tokenizer tokenizer) {
        int rows = graph.shape().vocabulary();
        int size = tokenizer.vocabularySize();
        if (graph.head() == null ? size > rows : size != rows) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL,
                    "the vocabulary has %d tokens, but tensor token_embd.weight has %d rows"
                            .formatted(size, rows));
        }
    }

    private static void awaitEnd(FutureTask<Tokenizer> pending) {
        boolean interrupted = false;
        while (!pending.isDone()) {
            try {
                pending.get();
            } catch (ExecutionException e) {
                // Reported by whoever asks for the result.
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Tokenizer result(FutureTask<Tokenizer> ended) {
        if (ended.state() == Future.State.SUCCESS) {
            return ended.resultNow();
        }
        Throwable problem = ended.exceptionNow();
        switch (problem) {
            case TokenizerException bad ->
                    throw new LlmException(
                            LlmException.Code.BAD_MODEL,
                            "the model's vocabulary cannot be used: " + bad.getMessage(),
                            bad);
            case RuntimeException other -> throw other;
            case Error error -> throw error;
            default ->
                    throw new LlmException(
                            LlmException.Code.INTERNAL, "reading the vocabulary failed", problem);
        }
    }

    private int contextLimit() {
        int wanted =
                options.contextLength() > 0 ? options.contextLength() : ModelMemory.DEFAULT_CONTEXT;
        return options.kvPositions() > 0 ? Math.min(wanted, options.kvPositions()) : wanted;
    }
}
