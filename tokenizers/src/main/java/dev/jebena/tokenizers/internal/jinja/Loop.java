package dev.jebena.tokenizers.internal.jinja;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The variable `loop` in a `for`.
final class Loop implements Callable {
    private final List<Object> items;
    private final int depth;
    private final @Nullable UnaryOperator<Object> recursion;
    private int index;
    private @Nullable Object lastChanged;

    /// @param recursion what `loop(items)` does; null where the loop is not recursive
    Loop(List<Object> items, int depth, @Nullable UnaryOperator<Object> recursion) {
        this.items = items;
        this.depth = depth;
        this.recursion = recursion;
    }

    void moveTo(int newIndex) {
        index = newIndex;
    }

    int depth() {
        return depth;
    }

    int length() {
        return items.size();
    }

    @Override
    public Object call(Arguments arguments, Budget budget) {
        if (recursion == null) {
            throw new JinjaException("the loop is not recursive: it lacks 'recursive'");
        }
        return recursion.apply(arguments.bind("loop", "items").value("items"));
    }

    /// The attribute `name`, or null where there is none.
    @Nullable Object attribute(String name) {
        int size = items.size();
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) (size - index);
            case "revindex0" -> size - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "length" -> (long) size;
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" ->
                    index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" ->
                    index + 1 < size
                            ? items.get(index + 1)
                            : new Undefined("there is no next item");
            case "cycle" -> (Callable) (arguments, budget) -> cycle(arguments);
            case "changed" -> (Callable) (arguments, budget) -> changed(arguments);
            default -> null;
        };
    }

    private Object cycle(Arguments arguments) {
        List<Object> choices = arguments.positional();
        if (choices.isEmpty()) {
            throw new JinjaException("no items for cycling given");
        }
        return choices.get(index % choices.size());
    }

    private Object changed(Arguments arguments) {
        Tuple now = new Tuple(arguments.positional());
        boolean changed = lastChanged == null || !Operators.equal(lastChanged, now);
        lastChanged = now;
        return changed;
    }
}
