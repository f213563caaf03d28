package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.KvPages;
import dev.jebena.compute.TileTask;
import dev.jebena.compute.Workers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Attention of every row of a pass to the positions of its own sequence, cut into tiles of some
/// rows and one key/value head. A pass has one of these for all layers.
final class AttentionStage implements TileTask {
    /// Query rows of one tile.
    private static final int ROWS = 32;

    /// What one layer's tiles work on.
    private record Layer(FloatMatrix q, FloatMatrix out, AttentionShape shape) {}

    private final Kernels kernels;
    private final Workers workers;
    private final KvPool kv;
    private final List<Segment> segments;
    private final List<KvPages> pages = new ArrayList<>();
    private int[] firstTile = new int[8];
    private @Nullable Layer layer;

    /// @param segments of the pass
    AttentionStage(Kernels kernels, Workers workers, KvPool kv, List<Segment> segments) {
        this.kernels = kernels;
        this.workers = workers;
        this.kv = kv;
        this.segments = segments;
    }

    /// Computes a layer.
    void run(FloatMatrix q, FloatMatrix out, AttentionShape shape, int kvLayer) {
        layer = new Layer(q, out, shape);
        int count = segments.size();
        if (firstTile.length <= count) {
            firstTile = new int[2 * count];
        }
        pages.clear();
        long work = 0;
        for (int i = 0; i < count; i++) {
            Segment segment = segments.get(i);
            pages.add(new KvPages(kv.layer(kvLayer), kv.type(), segment.pages(), segment.length()));
            int tiles = (segment.rows() + ROWS - 1) / ROWS;
            firstTile[i + 1] = firstTile[i] + tiles * shape.kvHeads();
            work += (long) segment.rows() * segment.length() * q.columns();
        }
        if (work < Pass.WORTH_SHARING || workers.count() == 1) {
            for (int tile = 0; tile < firstTile[count]; tile++) {
                run(tile, 0);
            }
        } else {
            workers.run(firstTile[count], this);
        }
    }

    @Override
    public void run(int tile, int worker) {
        Layer current = layer;
        if (current == null) {
            throw new IllegalStateException("attention without a layer");
        }
        int i = 0;
        while (tile >= firstTile[i + 1]) {
            i++;
        }
        AttentionShape shape = current.shape();
        Segment segment = segments.get(i);
        // The last rows have most to do, so they come first.
        int within = firstTile[i + 1] - 1 - tile;
        int skip = within / shape.kvHeads() * ROWS;
        int begin = segment.first() + skip;
        int end = Math.min(segment.first() + segment.rows(), begin + ROWS);
        kernels.attend(
                current.q(),
                current.out(),
                begin,
                end,
                segment.position() + skip,
                within % shape.kvHeads(),
                shape,
                pages.get(i));
    }
}
