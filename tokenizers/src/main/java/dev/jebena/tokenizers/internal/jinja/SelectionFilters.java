package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `map`, `select` and its kin: they apply other filters and tests to each element.
final class SelectionFilters {
    private SelectionFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("map", SelectionFilters::map);
        filters.put("select", (value, arguments, budget) -> select(value, arguments, true, budget));
        filters.put(
                "reject", (value, arguments, budget) -> select(value, arguments, false, budget));
        filters.put(
                "selectattr",
                (value, arguments, budget) -> selectAttribute(value, arguments, true, budget));
        filters.put(
                "rejectattr",
                (value, arguments, budget) -> selectAttribute(value, arguments, false, budget));
    }

    private static Object map(Object value, Arguments arguments, Budget budget) {
        List<Object> results = new ArrayList<>();
        if (arguments.positional().isEmpty()) {
            Arguments.Bound bound = arguments.bind("map", "attribute", "default");
            Object path = bound.value("attribute");
            for (Object item : Values.elements(value, budget)) {
                results.add(
                        bound.has("default")
                                ? Paths.follow(item, path, bound.value("default"), budget)
                                : Paths.follow(item, path, budget));
            }
            return new Generated(results);
        }
        String name = Texts.str(arguments.positional().getFirst());
        Arguments rest = arguments.rest();
        for (Object item : Values.elements(value, budget)) {
            budget.steps(1);
            results.add(Filters.apply(name, item, rest, budget));
        }
        return new Generated(results);
    }

    private static Object select(Object value, Arguments arguments, boolean wanted, Budget budget) {
        List<Object> selected = new ArrayList<>();
        for (Object item : Values.elements(value, budget)) {
            if (holds(item, arguments, budget) == wanted) {
                selected.add(item);
            }
        }
        return new Generated(selected);
    }

    private static Object selectAttribute(
            Object value, Arguments arguments, boolean wanted, Budget budget) {
        if (arguments.positional().isEmpty()) {
            throw new JinjaException("selectattr and rejectattr need an attribute's name");
        }
        Object path = arguments.positional().getFirst();
        Arguments rest = arguments.rest();
        List<Object> selected = new ArrayList<>();
        for (Object item : Values.elements(value, budget)) {
            if (holds(Paths.follow(item, path, budget), rest, budget) == wanted) {
                selected.add(item);
            }
        }
        return new Generated(selected);
    }

    /// Whether the test that `arguments` begin with holds; without one, whether `item` is true.
    private static boolean holds(Object item, Arguments arguments, Budget budget) {
        budget.steps(1);
        if (arguments.positional().isEmpty()) {
            return Values.truth(item);
        }
        String name = Texts.str(arguments.positional().getFirst());
        if (!Tests.known(name)) {
            throw new JinjaException("no test named '" + name + "'" + Tests.suggestion(name));
        }
        return Tests.holds(name, item, arguments.rest(), budget);
    }
}
