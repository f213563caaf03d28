package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.KvPages;
import dev.jebena.compute.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// The rows of one step on their way through a graph: tokens of many sequences, computed together.
///
/// Used by one thread: [#clear], then [#add] for each sequence, then [#logits], or [#run] and
/// [#pooled]. The work of each stage is cut into tiles for the workers; small stages run on the
/// caller's thread, since handing them out would cost more. Neither changes a result.
public final class Pass {
    /// Multiply-adds (or their like) that a thread does in about the time it takes to wake one.
    static final long WORTH_SHARING = 1 << 15;

    /// Work on one row.
    @FunctionalInterface
    interface RowTask {
        void run(int row);
    }

    private final Graph graph;
    private final Kernels kernels;
    private final Workers workers;
    private final KvPool kv;
    private final Scratch scratch;
    private final ProductStage products;
    private final AttentionStage attention;
    private final AdapterStage adapters;
    private final int[] tokens;
    private final int[] positions;
    private final int[] segmentOf;
    private final List<Segment> segments = new ArrayList<>();
    private int rows;
    private int longest;
    private boolean adapted;

    /// @param capacity rows of a pass at most
    /// @param sampled rows at most whose logits are computed
    public Pass(
            Arena arena,
            Graph graph,
            Kernels kernels,
            Workers workers,
            KvPool kv,
            int capacity,
            int sampled) {
        this.graph = graph;
        this.kernels = kernels;
        this.workers = workers;
        this.kv = kv;
        this.scratch = new Scratch(arena, graph.plan(), capacity, sampled);
        this.products = new ProductStage(kernels, workers, scratch);
        this.adapters = new AdapterStage(kernels, workers);
        this.attention = new AttentionStage(kernels, workers, kv, segments);
        this.tokens = new int[capacity];
        this.positions = new int[capacity];
        this.segmentOf = new int[capacity];
    }

    /// Bytes of scratch memory.
    public long scratchBytes() {
        return scratch.bytes();
    }

    /// Lets `observer` see every product from now on; null ends it.
    public void observe(@Nullable ProductObserver observer) {
        products.observer(observer);
    }

    public int rows() {
        return rows;
    }

    public void clear() {
        rows = 0;
        longest = 0;
        adapted = false;
        segments.clear();
    }

    /// Adds tokens of a sequence without adapters.
    public int add(int[] sequence, int position, int count, long[] pages) {
        return add(sequence, position, count, pages, AdapterSet.NONE);
    }

    /// Adds `count` tokens of a sequence, whose first stands at `position`.
    ///
    /// @param pages byte offsets of the sequence's pages
    /// @param own the sequence's adapters
    /// @return the row of the last of them
    public int add(int[] sequence, int position, int count, long[] pages, AdapterSet own) {
        segments.add(new Segment(rows, count, position, pages, own));
        adapted |= !own.isEmpty();
        for (int i = 0; i < count; i++) {
            tokens[rows] = sequence[position + i];
            positions[rows] = position + i;
            segmentOf[rows] = segments.size() - 1;
            rows++;
        }
        longest = Math.max(longest, position + count);
        return rows - 1;
    }

    /// Computes all rows and returns the logits of the given ones, valid until the next pass.
    public FloatMatrix logits(int[] sampledRows) {
        run();
        Head head = graph.head();
        if (head == null) {
            throw new IllegalStateException("the model has no head");
        }
        return head.run(this, sampledRows);
    }

    /// Computes all rows without logits.
    public void run() {
        for (Rope rope : graph.ropes()) {
            rope.fill(longest);
        }
        graph.input().run(this);
        for (Block block : graph.blocks()) {
            block.run(this);
        }
    }

    /// After [#run], the classifier's scores of the n-th sequence that was added.
    public float[] scores(int n) {
        Classifier classifier = graph.classifier();
        if (classifier == null) {
            throw new IllegalStateException("the model has no classifier");
        }
        Segment segment = segments.get(n);
        return classifier.scores(kernels, hidden(), segment.first(), segment.rows());
    }

    /// After [#run], the pooled vector of the n-th sequence that was added, not normalized.
    public float[] pooled(int n, Pooling pooling) {
        Segment segment = segments.get(n);
        return pooling.apply(hidden(), segment.first(), segment.rows());
    }

    Kernels kernels() {
        return kernels;
    }

    List<Segment> segments() {
        return segments;
    }

    /// What a layer keeps of all sequences.
    MemorySegment layerMemory(int layer) {
        return kv.layer(layer);
    }

    int token(int row) {
        return tokens[row];
    }

    int position(int row) {
        return positions[row];
    }

    FloatMatrix matrix(Scratch.Slot slot, int columns) {
        return scratch.matrix(slot, rows, columns);
    }

    /// As many rows as asked for, instead of one for each of the pass.
    FloatMatrix matrix(Scratch.Slot slot, int count, int columns) {
        return scratch.matrix(slot, count, columns);
    }

    FloatMatrix hidden() {
        return matrix(Scratch.Slot.HIDDEN, graph.shape().width());
    }

    FloatMatrix normed() {
        return matrix(Scratch.Slot.NORMED, graph.shape().width());
    }

    FloatMatrix output() {
        return matrix(Scratch.Slot.OUTPUT, graph.shape().width());
    }

    FloatMatrix gathered(int count) {
        return scratch.matrix(Scratch.Slot.SAMPLED, count, graph.shape().width());
    }

    FloatMatrix logits(int count, int vocabulary) {
        return scratch.matrix(Scratch.Slot.LOGITS, count, vocabulary);
    }

    /// Runs `task` for every row, each of which costs about `cost` multiply-adds.
    void eachRow(long cost, RowTask task) {
        eachOf(rows, cost, task);
    }

    /// Runs `task` for every row below `count`.
    void eachOf(int count, long cost, RowTask task) {
        if (count * cost < WORTH_SHARING || workers.count() == 1) {
            for (int row = 0; row < count; row++) {
                task.run(row);
            }
            return;
        }
        int tileRows = Math.clamp(WORTH_SHARING / 2 / cost, 1, 64);
        workers.run(
                (count + tileRows - 1) / tileRows,
                (tile, worker) -> {
                    int end = Math.min(count, (tile + 1) * tileRows);
                    for (int row = tile * tileRows; row < end; row++) {
                        task.run(row);
                    }
                });
    }

    /// A stage of products of `x`, all of which are computed together. `x` has the pass's rows.
    ProductStage multiply(FloatMatrix x) {
        return products.of(x, row -> row);
    }

    /// A stage of products of rows that were taken from the pass's.
    ///
    /// @param origin the pass's row for each row of `x`
    ProductStage multiply(FloatMatrix x, IntUnaryOperator origin) {
        return products.of(x, origin);
    }

    /// Whether any row has adapters.
    boolean adapted() {
        return adapted;
    }

    AdapterStage adapters() {
        return adapters;
    }

    AdapterSet adapters(int row) {
        return segments.get(segmentOf[row]).adapters();
    }

    /// Adds what a row's adapters change in an embedding table.
    void adaptEmbedding(String tensor, FloatMatrix x, int row) {
        if (adapted) {
            adapters.addEmbedding(tensor, tokens[row], adapters(row), x, row);
        }
    }

    void addBias(Linear linear, FloatMatrix x) {
        FloatMatrix bias = linear.bias();
        if (bias != null) {
            eachRow(x.columns(), row -> kernels.add(x, row, bias, 0));
        }
    }

    void storeKv(int layer, FloatMatrix keys, FloatMatrix values, int row, AttentionShape shape) {
        int position = positions[row];
        long page = segments.get(segmentOf[row]).pages()[position / KvPages.PAGE];
        kernels.storeKv(
                kv.layer(layer),
                kv.type(),
                page,
                position % KvPages.PAGE,
                keys,
                values,
                row,
                shape.kvHeads(),
                shape.headDim());
    }

    /// Attention of every row to the positions of its own sequence.
    void attend(FloatMatrix q, FloatMatrix out, AttentionShape shape, int layer) {
        attention.run(q, out, shape, layer);
    }
}
