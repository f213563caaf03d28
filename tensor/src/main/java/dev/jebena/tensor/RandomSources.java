package dev.jebena.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The random generators that a function draws from while it is traced to be compiled. What they
/// give is no constant: their states are an input of the program, and each run draws the numbers
/// that the function itself would draw, and moves them on as far.
final class RandomSources {
    /// Most generators of one function: rows of the input of states.
    static final int MOST = 16;

    static final Op.Spec SPEC = new Op.Spec(Shape.of(MOST, 2), DType.INT64);

    private static final ScopedValue<RandomSources> CURRENT = ScopedValue.newInstance();

    private final Tensor states;
    private final Map<Rng, Integer> rows = new HashMap<>();
    private final Set<Rng> inner = new HashSet<>();
    private final List<Rng> sources = new ArrayList<>();

    /// Where each generator stood when the trace began, how many groups it is from there now, and
    /// at most was.
    private final long[] begun = new long[MOST];

    private final long[] drawn = new long[MOST];
    private final long[] most = new long[MOST];

    /// @param states a traced tensor of [#SPEC]
    private RandomSources(Tensor states) {
        this.states = states;
    }

    /// A function of which the last argument is the states.
    static final class Recorder implements Graph.Traceable {
        private final Graph.Traceable function;
        private @Nullable RandomSources found;

        Recorder(Graph.Traceable function) {
            this.function = function;
        }

        @Override
        public List<Tensor> apply(List<Tensor> inputs) {
            RandomSources sources = new RandomSources(inputs.getLast());
            found = sources;
            List<Tensor> own = inputs.subList(0, inputs.size() - 1);
            List<Tensor> results =
                    ScopedValue.where(CURRENT, sources).call(() -> function.apply(own));
            // Derivatives end here: what is known of them is gone with the trace.
            return results.stream().map(Tensor::detach).toList();
        }

        RandomSources sources() {
            if (found == null) {
                throw new IllegalStateException("the function was not traced");
            }
            return found;
        }
    }

    /// Those of the function that is traced by this thread.
    static @Nullable RandomSources current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /// Whether a generator was made by the function itself: then each run begins with it anew.
    boolean isInner(Rng rng) {
        return inner.contains(rng);
    }

    void made(Rng rng) {
        inner.add(rng);
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    private int row(Rng rng) {
        Integer known = rows.get(rng);
        if (known != null) {
            return known;
        }
        int row = sources.size();
        if (row == MOST) {
            throw TensorException.unknown(
                    "a compiled function draws from more than %d generators; share one", MOST);
        }
        rows.put(rng, row);
        sources.add(rng);
        begun[row] = rng.now();
        return row;
    }

    /// The state for the next `groups` groups of numbers.
    Tensor draw(Rng rng, long groups) {
        int row = row(rng);
        Tensor state = states.slice(0, row, row + 1).reshape(2);
        Tensor offset = Tensor.of(new long[] {0, drawn[row]}, 2);
        drawn[row] += groups;
        most[row] = Math.max(most[row], drawn[row]);
        return state.add(offset);
    }

    long position(Rng rng) {
        int row = row(rng);
        return begun[row] + drawn[row];
    }

    /// Goes back to a place of this trace: to draw the same numbers again.
    void moveTo(Rng rng, long place) {
        int row = row(rng);
        if (place < begun[row] || place > begun[row] + most[row]) {
            throw TensorException.unknown(
                    "moveTo: place %d is not one of this compiled function, which began at %d;"
                            + " move the generator before the call",
                    place, begun[row]);
        }
        drawn[row] = place - begun[row];
    }

    /// The states for a run; moves the generators on.
    Tensor next() {
        long[] numbers = new long[2 * MOST];
        for (int i = 0; i < sources.size(); i++) {
            numbers[2 * i] = sources.get(i).seed();
            numbers[2 * i + 1] = sources.get(i).take(drawn[i]);
        }
        return Tensor.of(numbers, MOST, 2);
    }
}
