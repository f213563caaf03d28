package dev.jebena.tensor;

import dev.jebena.tensor.Value.Tracked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Functions that keep no intermediate results for their derivative, and compute them again for it:
/// less memory for more work (Chen et al. 2016).
public final class Checkpoint {
    private Checkpoint() {}

    /// The function with recomputation. Variables that it takes from outside get gradients too.
    public static UnaryOperator<Tensor> of(java.util.function.Function<Tensor, Tensor> function) {
        return x -> apply(function, null, x);
    }

    /// The same for a function that draws from `rng`: it draws the same numbers again.
    public static UnaryOperator<Tensor> of(
            java.util.function.Function<Tensor, Tensor> function, Rng rng) {
        return x -> apply(function, rng, x);
    }

    private static Tensor apply(
            java.util.function.Function<Tensor, Tensor> function, @Nullable Rng rng, Tensor x) {
        long place = rng == null ? 0 : rng.position();
        long before = GradLevel.now();
        Tensor recorded = function.apply(x);
        if (!(recorded.value() instanceof Tracked tracked)) {
            return recorded;
        }
        // Run once with tracking to learn what it takes from outside; that record is dropped.
        GradLevel level = tracked.level();
        List<Tensor> sources = new ArrayList<>(level.captured(new Tensor[] {recorded}, before));
        sources.remove(x);
        sources.addFirst(x);
        Again again = new Again(function, rng, place, level, sources);
        return level.record(
                        new Op.Custom(again),
                        sources.toArray(Tensor[]::new),
                        new Tensor[] {tracked.primal()})[0];
    }

    /// The op whose derivative runs the function again.
    private record Again(
            java.util.function.Function<Tensor, Tensor> function,
            @Nullable Rng rng,
            long place,
            GradLevel level,
            List<Tensor> sources)
            implements CustomOp {
        @Override
        public String name() {
            return "checkpoint";
        }

        @Override
        public List<Tensor> forward(List<Tensor> inputs) {
            return List.of(function.apply(inputs.getFirst()));
        }

        @Override
        public List<@Nullable Tensor> backward(
                List<Tensor> inputs, List<Tensor> outputs, List<Tensor> cotangents) {
            // Tracked inputs mean that the derivative will be differentiated itself.
            boolean differentiable = inputs.stream().anyMatch(input -> level.own(input) != null);
            Tensor x = sources.getFirst();
            Tensor start = differentiable || level.own(x) == null ? x : level.lift(level.primal(x));
            Tensor output = rerun(start);
            Set<Tracked> ends = new HashSet<>();
            for (Tensor source : sources) {
                Tracked own = level.own(source == x ? start : source);
                if (own != null) {
                    ends.add(own);
                }
            }
            Map<Tracked, Tensor> found =
                    level.pull(
                            new Tensor[] {output},
                            new Tensor[] {cotangents.getFirst()},
                            ends,
                            differentiable);
            @Nullable Tensor[] gradients = new @Nullable Tensor[sources.size()];
            for (int i = 0; i < gradients.length; i++) {
                Tracked own = level.own(i == 0 ? start : sources.get(i));
                gradients[i] = own == null ? null : found.get(own);
            }
            return Arrays.asList(gradients);
        }

        private Tensor rerun(Tensor start) {
            if (rng == null) {
                return function.apply(start);
            }
            Rng drawn = Objects.requireNonNull(rng);
            long now = drawn.position();
            drawn.moveTo(place);
            Tensor output = function.apply(start);
            drawn.moveTo(now);
            return output;
        }
    }
}
