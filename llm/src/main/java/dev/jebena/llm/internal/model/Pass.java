package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.KvPages;
import dev.jebena.compute.PackedMatrix;
import dev.jebena.compute.QuantizedRows;
import dev.jebena.compute.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of one step on their way through a graph: tokens of many sequences, computed together.
///
/// Used by one thread: [#clear], then [#add] for each sequence, then [#logits], or [#run] and
/// [#pooled]. The work of each stage is cut into tiles for the workers; small stages run on the
/// caller's thread, since handing them out would cost more. Neither changes a result.
public final class Pass {
    /// Multiply-adds (or their like) that a thread does in about the time it takes to wake one.
    private static final long WORTH_SHARING = 1 << 15;

    /// Query rows of one attention tile.
    private static final int ATTENTION_ROWS = 32;

    /// One of the products that a stage computes from the same input.
    record Product(Linear linear, FloatMatrix out) {}

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
    private final int[] tokens;
    private final int[] positions;
    private final int[] segmentOf;
    private final List<Segment> segments = new ArrayList<>();
    private int rows;
    private int longest;

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
        this.tokens = new int[capacity];
        this.positions = new int[capacity];
        this.segmentOf = new int[capacity];
    }

    /// Bytes of scratch memory.
    public long scratchBytes() {
        return scratch.bytes();
    }

    public int rows() {
        return rows;
    }

    public void clear() {
        rows = 0;
        longest = 0;
        segments.clear();
    }

    /// Adds `count` tokens of a sequence, whose first stands at `position`.
    ///
    /// @param pages byte offsets of the sequence's pages
    /// @return the row of the last of them
    public int add(int[] sequence, int position, int count, long[] pages) {
        segments.add(new Segment(rows, count, position, pages));
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

    /// After [#run], the pooled vector of the n-th sequence that was added, not normalized.
    public float[] pooled(int n, Pooling pooling) {
        Segment segment = segments.get(n);
        return pooling.apply(hidden(), segment.first(), segment.rows());
    }

    Kernels kernels() {
        return kernels;
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

    private void eachOf(int count, long cost, RowTask task) {
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

    /// Multiplies `x` with each matrix, all in one stage. Adds no bias.
    void multiply(FloatMatrix x, Product... products) {
        QuantizedRows rounded = rounded(x, products);
        int[] tileRows = new int[products.length];
        int[] firstTile = new int[products.length + 1];
        long work = 0;
        for (int i = 0; i < products.length; i++) {
            int outputs = products[i].linear().outputs();
            tileRows[i] = tileRows(outputs);
            firstTile[i + 1] = firstTile[i] + (outputs + tileRows[i] - 1) / tileRows[i];
            work += (long) x.rows() * x.columns() * outputs;
        }
        if (work < WORTH_SHARING || workers.count() == 1) {
            for (Product product : products) {
                multiply(x, rounded, product, 0, product.linear().outputs());
            }
            return;
        }
        workers.run(
                firstTile[products.length],
                (tile, worker) -> {
                    int i = 0;
                    while (tile >= firstTile[i + 1]) {
                        i++;
                    }
                    int begin = (tile - firstTile[i]) * tileRows[i];
                    int end = Math.min(products[i].linear().outputs(), begin + tileRows[i]);
                    multiply(x, rounded, products[i], begin, end);
                });
    }

    private void multiply(
            FloatMatrix x, @Nullable QuantizedRows rounded, Product product, int begin, int end) {
        PackedMatrix packed = product.linear().packed();
        if (packed != null && rounded != null) {
            kernels.multiply(packed, rounded, product.out(), begin, end);
        } else {
            kernels.matmul(product.linear().weight(), x, product.out(), begin, end);
        }
    }

    /// The rows of `x` rounded to 8 bits, if a product wants them.
    private @Nullable QuantizedRows rounded(FloatMatrix x, Product... products) {
        for (Product product : products) {
            if (product.linear().packed() != null) {
                QuantizedRows rounded = scratch.quantized(x.rows(), x.columns());
                eachOf(x.rows(), x.columns(), row -> kernels.quantize(x, row, rounded));
                return rounded;
            }
        }
        return null;
    }

    /// Output rows of one tile: several tiles for each thread, so that one that is held up delays
    /// little, but none so small that claiming it shows.
    private int tileRows(int outputs) {
        int share = outputs / (workers.count() * 4);
        return Math.clamp((share + 15) & ~15, 16, 256);
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
        int count = segments.size();
        KvPages[] pages = new KvPages[count];
        int[] firstTile = new int[count + 1];
        long work = 0;
        for (int i = 0; i < count; i++) {
            Segment segment = segments.get(i);
            pages[i] = new KvPages(kv.layer(layer), kv.type(), segment.pages(), segment.length());
            int tiles = (segment.rows() + ATTENTION_ROWS - 1) / ATTENTION_ROWS;
            firstTile[i + 1] = firstTile[i] + tiles * shape.kvHeads();
            work += (long) segment.rows() * segment.length() * q.columns();
        }
        if (work < WORTH_SHARING || workers.count() == 1) {
            for (int tile = 0; tile < firstTile[count]; tile++) {
                attendTile(tile, firstTile, pages, q, out, shape);
            }
        } else {
            workers.run(
                    firstTile[count],
                    (tile, worker) -> attendTile(tile, firstTile, pages, q, out, shape));
        }
    }

    private void attendTile(
            int tile,
            int[] firstTile,
            KvPages[] pages,
            FloatMatrix q,
            FloatMatrix out,
            AttentionShape shape) {
        int i = 0;
        while (tile >= firstTile[i + 1]) {
            i++;
        }
        Segment segment = segments.get(i);
        int within = tile - firstTile[i];
        int skip = within / shape.kvHeads() * ATTENTION_ROWS;
        int begin = segment.first() + skip;
        int end = Math.min(segment.first() + segment.rows(), begin + ATTENTION_ROWS);
        kernels.attend(
                q,
                out,
                begin,
                end,
                segment.position() + skip,
                within % shape.kvHeads(),
                shape,
                pages[i]);
    }
}
