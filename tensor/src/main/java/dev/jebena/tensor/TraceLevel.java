package dev.jebena.tensor;

import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.Value.Traced;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Tracing: an op of traced values is noted, not done.
final class TraceLevel extends Level {
    private final List<Spec> specs = new ArrayList<>();
    private final List<Graph.Node> nodes = new ArrayList<>();
    private final Map<Integer, Tensor> constants = new HashMap<>();
    private final IdentityHashMap<Tensor, Integer> known = new IdentityHashMap<>();

    TraceLevel() {
        super(newDepth());
    }

    Tensor value(Spec spec) {
        specs.add(spec);
        return new Tensor(spec.shape(), spec.dtype(), new Traced(this, specs.size() - 1));
    }

    private int id(Tensor tensor) {
        if (tensor.value() instanceof Traced traced && traced.level() == this) {
            return traced.id();
        }
        return known.computeIfAbsent(
                tensor,
                constant -> {
                    specs.add(constant.spec());
                    constants.put(specs.size() - 1, constant);
                    return specs.size() - 1;
                });
    }

    @Override
    Tensor[] run(Op op, Tensor[] inputs) {
        if (op instanceof Op.Custom custom) {
            return custom.definition().forward(List.of(inputs)).toArray(Tensor[]::new);
        }
        Spec[] in = new Spec[inputs.length];
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < in.length; i++) {
            in[i] = inputs[i].spec();
            ids.add(id(inputs[i]));
        }
        Spec[] out = Inference.infer(op, in);
        Tensor[] results = new Tensor[out.length];
        int first = specs.size();
        for (int i = 0; i < results.length; i++) {
            results[i] = value(out[i]);
        }
        nodes.add(new Graph.Node(op, ids, first, results.length));
        return results;
    }

    Graph graph(int inputs, List<Tensor> outputs) {
        List<Integer> ids = outputs.stream().map(this::id).toList();
        return new Graph(inputs, constants, nodes, ids, specs);
    }
}
