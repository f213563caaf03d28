package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Places in one block of memory for what a program computes on its way. Two results share bytes if
/// the one is needed no more when the other is made; a loop's result takes the very place of an
/// operand that nobody needs afterwards. Results of the program have memory of their own.
final class Memory {
    private static final long ALIGNMENT = 64;

    /// A piece of the block.
    private static final class Buffer {
        final long bytes;
        final int begin;
        int end;
        long at;

        Buffer(long bytes, int begin) {
            this.bytes = bytes;
            this.begin = begin;
            this.end = begin;
        }

        boolean meets(Buffer other) {
            return begin <= other.end && other.begin <= end;
        }
    }

    private final Graph graph;
    private final List<Group> groups;
    private final Map<Group, Nest> nests;
    private final Epilogues epilogues;

    /// The value whose memory a value's view shows; itself if it has its own.
    private final Map<Integer, Integer> owners = new HashMap<>();

    /// Views that show all of their owner's memory as it lies.
    private final Set<Integer> reshaped = new HashSet<>();

    private final Map<Integer, Integer> lastUse = new HashMap<>();
    private final Map<Integer, Buffer> buffers = new HashMap<>();

    /// Values in the place of an operand, for people.
    private final Map<Integer, Integer> replaced = new HashMap<>();

    /// Inputs whose memory results may take.
    private final Set<Integer> donated;

    /// Results in the memory of an input.
    private final Map<Integer, Integer> donors = new HashMap<>();

    private long bytes;
    private long together;

    private Memory(Graph graph, Epilogues epilogues, Map<Group, Nest> nests, Set<Integer> donated) {
        this.donated = donated;
        this.graph = graph;
        this.epilogues = epilogues;
        this.groups = epilogues.groups();
        this.nests = nests;
    }

    /// @param donated inputs whose memory results may take
    static Memory plan(
            Graph graph, Epilogues epilogues, Map<Group, Nest> nests, Set<Integer> donated) {
        Memory memory = new Memory(graph, epilogues, nests, donated);
        memory.owners();
        memory.uses();
        memory.buffers();
        memory.places();
        return memory;
    }

    /// Bytes of the block.
    long bytes() {
        return bytes;
    }

    /// What the values would take without sharing.
    long together() {
        return together;
    }

    /// Whether a value lies in the block.
    boolean contains(int value) {
        return buffers.containsKey(value);
    }

    long at(int value) {
        return Objects.requireNonNull(buffers.get(value)).at;
    }

    /// The value whose place this one took; -1 if it has one of its own.
    int replaced(int value) {
        return replaced.getOrDefault(value, -1);
    }

    static boolean isView(Op op) {
        return switch (op) {
            case Op.Reshape r -> true;
            case Op.Permute p -> true;
            case Op.Expand e -> true;
            case Op.Slice s -> true;
            case Op.Flip f -> true;
            case Op.Unfold u -> true;
            default -> false;
        };
    }

    /// The value whose memory a value shows.
    int owner(int value) {
        return owners.getOrDefault(value, value);
    }

    private void owners() {
        for (Group group : groups) {
            Graph.Node node = group.nodes.getFirst();
            if (!group.isNest() && isView(node.op())) {
                int source = node.inputs().getFirst();
                owners.put(node.first(), owner(source));
                if (node.op() instanceof Op.Reshape && isWhole(source)) {
                    reshaped.add(node.first());
                }
            }
        }
    }

    private boolean isWhole(int value) {
        return owner(value) == value || reshaped.contains(value);
    }

    /// What the product that runs with a nest reads until the nest is done.
    private Set<Integer> operands(Group nest) {
        Group product = epilogues.product(nest);
        Set<Integer> operands = new HashSet<>();
        if (product != null) {
            product.nodes.getFirst().inputs().forEach(id -> operands.add(owner(id)));
        }
        return operands;
    }

    private void uses() {
        for (int i = 0; i < groups.size(); i++) {
            for (int operand : operands(groups.get(i))) {
                lastUse.put(operand, i);
            }
            for (Graph.Node node : groups.get(i).nodes) {
                for (int input : node.inputs()) {
                    lastUse.put(owner(input), i);
                }
                // A view of something keeps it as long as the view is used.
                for (int j = 0; j < node.count(); j++) {
                    lastUse.merge(owner(node.first() + j), i, Math::max);
                }
            }
        }
    }

    private void buffers() {
        Set<Integer> results = new HashSet<>();
        graph.outputs().forEach(id -> results.add(owner(id)));
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            Nest nest = nests.get(group);
            List<Integer> made = made(group, nest);
            Set<Integer> taken = new HashSet<>();
            for (int value : made) {
                if (results.contains(value) && nest != null) {
                    donate(nest, value, i, taken, results);
                }
                if (owner(value) != value || results.contains(value)) {
                    continue;
                }
                Spec spec = graph.specs().get(value);
                long size = spec.shape().size() * spec.dtype().bytes();
                together += size;
                Buffer buffer = nest == null ? null : replace(nest, value, i, taken);
                if (buffer == null) {
                    buffer = new Buffer(size, i);
                }
                buffer.end = Math.max(buffer.end, lastUse.getOrDefault(value, i));
                buffers.put(value, buffer);
            }
        }
    }

    private static List<Integer> made(Group group, @Nullable Nest nest) {
        if (nest != null) {
            return nest.targets.stream().mapToObj(nest.ids::get).toList();
        }
        Graph.Node node = group.nodes.getFirst();
        List<Integer> made = new ArrayList<>();
        for (int i = 0; i < node.count(); i++) {
            made.add(node.first() + i);
        }
        return made;
    }

    /// Puts a result into the memory of an input that nobody needs afterwards.
    private void donate(Nest nest, int value, int now, Set<Integer> taken, Set<Integer> results) {
        Set<Integer> operands = operands(nest.group);
        for (int source : nest.replaceable(nest.place(value))) {
            if (donated.contains(source)
                    && !operands.contains(source)
                    && !results.contains(source)
                    && lastUse.getOrDefault(source, now) == now
                    && isUsedAsItIs(nest, source)
                    && taken.add(source)) {
                donors.put(value, source);
                return;
            }
        }
    }

    /// The input whose memory a result may take; -1 if it has memory of its own.
    int donor(int value) {
        return donors.getOrDefault(value, -1);
    }

    /// The buffer of an operand that ends here.
    private @Nullable Buffer replace(Nest nest, int value, int now, Set<Integer> taken) {
        Set<Integer> operands = operands(nest.group);
        for (int shown : nest.replaceable(nest.place(value))) {
            int source = isWhole(shown) ? owner(shown) : shown;
            Buffer buffer = buffers.get(source);
            if (buffer != null
                    && buffer.end == now
                    && !operands.contains(source)
                    && lastUse.getOrDefault(source, now) == now
                    && isUsedAsItIs(nest, shown)
                    && taken.add(source)) {
                replaced.put(value, source);
                return buffer;
            }
        }
        return null;
    }

    /// Whether no other view of the same memory is read by the nest.
    private boolean isUsedAsItIs(Nest nest, int source) {
        for (int i = 0; i < nest.outside; i++) {
            int id = nest.ids.get(i);
            if (id != source && owner(id) == owner(source)) {
                return false;
            }
        }
        return true;
    }

    /// Large buffers first, each at the lowest place that is free all the time.
    private void places() {
        List<Buffer> open =
                buffers.values().stream()
                        .distinct()
                        .sorted(
                                Comparator.comparingLong((Buffer b) -> -b.bytes)
                                        .thenComparingInt(b -> b.begin))
                        .toList();
        List<Buffer> placed = new ArrayList<>();
        for (Buffer buffer : open) {
            long at = 0;
            for (Buffer other : placed) {
                long end = other.at + other.bytes;
                if (buffer.meets(other) && at < end && other.at < at + buffer.bytes) {
                    at = (end + ALIGNMENT - 1) & -ALIGNMENT;
                }
            }
            buffer.at = at;
            placed.add(buffer);
            placed.sort(Comparator.comparingLong(b -> b.at));
            bytes = Math.max(bytes, (at + buffer.bytes + ALIGNMENT - 1) & -ALIGNMENT);
        }
    }
}
