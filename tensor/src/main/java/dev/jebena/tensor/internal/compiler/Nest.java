package dev.jebena.tensor.internal.compiler;

import dev.jebena.compute.LoopCode;
import dev.jebena.compute.LoopCode.Input;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/// A nest of loops: blocks of rows, each block done [Part] by part. What lies between the parts
/// stays in a room of the thread of a few KB.
///
/// Values are numbered: those from outside first, then those that are made, in the order of the
/// graph.
final class Nest {
    /// Elements of a block, if rows are shorter.
    private static final int BLOCK = 2048;

    /// From this length on a block is one row, whose numbers need not be repeated.
    private static final int LONG_ROW = 128;

    /// Most steps of a loop, if one node has not more: the JIT gives up on large loops of vectors,
    /// and what it cannot keep in registers it may as well find in the room.
    private static final int MOST_STEPS = 64;

    final Group group;
    final LoopCode.Type type;
    final DType number;
    final List<Part> parts = new ArrayList<>();

    /// What the graph calls a value.
    final List<Integer> ids = new ArrayList<>();

    /// How many values are from outside.
    final int outside;

    final Spec[] specs;
    final int length;
    final int rowsOfBlock;

    /// Values that are one number for a block: numbers of a row, and numbers repeated everywhere.
    final BitSet single = new BitSet();

    /// Values from outside that are one number everywhere.
    final BitSet repeated = new BitSet();

    /// Values that are made here of a type that loops do not have.
    private final Set<Integer> foreign = new HashSet<>();

    /// States of random generators.
    final BitSet states = new BitSet();

    /// Values that are used outside.
    final BitSet targets = new BitSet();

    /// The value in whose memory a value lies: a row's number is not copied to be repeated.
    final int[] sources;

    /// A value's place in the room.
    final int[] slots;

    int slotCount;
    private final Map<Integer, Integer> places = new HashMap<>();
    private final Set<Integer> made = new HashSet<>();
    private final int[] makers;

    /// What the compiler knows about the whole graph.
    ///
    /// @param needed values that are used outside their group
    /// @param repeated values that are one number everywhere
    /// @param constants those that become part of the code
    /// @param loops of all programs
    record Context(
            List<Spec> specs,
            Set<Integer> needed,
            Set<Integer> repeated,
            Map<Integer, Double> constants,
            LoopCache loops) {}

    Nest(Group group, Context context) {
        this.group = group;
        type = group.type == null ? LoopCode.Type.FLOAT : group.type;
        number = type == LoopCode.Type.FLOAT ? DType.FLOAT32 : DType.FLOAT64;
        length = Math.max(1, group.length);
        rowsOfBlock =
                (int) Math.min(group.rows(), length >= LONG_ROW ? 1 : Math.max(1, BLOCK / length));
        outside = number(context);
        specs = ids.stream().map(context.specs()::get).toArray(Spec[]::new);
        makers = new int[ids.size()];
        sources = IntStream.range(0, ids.size()).toArray();
        group.nodes.forEach(this::place);
        for (Part part : parts) {
            compile(part, context);
        }
        slots = slots();
    }

    /// Numbers the values; returns how many are from outside.
    private int number(Context context) {
        for (Graph.Node node : group.nodes) {
            for (int id = node.first(); id < node.first() + node.count(); id++) {
                made.add(id);
                DType dtype = context.specs().get(id).dtype();
                if (dtype != number && dtype != DType.BOOL) {
                    foreign.add(id);
                }
            }
        }
        for (Graph.Node node : group.nodes) {
            for (int input : node.inputs()) {
                boolean known = isLoop(node) && context.constants().containsKey(input);
                if (!made.contains(input) && !known && !places.containsKey(input)) {
                    int value = add(input);
                    DType dtype = context.specs().get(input).dtype();
                    if (node.op() instanceof Op.Random) {
                        states.set(value);
                    } else if (context.repeated().contains(input)
                            && dtype != DType.BOOL
                            && isUsedByLoops(input)) {
                        repeated.set(value);
                        single.set(value);
                    }
                }
            }
        }
        int count = ids.size();
        for (Graph.Node node : group.nodes) {
            for (int i = 0; i < node.count(); i++) {
                int value = add(node.first() + i);
                if (context.needed().contains(node.first() + i)) {
                    targets.set(value);
                }
            }
        }
        return count;
    }

    /// Whether no op of rows uses a value: those want whole rows.
    private boolean isUsedByLoops(int id) {
        return group.nodes.stream().allMatch(node -> isLoop(node) || !node.inputs().contains(id));
    }

    private int add(int id) {
        places.put(id, ids.size());
        ids.add(id);
        return ids.size() - 1;
    }

    int place(int id) {
        return Objects.requireNonNull(places.get(id));
    }

    boolean isOfRows(int value) {
        return group.isOfRows(specs[value].shape().size());
    }

    private boolean isLoop(Graph.Node node) {
        return switch (node.op()) {
            case Op.Softmax s -> false;
            case Op.LogSoftmax s -> false;
            case Op.Standardize s -> false;
            case Op.Reduce r -> false;
            case Op.Expand e -> false;
            case Op.Random r -> false;
            case Op.Cast c -> !isConversion(c, node.inputs().getFirst());
            default -> true;
        };
    }

    /// Whether a cast is from or to a type that loops do not have. What comes from outside is
    /// converted when it is read.
    private boolean isConversion(Op.Cast cast, int input) {
        boolean to = cast.to() == number || cast.to() == DType.BOOL;
        return !to || (isMade(input) && foreign.contains(input));
    }

    private boolean isMade(int id) {
        return made.contains(id);
    }

    /// Puts a node into the first part in which all of its operands are known.
    private void place(Graph.Node node) {
        int value = place(node.first());
        boolean loop = isLoop(node);
        Part own = new Part(loop, loop && NestCode.isCall(node, type), isOfRows(value));
        if (isRepeatedRow(node)) {
            // One number for the whole block: the row's number itself.
            int row = place(node.inputs().getFirst());
            single.set(value);
            sources[value] = sources[row];
            makers[value] = makers[row];
            return;
        }
        int first = 0;
        for (int input : node.inputs()) {
            if (isMade(input)) {
                int maker = makers[place(input)];
                boolean joins = own.isLike(parts.get(maker)) && !single.get(place(input));
                first = Math.max(first, joins ? maker : maker + 1);
            }
        }
        int steps = NestCode.steps(node);
        int found = first;
        while (found < parts.size() && !own.joins(parts.get(found), steps, MOST_STEPS)) {
            found++;
        }
        if (found == parts.size()) {
            parts.add(own);
        }
        parts.get(found).nodes.add(node);
        parts.get(found).steps += steps;
        for (int i = 0; i < node.count(); i++) {
            makers[value + i] = found;
        }
    }

    /// Whether a node repeats a row's number in blocks of one row, for this nest only.
    private boolean isRepeatedRow(Graph.Node node) {
        return node.op() instanceof Op.Expand
                && rowsOfBlock == 1
                && isMade(node.inputs().getFirst())
                && isUsedByLoops(node.first())
                && !targets.get(place(node.first()));
    }

    private void compile(Part part, Context context) {
        BitSet own = new BitSet();
        List<Integer> inputs = new ArrayList<>();
        for (Graph.Node node : part.nodes) {
            for (int i = 0; i < node.count(); i++) {
                own.set(place(node.first() + i));
            }
        }
        for (Graph.Node node : part.nodes) {
            for (int input : node.inputs()) {
                Integer place = places.get(input);
                if (place != null && !own.get(place) && !inputs.contains(place)) {
                    inputs.add(place);
                }
            }
        }
        part.inputs = inputs.stream().mapToInt(i -> i).toArray();
        part.outputs = own.stream().filter(value -> !part.loop || isStored(part, value)).toArray();
        if (!part.loop) {
            return;
        }
        List<Integer> names = inputs.stream().map(ids::get).toList();
        List<Integer> results = IntStream.of(part.outputs).mapToObj(ids::get).toList();
        List<Input> kinds = inputs.stream().map(value -> kind(value, part)).toList();
        LoopCode code =
                new NestCode(context.specs(), type, names, kinds, context.constants())
                        .build(part.nodes, results);
        part.code = context.loops().compiled(code);
    }

    private Input kind(int value, Part part) {
        if (specs[value].dtype() == DType.BOOL) {
            return Input.BOOLEANS;
        }
        return single.get(value) && !(part.ofRows && value >= outside)
                ? Input.NUMBER
                : Input.NUMBERS;
    }

    private boolean isStored(Part part, int value) {
        if (targets.get(value)) {
            return true;
        }
        int id = ids.get(value);
        for (Graph.Node node : group.nodes) {
            if (!part.nodes.contains(node) && node.inputs().contains(id)) {
                return true;
            }
        }
        return false;
    }

    /// The last part that uses a value, or what repeats it.
    int lastUse(int value) {
        int last = value < outside ? 0 : makers[value];
        for (int i = 0; i < parts.size(); i++) {
            for (int input : parts.get(i).inputs) {
                if (sources[input] == value) {
                    last = Math.max(last, i);
                }
            }
        }
        return last;
    }

    private int[] slots() {
        int[] found = new int[ids.size()];
        int[] last = new int[ids.size()];
        for (int value = 0; value < last.length; value++) {
            last[value] = lastUse(value);
        }
        List<Integer> holders = new ArrayList<>();
        BitSet read = new BitSet();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            int now = i;
            part.reads =
                    IntStream.of(part.inputs)
                            .filter(value -> value < outside && !read.get(value))
                            .toArray();
            IntStream.of(part.reads).forEach(read::set);
            IntStream.concat(IntStream.of(part.reads), IntStream.of(part.outputs))
                    .forEach(value -> {
                        int slot = 0;
                        while (slot < holders.size() && last[holders.get(slot)] >= now) {
                            slot++;
                        }
                        if (slot == holders.size()) {
                            holders.add(value);
                        } else {
                            holders.set(slot, value);
                        }
                        found[value] = slot;
                    });
        }
        slotCount = holders.size();
        return found;
    }

    /// Bytes of a place in the room.
    long slotBytes() {
        return ((long) rowsOfBlock * length * 8 + 127) & -64;
    }

    /// Values from outside whose memory a target may take, if nobody else needs it: they lie like
    /// the target and are read before it is written, or in the same loop.
    List<Integer> replaceable(int target) {
        Spec spec = specs[target];
        Part maker = parts.get(makers[target]);
        List<Integer> found = new ArrayList<>();
        for (int value = 0; value < outside; value++) {
            int last = lastUse(value);
            boolean before = last < makers[target] || (last == makers[target] && maker.loop);
            if (before && specs[value].equals(spec) && !repeated.get(value)) {
                found.add(ids.get(value));
            }
        }
        return found;
    }
}
