package dev.jebena.tokenizers.internal.jinja;

import java.util.List;

/// What `keys()`, `values()`, `items()` and `range()` give: has a length and can be walked again
/// and again; only a range has places.
record View(Kind kind, List<Object> items) {
    enum Kind {
        DICT_KEYS,
        DICT_VALUES,
        DICT_ITEMS,
        RANGE;

        String pythonName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
