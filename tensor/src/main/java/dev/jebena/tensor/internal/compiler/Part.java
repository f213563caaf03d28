package dev.jebena.tensor.internal.compiler;

import dev.jebena.compute.NumberLoop;
import dev.jebena.tensor.Graph;
import java.util.ArrayList;
import java.util.List;

/// Something that a [Nest] does for a whole block before the next part: a loop over its elements,
/// or one op of rows.
final class Part {
    final List<Graph.Node> nodes = new ArrayList<>();

    /// Whether it is a loop; else `nodes` has one node.
    final boolean loop;

    /// Whether the loop has functions that are called number by number, so no vectors.
    final boolean call;

    /// Whether it makes numbers of rows.
    final boolean ofRows;

    /// About how many steps the loop has.
    int steps;

    /// The loop.
    NumberLoop code = (at, n) -> {};

    /// Places of operands and results in the nest's table of values.
    int[] inputs = {};

    int[] outputs = {};

    /// Values from outside that are first used here.
    int[] reads = {};

    Part(boolean loop, boolean call, boolean ofRows) {
        this.loop = loop;
        this.call = call;
        this.ofRows = ofRows;
    }

    boolean isLike(Part other) {
        return loop && other.loop && call == other.call && ofRows == other.ofRows;
    }

    /// Whether `more` steps of this kind may become a part of another loop.
    boolean joins(Part other, int more, int most) {
        return isLike(other) && other.steps + more <= most;
    }
}
