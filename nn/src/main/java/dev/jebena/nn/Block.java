package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// A part of a network: parameters, buffers, and further parts, each under a name. A full name is
/// the path to it, `layers.0.norm1.weight`, as in PyTorch's checkpoints.
///
/// A block of one's own declares its members in its constructor:
///
/// ```java
/// final class Scale extends Block implements Layer {
///     private final Parameter factor = parameter("factor", Tensor.ones(1));
///
///     public Tensor apply(Tensor x) {
///         return x.mul(factor.value());
///     }
/// }
/// ```
public abstract class Block implements Stateful {
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Map<String, Block> parts = new LinkedHashMap<>();
    private final List<Rng> generators = new ArrayList<>();
    private boolean training = true;

    /// A block without members so far.
    protected Block() {}

    /// Declares a parameter.
    protected final Parameter parameter(String name, Tensor value) {
        return share(name, new Parameter(name, value));
    }

    /// Declares a parameter that another block has too: tied weights.
    protected final Parameter share(String name, Parameter shared) {
        checkName(name);
        parameters.put(name, shared);
        return shared;
    }

    /// Declares a buffer.
    protected final Buffer buffer(String name, Tensor value) {
        checkName(name);
        Buffer buffer = new Buffer(name, value);
        buffers.put(name, buffer);
        return buffer;
    }

    /// Declares a part.
    protected final <B extends Block> B part(String name, B block) {
        checkName(name);
        parts.put(name, block);
        return block;
    }

    /// Declares a layer as part, if it has state.
    protected final <L extends Layer> L layer(String name, L layer) {
        if (layer instanceof Block block) {
            part(name, block);
        }
        return layer;
    }

    /// Declares a generator that the block draws from, so that resumed training goes on with it.
    protected final Rng generator(Rng rng) {
        generators.add(rng);
        return rng;
    }

    private void checkName(String name) {
        if (name.isEmpty() || name.indexOf('.') >= 0) {
            throw new IllegalArgumentException("a member's name has no dot: '" + name + "'");
        }
        if (parameters.containsKey(name) || buffers.containsKey(name) || parts.containsKey(name)) {
            throw new IllegalArgumentException("there is a member " + name + " already");
        }
    }

    /// All parameters, each once, in the order of their declaration.
    public final List<Parameter> parameters() {
        Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Parameter> all = new ArrayList<>();
        namedParameters()
                .values()
                .forEach(parameter -> {
                    if (seen.add(parameter)) {
                        all.add(parameter);
                    }
                });
        return all;
    }

    /// All parameters by their full names.
    public final Map<String, Parameter> namedParameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        visit("", (path, block) -> block.parameters.forEach((n, p) -> all.put(path + n, p)));
        return all;
    }

    /// All buffers by their full names.
    public final Map<String, Buffer> namedBuffers() {
        Map<String, Buffer> all = new LinkedHashMap<>();
        visit("", (path, block) -> block.buffers.forEach((n, b) -> all.put(path + n, b)));
        return all;
    }

    /// The parts that were declared here, by name.
    public final Map<String, Block> parts() {
        return Collections.unmodifiableMap(parts);
    }

    /// The generators of all parts, each once.
    public final List<Rng> generators() {
        Set<Rng> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Rng> all = new ArrayList<>();
        visit(
                "",
                (path, block) -> {
                    for (Rng rng : block.generators) {
                        if (seen.add(rng)) {
                            all.add(rng);
                        }
                    }
                });
        return all;
    }

    private void visit(String path, BiConsumer<String, Block> visitor) {
        visitor.accept(path, this);
        parts.forEach((name, block) -> block.visit(path + name + ".", visitor));
    }

    /// The parameter of this full name.
    public final Parameter parameter(String name) {
        Map<String, Parameter> all = namedParameters();
        Parameter found = all.get(name);
        if (found == null) {
            throw NnException.state("there is no parameter %s; there are %s", name, all.keySet());
        }
        return found;
    }

    /// The buffer of this full name.
    public final Buffer buffer(String name) {
        Map<String, Buffer> all = namedBuffers();
        Buffer found = all.get(name);
        if (found == null) {
            throw NnException.state("there is no buffer %s; there are %s", name, all.keySet());
        }
        return found;
    }

    /// Number of elements of all parameters.
    public final long size() {
        return parameters().stream().mapToLong(p -> p.shape().size()).sum();
    }

    /// Whether dropout drops and batch norm uses the batch's statistics, as it is at the begin.
    public final boolean isTraining() {
        return training;
    }

    /// Changes that for this block and all its parts.
    public final void training(boolean whether) {
        visit("", (path, block) -> block.training = whether);
    }

    /// Excludes all parameters from training, or includes them.
    public final void trainable(boolean whether) {
        parameters().forEach(parameter -> parameter.trainable(whether));
    }

    /// Casts all parameters and all buffers of float types.
    public final void to(DType type) {
        parameters().forEach(parameter -> parameter.cast(parameter.value(), type));
        namedBuffers()
                .values()
                .forEach(buffer -> {
                    if (buffer.value().dtype().isFloat()) {
                        buffer.cast(buffer.value().to(type));
                    }
                });
    }

    @Override
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        visit(
                "",
                (path, block) -> {
                    block.parameters.forEach((n, p) -> state.put(path + n, p.value().detach()));
                    block.buffers.forEach((n, b) -> state.put(path + n, b.value()));
                });
        return state;
    }

    @Override
    public final void loadStateDict(Map<String, Tensor> state) {
        loadStateDict(state, true);
    }

    /// The same; unless `strict`, names that are on one side only are passed over.
    public final void loadStateDict(Map<String, Tensor> state, boolean strict) {
        Map<String, Shape> wanted = new LinkedHashMap<>();
        stateDict().forEach((name, tensor) -> wanted.put(name, tensor.shape()));
        StateCheck check = new StateCheck("the state dict");
        check.compare(state, wanted, strict);
        check.throwIfAny();
        namedParameters()
                .forEach((name, parameter) -> {
                    Tensor found = state.get(name);
                    if (found != null) {
                        parameter.set(found);
                    }
                });
        namedBuffers()
                .forEach((name, buffer) -> {
                    Tensor found = state.get(name);
                    if (found != null) {
                        buffer.set(found);
                    }
                });
    }
}
