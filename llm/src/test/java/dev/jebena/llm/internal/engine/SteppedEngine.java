package dev.jebena.llm.internal.engine;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.Workers;
import dev.jebena.formats.Gguf;
import dev.jebena.llm.Generation;
import dev.jebena.llm.internal.model.AdapterSet;
import dev.jebena.llm.internal.model.Architectures;
import dev.jebena.llm.internal.model.Graph;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pass;
import dev.jebena.llm.internal.model.Weights;
import dev.jebena.llm.internal.sampling.Sampler;
import dev.jebena.tokenizers.Tokenizer;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A scheduler without its thread: a test makes the steps.
final class SteppedEngine implements AutoCloseable {
    private static final int CONTEXT = 256;

    final KvPool kv;
    final GenerationScheduler scheduler;
    private final Arena arena = Arena.ofShared();
    private final Workers workers = Workers.of(1);
    private final Gguf file;
    private final Tokenizer tokenizer;

    SteppedEngine(Path path, int pages, int keptPages, int batchTokens, int maxSequences) {
        Kernels kernels = Kernels.best();
        file = Gguf.open(path);
        tokenizer = Tokenizer.ofGguf(file.metadata());
        Weights weights = new Weights(file, kernels, arena, CONTEXT);
        Graph graph = Architectures.of(weights.architecture()).build(weights);
        weights.pack(workers);
        kv = new KvPool(arena, graph, DataType.F16, pages);
        int sampled = GenerationScheduler.sampledRows(maxSequences);
        Pass pass = new Pass(arena, graph, kernels, workers, kv, batchTokens, sampled);
        scheduler =
                new GenerationScheduler(
                        pass, kernels, workers, kv, keptPages, batchTokens, maxSequences, null);
    }

    static int[] prompt(int seed, int length) {
        return new Random(seed).ints(length, 3, 320).toArray();
    }

    Sequence submit(int[] prompt, Generation options) {
        Sampler sampler = new Sampler(options, 1, prompt, new int[0], null, CONTEXT);
        Sequence sequence =
                new Sequence(prompt, options, 1, sampler, tokenizer, CONTEXT, 8, AdapterSet.NONE);
        scheduler.accept(sequence);
        return sequence;
    }

    static int answered(Sequence sequence) {
        return sequence.answer().usage().answerTokens();
    }

    /// Steps until all have ended.
    void finish() {
        while (scheduler.hasWork()) {
            scheduler.step();
        }
    }

    static List<Integer> ids(Sequence sequence) {
        List<Integer> ids = new ArrayList<>();
        sequence.answer().forEachRemaining(token -> ids.add(token.id()));
        return ids;
    }

    @Override
    public void close() {
        workers.close();
        arena.close();
        file.close();
    }
}
