package dev.jebena.tensor.internal.compiler;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.jebena.compute.Panels.Place;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.internal.Elements;
import dev.jebena.tensor.internal.FloatPath;
import dev.jebena.tensor.internal.Parallel;
import dev.jebena.tensor.internal.RandomLoops;
import dev.jebena.tensor.internal.Reader;
import dev.jebena.tensor.internal.View;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One run of a [Nest]. Blocks and tiles depend on shapes only, and reductions of a row are those
/// of eager execution, so the bits are the same for any number of threads.
final class NestRun {
    /// Most elements of a tile of one thread.
    private static final int TILE = 1 << 15;

    /// Fewest elements: fewer are not worth a thread.
    private static final int LEAST_TILE = 1 << 12;

    /// Fewest numbers that repeat for which blocks are cut: a block costs more than a copy.
    private static final int LEAST_PERIOD = 64;

    /// Tiles that keep some threads busy evenly.
    private static final int TILES = 8;

    private static final MemorySegment ALL = all();

    private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

    /// Memory of a thread; it grows to the largest request.
    private static final class Room {
        private MemorySegment memory = MemorySegment.NULL;

        MemorySegment of(long bytes) {
            if (memory.byteSize() < bytes) {
                memory = Arena.ofAuto().allocate(bytes, 64);
            }
            return memory;
        }
    }

    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private static MemorySegment all() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    private final Nest nest;
    private final View[] views;
    private final @Nullable Reader[] readers;

    /// How many numbers of a value from outside repeat, if they are one row of numbers; else 0.
    private final int[] periods;

    /// What blocks of numbers do not reach across, so that such a row is read where it lies.
    private final int edge;

    private NestRun(Nest nest, View[] values) {
        this.nest = nest;
        int count = nest.ids.size();
        views = new View[count];
        readers = new Reader[count];
        periods = new int[count];
        int most = Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            views[i] = values[nest.ids.get(i)];
            if (i < nest.outside && !isDirect(i)) {
                readers[i] = new Reader(views[i]);
                periods[i] = nest.isOfRows(i) ? 0 : period(views[i]);
                most = periods[i] > 0 ? Math.min(most, periods[i]) : most;
            }
        }
        edge = nest.length == 1 ? most : Integer.MAX_VALUE;
    }

    private int period(View view) {
        int last = view.shape().rank() - 1;
        if (view.dtype() != nest.number || last < 0 || view.stride(last) != 1) {
            return 0;
        }
        for (int i = 0; i < last; i++) {
            if (view.stride(i) != 0 && view.shape().dim(i) > 1) {
                return 0;
            }
        }
        return view.shape().dim(last) < LEAST_PERIOD ? 0 : view.shape().dim(last);
    }

    /// @param values views of what comes from outside, and contiguous ones of the targets
    static NestRun of(Nest nest, View[] values) {
        return new NestRun(nest, values);
    }

    /// Does it all.
    void run() {
        long size = Math.clamp(nest.group.size / TILES, LEAST_TILE, TILE);
        long tile = Math.max(1L, size / nest.length / nest.rowsOfBlock) * nest.rowsOfBlock;
        Parallel.run(nest.group.rows(), tile, this::run);
    }

    /// Does rows `begin` to `end`, or numbers where there are no rows, by this thread.
    void run(long begin, long end) {
        Block block = new Block();
        int count;
        for (long row = begin; row < end; row += count) {
            count = (int) Math.min(Math.min(nest.rowsOfBlock, end - row), edge - row % edge);
            block.run(row, count);
        }
    }

    /// Whether a loop can work on a value from outside where it lies.
    private boolean isDirect(int value) {
        View view = views[value];
        boolean fits = view.dtype() == nest.number || view.dtype() == DType.BOOL;
        return fits && (nest.repeated.get(value) || view.isContiguous());
    }

    /// Some rows at a time, by one thread.
    private final class Block {
        private final MemorySegment room = ROOMS.get().of(nest.slotCount * nest.slotBytes());
        private final long[] at = new long[nest.ids.size()];
        private final long[] arguments = new long[nest.ids.size()];
        private double[] wide = {};
        private long row;
        private int rows;

        void run(long from, int count) {
            row = from;
            rows = count;
            for (int value = 0; value < at.length; value++) {
                at[value] = address(value);
            }
            for (Part part : nest.parts) {
                for (int value : part.reads) {
                    Reader reader = readers[value];
                    if (reader != null && !isInOnePeriod(value)) {
                        read(reader, value);
                    }
                }
                if (part.loop) {
                    loop(part);
                } else {
                    one(part.nodes.getFirst());
                }
            }
        }

        private long begin(int value) {
            return nest.repeated.get(value) ? 0 : nest.isOfRows(value) ? row : row * nest.length;
        }

        private int count(int value) {
            return nest.repeated.get(value) ? 1 : nest.isOfRows(value) ? rows : rows * nest.length;
        }

        /// Whether a repeated row is read where it lies.
        private boolean isInOnePeriod(int value) {
            int period = periods[value];
            return period > 0 && begin(value) % period + count(value) <= period;
        }

        private long address(int value) {
            int source = nest.sources[value];
            if (source < nest.outside && isInOnePeriod(source)) {
                View view = views[source];
                long first = view.offset() + begin(source) % periods[source];
                return view.memory().address() + first * view.dtype().bytes();
            }
            boolean direct =
                    source < nest.outside ? readers[source] == null : nest.targets.get(source);
            if (!direct) {
                return room.address() + nest.slots[source] * nest.slotBytes();
            }
            View view = views[source];
            return view.memory().address() + (view.offset() + begin(source)) * view.dtype().bytes();
        }

        private void read(Reader reader, int value) {
            DType from = nest.specs[value].dtype();
            int n = count(value);
            long to = nest.slots[value] * nest.slotBytes();
            if (from == nest.number || from == DType.BOOL) {
                reader.read(begin(value), n, room, to / from.bytes());
            } else if (FloatPath.casts(from, nest.number) && views[value].isContiguous()) {
                View view = views[value];
                long at = (view.offset() + begin(value)) * from.bytes();
                FloatPath.cast(from, view.memory(), at, nest.number, room, to, n);
            } else if (from.isFloat()) {
                wide(n);
                reader.read(begin(value), n, wide);
                Elements.store(nest.number, wide, 0, room, to / nest.number.bytes(), n);
            } else if (!nest.states.get(value)) {
                long[] integers = new long[n];
                reader.read(begin(value), n, integers);
                Elements.store(nest.number, integers, 0, room, to / nest.number.bytes(), n);
            }
        }

        /// Makes room for conversions.
        private void wide(int n) {
            if (wide.length < n) {
                wide = new double[n];
            }
        }

        /// A cast from or to a type that loops do not have, rounded once as in eager execution.
        private void convert(int x, int y) {
            int n = count(y);
            DType from = nest.specs[x].dtype();
            DType to = nest.specs[y].dtype();
            MemorySegment source = ALL.asSlice(at[x], (long) n * from.bytes());
            MemorySegment target = ALL.asSlice(at[y], (long) n * to.bytes());
            if (FloatPath.casts(from, to)) {
                FloatPath.cast(from, source, 0, to, target, 0, n);
            } else if (from.isFloat()) {
                wide(n);
                Elements.load(from, source, 0, 1, wide, 0, n);
                Elements.store(to, wide, 0, target, 0, n);
            } else {
                long[] integers = new long[n];
                Elements.load(from, source, 0, 1, integers, 0, n);
                Elements.store(to, integers, 0, target, 0, n);
            }
        }

        private void loop(Part part) {
            int i = 0;
            for (int value : part.inputs) {
                arguments[i++] = at[value];
            }
            for (int value : part.outputs) {
                arguments[i++] = at[value];
            }
            part.code.run(arguments, part.ofRows ? rows : rows * nest.length);
        }

        /// A part that is no loop.
        private void one(Graph.Node node) {
            int x = nest.place(node.inputs().getFirst());
            int y = nest.place(node.first());
            switch (node.op()) {
                case Op.Random random ->
                        RandomLoops.fill(
                                random.distribution(),
                                views[x],
                                new RandomLoops.Target(
                                        nest.number, ALL, at[y] / nest.number.bytes()),
                                begin(y),
                                count(y));
                case Op.Cast cast -> convert(x, y);
                default -> rows(node, x, y);
            }
        }

        private void rows(Graph.Node node, int x, int y) {
            Place from = new Place(ALL, at[x]);
            Place to = new Place(ALL, at[y]);
            switch (node.op()) {
                case Op.Softmax s -> FloatPath.ROWS.softmax(false, from, to, nest.length, rows);
                case Op.LogSoftmax s -> FloatPath.ROWS.softmax(true, from, to, nest.length, rows);
                case Op.Standardize s ->
                        FloatPath.ROWS.standardize(
                                s.epsilon(),
                                from,
                                to,
                                new Place(ALL, at[y + 1]),
                                null,
                                nest.length,
                                rows);
                default -> row(node, x, y);
            }
        }

        private void row(Graph.Node node, int x, int y) {
            int bytes = nest.number.bytes();
            for (int i = 0; i < rows; i++) {
                long full = (long) i * nest.length * bytes;
                long small = (long) i * bytes;
                switch (node.op()) {
                    case Op.Reduce r ->
                            ALL.set(JAVA_FLOAT_UNALIGNED, at[y] + small, reduced(r, at[x] + full));
                    case Op.Expand e -> repeat(at[x] + small, at[y] + full);
                    default -> throw new IllegalStateException(node.op() + " is no op of rows");
                }
            }
        }

        private float reduced(Op.Reduce reduce, long from) {
            return reduce.kind() == Op.ReduceKind.SUM
                    ? (float) FloatPath.ARRAYS.sum(ALL, from, nest.length)
                    : FloatPath.ARRAYS.max(ALL, from, nest.length);
        }

        private void repeat(long from, long to) {
            if (nest.number == DType.FLOAT32) {
                float value = ALL.get(JAVA_FLOAT_UNALIGNED, from);
                for (int i = 0; i < nest.length; i++) {
                    ALL.set(JAVA_FLOAT_UNALIGNED, to + 4L * i, value);
                }
            } else {
                double value = ALL.get(JAVA_DOUBLE_UNALIGNED, from);
                for (int i = 0; i < nest.length; i++) {
                    ALL.set(JAVA_DOUBLE_UNALIGNED, to + 8L * i, value);
                }
            }
        }
    }
}
