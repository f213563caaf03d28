package dev.jebena.tokenizers.internal.jinja;

import java.util.Iterator;
import java.util.List;

/// A Python generator, as `map`, `select` and the like give: always true, without a length, and
/// used up by walking it once.
final class Generated {
    private final Iterator<Object> rest;

    Generated(List<Object> items) {
        this.rest = items.iterator();
    }

    Iterator<Object> rest() {
        return rest;
    }
}
