package dev.jebena.nn;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Compares state with what it is to be loaded into, and reports all that differs at once.
final class StateCheck {
    private static final int SHOWN = 20;

    private final String what;
    private final List<String> problems = new ArrayList<>();

    StateCheck(String what) {
        this.what = what;
    }

    /// Names that are on one side only, and tensors of different shapes.
    void compare(Map<String, Tensor> state, Map<String, Shape> wanted, boolean strict) {
        List<String> missing = new ArrayList<>();
        wanted.forEach((name, shape) -> {
            Tensor found = state.get(name);
            if (found == null) {
                missing.add(name);
            } else if (!found.shape().equals(shape)) {
                problems.add(
                        "%s has shape %s, the model needs %s"
                                .formatted(name, found.shape(), shape));
            }
        });
        if (strict) {
            names("missing", missing);
            TreeSet<String> unexpected = new TreeSet<>(state.keySet());
            unexpected.removeAll(wanted.keySet());
            names("unexpected", List.copyOf(unexpected));
        }
    }

    private void names(String kind, List<String> names) {
        if (!names.isEmpty()) {
            List<String> shown = names.subList(0, Math.min(SHOWN, names.size()));
            String more =
                    names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : "";
            problems.add("%s: %s%s".formatted(kind, String.join(", ", shown), more));
        }
    }

    void problem(String problem) {
        problems.add(problem);
    }

    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw NnException.state("%s does not fit:\n  %s", what, String.join("\n  ", problems));
        }
    }

    /// The integer of that name; throws when there is none.
    static long integer(Map<String, Tensor> state, String name) {
        return one(state, name).itemLong();
    }

    /// The number of that name; throws when there is none.
    static double number(Map<String, Tensor> state, String name) {
        return one(state, name).item();
    }

    private static Tensor one(Map<String, Tensor> state, String name) {
        Tensor found = state.get(name);
        if (found == null || found.size() != 1) {
            throw NnException.state(
                    "the state has no number %s; it has %s", name, new TreeSet<>(state.keySet()));
        }
        return found;
    }
}
