package dev.jebena.tokenizers.internal.jinja;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Python tuple: a list that prints with parentheses and differs from every list.
final class Tuple extends AbstractList<Object> {
    private final List<Object> items;

    /// Names of the places, for a named tuple; empty for others.
    private final List<String> names;

    Tuple(List<Object> items) {
        this(items, List.of());
    }

    Tuple(List<Object> items, List<String> names) {
        this.items = items;
        this.names = names;
    }

    static Tuple of(Object... items) {
        return new Tuple(List.of(items));
    }

    /// The value at the place called `name`, or null where there is none.
    @Nullable Object named(String name) {
        int place = names.indexOf(name);
        return place < 0 ? null : items.get(place);
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple && super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
