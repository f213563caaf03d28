package dev.jebena.tensor.internal.compiler;

import dev.jebena.compute.LoopCode;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Nodes that run together: one call of a kernel, one view, or a nest of loops.
///
/// Values of a nest are *full*, `size` numbers in the order of indices, or, where it has rows of
/// `length` numbers each, *of rows*: one number a row.
final class Group {
    final int id;
    final List<Graph.Node> nodes = new ArrayList<>();

    /// Groups that have to run before, directly or not.
    final BitSet before = new BitSet();

    final LoopCode.@Nullable Type type;
    long size;
    int length;

    Group(int id, LoopCode.@Nullable Type type) {
        this.id = id;
        this.type = type;
    }

    /// Whether it is to run as loops. A repetition that found no nest to be part of is a view.
    boolean isNest() {
        boolean view = nodes.size() == 1 && nodes.getFirst().op() instanceof Op.Expand;
        return type != null && !view;
    }

    /// Rows, or where there are none single numbers.
    long rows() {
        return size / Math.max(1, length);
    }

    /// Whether a value of `count` elements has one for each row.
    boolean isOfRows(long count) {
        return length > 1 && count != size;
    }
}
