package dev.jebena.tokenizers.internal.jinja;

import java.util.HashMap;
import java.util.Map;

/// The filters of `|`, by name.
final class Filters {
    /// One filter.
    interface Filter {
        Object apply(Object value, Arguments arguments, Budget budget);
    }

    private static final Map<String, Filter> FILTERS = new HashMap<>();

    static {
        TextFilters.addTo(FILTERS);
        NumberFilters.addTo(FILTERS);
        SequenceFilters.addTo(FILTERS);
        SelectionFilters.addTo(FILTERS);
        OrderFilters.addTo(FILTERS);
    }

    private Filters() {}

    static boolean known(String name) {
        return FILTERS.containsKey(name);
    }

    static String suggestion(String name) {
        return Spelling.suggestion(name, FILTERS.keySet());
    }

    static Object apply(String name, Object value, Arguments arguments, Budget budget) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw new JinjaException("no filter named '" + name + "'" + suggestion(name));
        }
        return filter.apply(value, arguments, budget);
    }
}
