package dev.jebena.tensor.internal.compiler;

import dev.jebena.compute.LoopCode;
import dev.jebena.compute.LoopCode.Input;
import dev.jebena.compute.NumberLoop;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.internal.Elements;
import dev.jebena.tensor.internal.FloatPath;
import dev.jebena.tensor.internal.FloatReduce;
import dev.jebena.tensor.internal.Parallel;
import dev.jebena.tensor.internal.Reader;
import dev.jebena.tensor.internal.View;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A nest of loops: blocks of rows, each block done part by part with what lies between the parts
/// in a room of the thread that stays in the first-level cache.
///
/// Blocks and tiles depend on shapes only; reductions of a row are those of eager execution.
final class Nest {
    /// Elements of a block, if rows are shorter.
    private static final int BLOCK = 1024;

    /// Elements of a tile of one thread.
    private static final int TILE = 32 * BLOCK;

    /// Most steps of a loop: more would not fit into registers.
    private static final int MOST_STEPS = 24;

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

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

    /// Something that is done for a whole block before the next part.
    private static final class Part {
        final List<Graph.Node> nodes = new ArrayList<>();
        final boolean ofRows;
        final boolean loop;
        final boolean call;
        NumberLoop code = (at, n) -> {};
        List<Integer> inputs = List.of();
        List<Integer> outputs = List.of();

        Part(boolean ofRows, boolean loop, boolean call) {
            this.ofRows = ofRows;
            this.loop = loop;
            this.call = call;
        }
    }

    private final Group group;
    private final List<Spec> specs;
    private final LoopCode.Type type;
    private final DType number;
    private final List<Part> parts = new ArrayList<>();
    private final Map<Integer, Integer> made = new HashMap<>();
    private final List<Integer> sources = new ArrayList<>();
    private final List<Integer> targets;
    private final Map<Integer, Integer> slots = new HashMap<>();
    private final int rowsOfBlock;
    private final int length;
    private final long roomBytes;

    /// @param needed values that are used outside
    Nest(Group group, List<Spec> specs, Set<Integer> needed) {
        this.group = group;
        this.specs = specs;
        this.type = group.type == null ? LoopCode.Type.FLOAT : group.type;
        number = type == LoopCode.Type.FLOAT ? DType.FLOAT32 : DType.FLOAT64;
        length = Math.max(1, group.length);
        rowsOfBlock = (int) Math.min(group.rows(), Math.max(1, BLOCK / length));
        group.nodes.forEach(this::place);
        Set<Integer> external = new HashSet<>();
        for (Graph.Node node : group.nodes) {
            for (int input : node.inputs()) {
                if (!made.containsKey(input) && external.add(input)) {
                    sources.add(input);
                }
            }
        }
        targets = made.keySet().stream().filter(needed::contains).sorted().toList();
        parts.forEach(part -> compile(part, needed));
        for (int value : sources) {
            slots.put(value, slots.size());
        }
        for (int value : made.keySet().stream().sorted().toList()) {
            slots.put(value, slots.size());
        }
        roomBytes = slots.size() * slotBytes();
    }

    private long slotBytes() {
        return ((long) rowsOfBlock * length * 8 + 127) & -64;
    }

    List<Integer> sources() {
        return sources;
    }

    List<Integer> targets() {
        return targets;
    }

    int loops() {
        return parts.size();
    }

    private boolean isOfRows(int value) {
        return group.isOfRows(specs.get(value).shape().size());
    }

    private void place(Graph.Node node) {
        boolean loop =
                switch (node.op()) {
                    case Op.Softmax s -> false;
                    case Op.LogSoftmax s -> false;
                    case Op.Standardize s -> false;
                    case Op.Reduce r -> false;
                    case Op.Expand e -> false;
                    default -> true;
                };
        boolean call = loop && NestCode.isCall(node, type);
        boolean ofRows = isOfRows(node.first());
        int first = 0;
        for (int input : node.inputs()) {
            Integer part = made.get(input);
            if (part != null) {
                Part maker = parts.get(part);
                boolean joins = loop && maker.loop && maker.call == call && maker.ofRows == ofRows;
                first = Math.max(first, joins ? part : part + 1);
            }
        }
        int found = -1;
        for (int i = first; loop && i < parts.size() && found < 0; i++) {
            Part part = parts.get(i);
            boolean joins = part.loop && part.call == call && part.ofRows == ofRows;
            found = joins && part.nodes.size() < MOST_STEPS ? i : -1;
        }
        if (found < 0) {
            parts.add(new Part(ofRows, loop, call));
            found = parts.size() - 1;
        }
        parts.get(found).nodes.add(node);
        for (int i = 0; i < node.count(); i++) {
            made.put(node.first() + i, found);
        }
    }

    private void compile(Part part, Set<Integer> needed) {
        Set<Integer> own = new HashSet<>();
        part.nodes.forEach(node -> own.add(node.first()));
        List<Integer> inputs = new ArrayList<>();
        for (Graph.Node node : part.nodes) {
            for (int input : node.inputs()) {
                if (!own.contains(input) && !inputs.contains(input)) {
                    inputs.add(input);
                }
            }
        }
        part.inputs = inputs;
        if (!part.loop) {
            return;
        }
        List<Integer> outputs = new ArrayList<>();
        for (int value : own.stream().sorted().toList()) {
            boolean later =
                    parts.stream()
                            .filter(other -> other != part)
                            .flatMap(other -> other.nodes.stream())
                            .anyMatch(node -> node.inputs().contains(value));
            if (later || needed.contains(value)) {
                outputs.add(value);
            }
        }
        part.outputs = outputs;
        List<Input> kinds =
                inputs.stream()
                        .map(
                                value ->
                                        specs.get(value).dtype() == DType.BOOL
                                                ? Input.BOOLEANS
                                                : Input.NUMBERS)
                        .toList();
        part.code = new NestCode(specs, type, inputs, kinds).build(part.nodes, outputs).compile();
    }

    /// Does it all; `values` holds views of sources and of targets, which are contiguous.
    void run(View[] values) {
        Map<Integer, Reader> readers = new HashMap<>();
        for (int value : sources) {
            readers.put(value, new Reader(values[value]));
        }
        long rows = group.rows();
        long tile = Math.max(1, TILE / length / rowsOfBlock) * rowsOfBlock;
        Parallel.run(
                rows,
                tile,
                (begin, end) -> {
                    MemorySegment room = ROOMS.get().of(roomBytes);
                    double[] wide = new double[rowsOfBlock * length];
                    for (long row = begin; row < end; row += rowsOfBlock) {
                        int count = (int) Math.min(rowsOfBlock, end - row);
                        new Block(values, readers, room, wide, row, count).run();
                    }
                });
    }

    /// Some rows.
    private final class Block {
        private final View[] values;
        private final Map<Integer, Reader> readers;
        private final MemorySegment room;
        private final double[] wide;
        private final long row;
        private final int rows;

        Block(
                View[] values,
                Map<Integer, Reader> readers,
                MemorySegment room,
                double[] wide,
                long row,
                int rows) {
            this.values = values;
            this.readers = readers;
            this.room = room;
            this.wide = wide;
            this.row = row;
            this.rows = rows;
        }

        private int count(int value) {
            return isOfRows(value) ? rows : rows * length;
        }

        private long begin(int value) {
            return isOfRows(value) ? row : row * length;
        }

        private boolean isDirect(int value) {
            View view = values[value];
            return view != null
                    && view.isContiguous()
                    && (view.dtype() == number || view.dtype() == DType.BOOL)
                    && view.size() == specs.get(value).shape().size();
        }

        private long room(int value) {
            return slots.get(value) * slotBytes();
        }

        private long address(int value) {
            boolean outside = !made.containsKey(value) || targets.contains(value);
            if (outside && isDirect(value)) {
                View view = values[value];
                return view.memory().address()
                        + (view.offset() + begin(value)) * view.dtype().bytes();
            }
            return room.address() + room(value);
        }

        void run() {
            for (int value : sources) {
                if (!isDirect(value)) {
                    read(value);
                }
            }
            parts.forEach(this::part);
        }

        private void read(int value) {
            Reader reader = readers.get(value);
            DType from = specs.get(value).dtype();
            int n = count(value);
            if (from == number || from == DType.BOOL) {
                reader.read(begin(value), n, room, room(value) / from.bytes());
            } else {
                reader.read(begin(value), n, wide);
                Elements.store(number, wide, 0, room, room(value) / number.bytes(), n);
            }
        }

        private void part(Part part) {
            if (part.loop) {
                long[] at = new long[part.inputs.size() + part.outputs.size()];
                int i = 0;
                for (int value : part.inputs) {
                    at[i++] = address(value);
                }
                for (int value : part.outputs) {
                    at[i++] = address(value);
                }
                part.code.run(at, part.ofRows ? rows : rows * length);
                return;
            }
            Graph.Node node = part.nodes.getFirst();
            long from = address(node.inputs().getFirst());
            long to = address(node.first());
            for (int i = 0; i < rows; i++) {
                row(node, i, from, to);
            }
        }

        private void row(Graph.Node node, int i, long from, long to) {
            long step = (long) length * number.bytes();
            long small = (long) i * number.bytes();
            switch (node.op()) {
                case Op.Softmax s -> FloatPath.softmax(false, ALL, from + i * step, ALL, to + i * step, length);
                case Op.LogSoftmax s -> FloatPath.softmax(true, ALL, from + i * step, ALL, to + i * step, length);
                case Op.Standardize s -> {
                    float factor =
                            FloatPath.standardize(s.epsilon(), ALL, from + i * step, ALL, to + i * step, length);
                    Elements.set(number, ALL, (address(node.first() + 1) + small) / number.bytes(), (double) factor);
                }
                case Op.Reduce r -> {
                    double result =
                            r.kind() == Op.ReduceKind.SUM
                                    ? FloatReduce.sum(ALL, from + i * step, length)
                                    : FloatPath.ARRAYS.max(ALL, from + i * step, length);
                    Elements.set(number, ALL, (to + small) / number.bytes(), result);
                }
                case Op.Expand e -> {
                    double value = Elements.real(number, ALL, (from + small) / number.bytes());
                    long at = (to + i * step) / number.bytes();
                    for (int j = 0; j < length; j++) {
                        Elements.set(number, ALL, at + j, value);
                    }
                }
                default -> throw new IllegalStateException(node.op() + " is no op of rows");
            }
        }
    }
}
