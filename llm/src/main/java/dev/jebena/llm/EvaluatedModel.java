package dev.jebena.llm;

import dev.jebena.compute.DataType;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.Workers;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.llm.internal.folder.ModelFolder;
import dev.jebena.llm.internal.model.Architectures;
import dev.jebena.llm.internal.model.Graph;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pass;
import dev.jebena.llm.internal.model.ProductObserver;
import dev.jebena.llm.internal.model.Weights;
import dev.jebena.tokenizers.Tokenizer;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A model without an engine that computes a text chunk by chunk, each from an empty cache.
final class EvaluatedModel implements AutoCloseable {
    private final TensorFile file;
    private final Arena arena = Arena.ofShared();
    private final Workers workers;
    private final Kernels kernels;
    private final Tokenizer tokenizer;
    private final Pass pass;
    private final long[] pages;
    private final int length;

    /// @param sampled rows of a chunk at most whose logits are computed
    static EvaluatedModel load(Path path, EvaluationOptions options, int sampled) {
        if (!Files.exists(path)) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL, "there is no file or folder " + path);
        }
        boolean folder = Files.isDirectory(path);
        TensorFile file = folder ? ModelFolder.open(path) : Gguf.open(path);
        try {
            Tokenizer tokenizer =
                    folder
                            ? Tokenizer.ofFolder(path)
                            : Tokenizer.ofGguf(VocabularyBytes.in(file.metadata()));
            if (file instanceof ModelFolder padded) {
                padded.fitVocabulary(tokenizer.vocabularySize());
            }
            return new EvaluatedModel(file, tokenizer, options, sampled);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private EvaluatedModel(
            TensorFile file, Tokenizer tokenizer, EvaluationOptions options, int sampled) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.length = options.contextLength();
        this.kernels = options.exact() ? Kernels.best().exact() : Kernels.best();
        int threads = options.threads();
        this.workers =
                Workers.of(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
        try {
            file.tensors().values().stream()
                    .filter(tensor -> tensor.shape().size() > 1)
                    .map(StoredTensor::type)
                    .distinct()
                    .forEach(kernels::expect);
            Weights weights = new Weights(file, kernels, arena, length);
            Graph graph = Architectures.of(weights.architecture()).build(weights);
            check(graph);
            weights.pack(workers);
            this.pages = new long[graph.memory().pagesFor(length)];
            KvPool pool = new KvPool(arena, graph, DataType.F16, pages.length);
            Arrays.setAll(pages, _ -> pool.take());
            this.pass = new Pass(arena, graph, kernels, workers, pool, length, sampled);
        } catch (RuntimeException | Error e) {
            workers.close();
            arena.close();
            throw e;
        }
    }

    private void check(Graph graph) {
        if (graph.head() == null) {
            throw new LlmException(
                    LlmException.Code.UNSUPPORTED,
                    "the model makes embeddings and does not continue text");
        }
        if (graph.shape().context() < length) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "contextLength is %d; this model was made for at most %d"
                            .formatted(length, graph.shape().context()));
        }
    }

    TensorFile file() {
        return file;
    }

    void observe(ProductObserver observer) {
        pass.observe(observer);
    }

    /// The chunks of a text; what is left behind the last whole one is not used.
    ///
    /// @param limit chunks at most; 0 for all
    int[][] chunks(String text, int limit) {
        int[] tokens = tokenizer.encode(text, true, false);
        int whole = tokens.length / length;
        if (whole == 0) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "the text has %d tokens, less than one chunk of %d; take a longer text, or shorter chunks with --context N"
                            .formatted(tokens.length, length));
        }
        int[][] chunks = new int[limit > 0 ? Math.min(limit, whole) : whole][];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = Arrays.copyOfRange(tokens, i * length, (i + 1) * length);
            // Each chunk is a text of its own, and this token takes part in no score.
            if (tokenizer.addsBos() && tokenizer.bos().isPresent()) {
                chunks[i][0] = tokenizer.bos().getAsInt();
            }
        }
        return chunks;
    }

    /// Computes a chunk.
    void run(int[] chunk) {
        begin(chunk);
        pass.run();
    }

    /// Computes a chunk; the sum of the negative log-likelihoods of its tokens behind token
    /// `first`, and the sum of their squares.
    double[] negativeLogLikelihoods(int[] chunk, int first) {
        begin(chunk);
        int[] rows = new int[chunk.length - 1 - first];
        Arrays.setAll(rows, i -> first + i);
        FloatMatrix logits = pass.logits(rows);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < rows.length; i++) {
            double each =
                    (double) kernels.logSumExp(logits, i) - logits.get(i, chunk[first + i + 1]);
            sum += each;
            squares += each * each;
        }
        return new double[] {sum, squares};
    }

    private void begin(int[] chunk) {
        pass.clear();
        pass.add(chunk, 0, chunk.length, pages);
    }

    @Override
    public void close() {
        workers.close();
        arena.close();
        file.close();
    }
}
