package dev.jebena.tensor;

import dev.jebena.tensor.Value.Dense;
import dev.jebena.tensor.Value.Lifted;
import dev.jebena.tensor.Value.Tracked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reverse mode: each op that meets a tracked value leaves a node; going back through the nodes,
/// latest first, adds up the derivatives.
final class GradLevel extends Level {
    private static final AtomicLong NODES = new AtomicLong();

    /// Of variables that are plain numbers.
    private static final GradLevel OF_NUMBERS = new GradLevel(1);

    /// An op that was applied to tracked values.
    static final class Node {
        private final long id = NODES.getAndIncrement();
        private final Op op;
        private final Tensor[] inputs;
        private Tensor[] outputs = {};

        private Node(Op op, Tensor[] inputs) {
            this.op = op;
            this.inputs = inputs;
        }
    }

    GradLevel(long depth) {
        super(depth);
    }

    static Tensor variable(Tensor value) {
        if (!value.dtype().isFloat()) {
            throw TensorException.gradient(
                    "variable: %s has no derivatives; cast it to a float type", value.spec());
        }
        Tensor plain = value.detach();
        GradLevel level =
                plain.value() instanceof Lifted lifted ? lifted.level().variables() : OF_NUMBERS;
        return level.lift(plain);
    }

    /// A variable of this level.
    Tensor lift(Tensor primal) {
        Tracked tracked = new Tracked(this, primal, null, 0);
        return new Tensor(primal.shape(), primal.dtype(), tracked);
    }

    @Nullable Tracked own(Tensor tensor) {
        return tensor.value() instanceof Tracked tracked && tracked.level() == this
                ? tracked
                : null;
    }

    Tensor primal(Tensor tensor) {
        Tracked tracked = own(tensor);
        return tracked == null ? tensor : tracked.primal();
    }

    private Tensor[] primals(Tensor[] tensors) {
        Tensor[] primals = new Tensor[tensors.length];
        for (int i = 0; i < primals.length; i++) {
            primals[i] = primal(tensors[i]);
        }
        return primals;
    }

    @Override
    Tensor[] run(Op op, Tensor[] inputs) {
        Tensor[] results = Dispatch.run(op, primals(inputs));
        return Derivatives.exists(op) ? record(op, inputs, results) : results;
    }

    /// Makes results tracked ones of an op.
    Tensor[] record(Op op, Tensor[] inputs, Tensor[] results) {
        Node node = new Node(op, inputs.clone());
        Tensor[] outputs = new Tensor[results.length];
        for (int i = 0; i < outputs.length; i++) {
            Tensor result = results[i];
            outputs[i] =
                    result.dtype().isFloat()
                            ? new Tensor(
                                    result.shape(),
                                    result.dtype(),
                                    new Tracked(this, result, node, i))
                            : result;
        }
        node.outputs = outputs;
        return outputs;
    }

    static Gradients backward(Tensor from, Tensor gradient, boolean differentiable) {
        if (!(from.value() instanceof Tracked tracked)) {
            throw TensorException.gradient(
                    "backward: this %s was not computed from variables; make them with variable()",
                    from.spec());
        }
        if (!gradient.shape().equals(from.shape())) {
            throw TensorException.gradient(
                    "backward: the gradient has shape %s, the tensor %s",
                    gradient.shape(), from.shape());
        }
        GradLevel level = tracked.level();
        Map<Tracked, Tensor> found =
                level.pull(new Tensor[] {from}, new Tensor[] {gradient}, Set.of(), differentiable);
        return new Gradients(found);
    }

    /// Derivatives of `sum of gradients[i] * outputs[i]` for all variables, and for the tracked
    /// values in `ends`, beyond which it does not look.
    ///
    /// @param differentiable whether the derivatives are tracked themselves
    Map<Tracked, Tensor> pull(
            Tensor[] outputs, Tensor[] gradients, Set<Tracked> ends, boolean differentiable) {
        var sums = new IdentityHashMap<Tracked, Tensor>();
        var found = new IdentityHashMap<Tracked, Tensor>();
        var queue =
                new PriorityQueue<Node>(
                        Comparator.comparingLong((Node node) -> node.id).reversed());
        Set<Node> queued = new HashSet<>();
        for (int i = 0; i < outputs.length; i++) {
            add(outputs[i], gradients[i].to(outputs[i].dtype()), ends, sums, found, queue, queued);
        }
        while (!queue.isEmpty()) {
            Node node = queue.remove();
            @Nullable Tensor[] parts = derivative(node, sums, differentiable);
            for (int i = 0; i < parts.length; i++) {
                Tensor part = parts[i];
                if (part != null) {
                    add(node.inputs[i], part, ends, sums, found, queue, queued);
                }
            }
        }
        return found;
    }

    private void add(
            Tensor to,
            Tensor gradient,
            Set<Tracked> ends,
            Map<Tracked, Tensor> sums,
            Map<Tracked, Tensor> found,
            PriorityQueue<Node> queue,
            Set<Node> queued) {
        Tracked tracked = own(to);
        if (tracked == null) {
            return;
        }
        Node node = tracked.node();
        boolean end = node == null || ends.contains(tracked);
        Map<Tracked, Tensor> map = end ? found : sums;
        Tensor known = map.get(tracked);
        map.put(tracked, known == null ? gradient : known.add(gradient));
        if (!end && node != null && queued.add(node)) {
            queue.add(node);
        }
    }

    private @Nullable Tensor[] derivative(
            Node node, Map<Tracked, Tensor> sums, boolean differentiable) {
        boolean[] wanted = new boolean[node.inputs.length];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = own(node.inputs[i]) != null;
        }
        Tensor[] gradients = new Tensor[node.outputs.length];
        for (int i = 0; i < gradients.length; i++) {
            Tracked output = own(node.outputs[i]);
            Tensor sum = output == null ? null : sums.remove(output);
            gradients[i] = sum == null ? node.outputs[i].zerosLike() : sum;
        }
        Tensor[] inputs = differentiable ? node.inputs : primals(node.inputs);
        Tensor[] outputs = differentiable ? node.outputs : primals(node.outputs);
        Derivatives.Step step = new Derivatives.Step(inputs, outputs, gradients, wanted);
        boolean plain =
                this == OF_NUMBERS
                        && !differentiable
                        && !(node.op instanceof Op.Custom)
                        && Stream.of(gradients).allMatch(g -> g.value() instanceof Dense);
        return plain
                ? Fused.tidy(() -> Derivatives.vjp(node.op, step))
                : Derivatives.vjp(node.op, step);
    }

    /// Tracked values that the outputs were computed from by nodes later than `since`, and that
    /// were there before: what a function took from outside.
    List<Tensor> captured(Tensor[] outputs, long since) {
        List<Tensor> captured = new ArrayList<>();
        Set<Tracked> seen = new HashSet<>();
        List<Tensor> open = new ArrayList<>(List.of(outputs));
        while (!open.isEmpty()) {
            Tensor tensor = open.removeLast();
            Tracked tracked = own(tensor);
            if (tracked == null || !seen.add(tracked)) {
                continue;
            }
            Node node = tracked.node();
            if (node == null || node.id < since) {
                captured.add(tensor);
            } else {
                open.addAll(List.of(node.inputs));
            }
        }
        return captured;
    }

    /// The number that the next node gets at least.
    static long now() {
        return NODES.get();
    }
}
