package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.Workers;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.TensorFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/// A graph with all it needs to be computed, without an engine.
final class LoadedGraph implements AutoCloseable {
    private static final int CONTEXT = 256;

    private final Arena arena = Arena.ofShared();
    private final Workers workers = Workers.of(2);
    private final Kernels kernels;
    private final TensorFile file;
    private final KvPool pool;
    private final Pass pass;
    private final boolean rounds;
    private final long[] pages;

    LoadedGraph(Path path, DataType kvType, Kernels kernels) {
        this(Gguf.open(path), kvType, kernels);
    }

    /// @param file which it closes in the end
    LoadedGraph(TensorFile file, DataType kvType, Kernels kernels) {
        this.kernels = kernels;
        this.file = file;
        Weights weights = new Weights(file, kernels, arena, CONTEXT);
        Graph graph = Architectures.of(weights.architecture()).build(weights);
        weights.pack(workers);
        rounds = weights.packedBytes() > 0;
        pages = new long[graph.memory().pagesFor(CONTEXT)];
        pool = new KvPool(arena, graph, kvType, pages.length);
        for (int i = 0; i < pages.length; i++) {
            pages[i] = pool.take();
        }
        pass = new Pass(arena, graph, kernels, workers, pool, CONTEXT, 1);
    }

    /// Whether the kernels multiply any of the weights with rounded activations.
    boolean rounds() {
        return rounds;
    }

    /// Log-probabilities after the first `length` tokens, of which `computed` are in the cache.
    float[] logprobs(int[] tokens, int computed, int length) {
        pass.clear();
        int last = pass.add(tokens, computed, length - computed, pages);
        FloatMatrix logits = pass.logits(new int[] {last});
        float normalizer = kernels.logSumExp(logits, 0);
        float[] values = logits.row(0);
        for (int i = 0; i < values.length; i++) {
            values[i] -= normalizer;
        }
        return values;
    }

    float[] pooled(int[] tokens, Pooling pooling) {
        pass.clear();
        pass.add(tokens, 0, tokens.length, pages);
        pass.run();
        return pass.pooled(0, pooling);
    }

    float[] scores(int[] tokens) {
        pass.clear();
        pass.add(tokens, 0, tokens.length, pages);
        pass.run();
        return pass.scores(0);
    }

    @Override
    public void close() {
        workers.close();
        arena.close();
        file.close();
    }
}
