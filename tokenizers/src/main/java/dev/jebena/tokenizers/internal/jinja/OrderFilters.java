package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Filters that compare elements: `sort`, `unique`, `min`, `max`, `dictsort`, `groupby`.
final class OrderFilters {
    private OrderFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("sort", OrderFilters::sort);
        filters.put("unique", OrderFilters::unique);
        filters.put("min", (value, arguments, budget) -> extreme(value, arguments, -1, budget));
        filters.put("max", (value, arguments, budget) -> extreme(value, arguments, 1, budget));
        filters.put("dictsort", OrderFilters::sortedEntries);
        filters.put("groupby", OrderFilters::groupBy);
    }

    /// Stable, like Python's sort; fails for elements without an order between them.
    private static void sort(List<Object> items, Comparator<Object> order, Budget budget) {
        budget.steps(items.size() * 20L);
        try {
            items.sort(order);
        } catch (IllegalArgumentException e) {
            throw new JinjaException("the elements to sort have no total order (NaN?)");
        }
    }

    private static Object sort(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
        List<Object> items = new ArrayList<>(Values.elements(value, budget));
        boolean caseSensitive = bound.flag("case_sensitive", false);
        Comparator<Object> order = order(bound, caseSensitive, budget);
        sort(items, bound.flag("reverse", false) ? order.reversed() : order, budget);
        return items;
    }

    private static Comparator<Object> order(
            Arguments.Bound bound, boolean caseSensitive, Budget budget) {
        if (!bound.has("attribute")) {
            return (a, b) ->
                    Operators.order(Paths.folded(a, caseSensitive), Paths.folded(b, caseSensitive));
        }
        Object attribute = bound.value("attribute");
        List<Object> paths =
                attribute instanceof String text
                        ? new ArrayList<>(StringSplits.split(text, ",", -1, false))
                        : List.of(attribute);
        return (a, b) -> {
            for (Object path : paths) {
                Object x = Paths.folded(Paths.follow(a, path, budget), caseSensitive);
                Object y = Paths.folded(Paths.follow(b, path, budget), caseSensitive);
                int order = Operators.order(x, y);
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        };
    }

    private static Object key(Object item, Arguments.Bound bound, Budget budget) {
        Object key =
                bound.has("attribute")
                        ? Paths.follow(item, bound.value("attribute"), budget)
                        : item;
        return Paths.folded(key, bound.flag("case_sensitive", false));
    }

    private static Object unique(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
        Set<Object> seen = new HashSet<>();
        List<Object> items = new ArrayList<>();
        for (Object item : Values.elements(value, budget)) {
            if (seen.add(Values.key(key(item, bound, budget)))) {
                items.add(item);
            }
        }
        return new Generated(items);
    }

    private static Object extreme(Object value, Arguments arguments, int sign, Budget budget) {
        Arguments.Bound bound =
                arguments.bind(sign < 0 ? "min" : "max", "case_sensitive", "attribute");
        Object best = new Undefined("no aggregated item, sequence was empty");
        for (Object item : Values.elements(value, budget)) {
            if (best instanceof Undefined
                    || sign * Operators.order(key(item, bound, budget), key(best, bound, budget))
                            > 0) {
                best = item;
            }
        }
        return best;
    }

    private static Object sortedEntries(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
        boolean caseSensitive = bound.flag("case_sensitive", false);
        String by = bound.text("by", "key");
        if (!(value instanceof Map<?, ?> map) || !(by.equals("key") || by.equals("value"))) {
            throw new JinjaException("dictsort needs a mapping, and 'key' or 'value' to sort by");
        }
        int place = by.equals("key") ? 0 : 1;
        List<Object> pairs = new ArrayList<>();
        Values.map(map).forEach((key, item) -> pairs.add(Tuple.of(key, item)));
        Comparator<Object> order =
                (a, b) ->
                        Operators.order(
                                Paths.folded(((Tuple) a).get(place), caseSensitive),
                                Paths.folded(((Tuple) b).get(place), caseSensitive));
        sort(pairs, bound.flag("reverse", false) ? order.reversed() : order, budget);
        return pairs;
    }

    private static Object groupBy(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
        Object path = bound.value("attribute");
        boolean caseSensitive = bound.flag("case_sensitive", false);
        List<Object> groups = new ArrayList<>();
        List<Object> keyed = new ArrayList<>();
        for (Object item : Values.elements(value, budget)) {
            Object found =
                    bound.has("default")
                            ? Paths.follow(item, path, bound.value("default"), budget)
                            : Paths.follow(item, path, budget);
            keyed.add(Tuple.of(Paths.folded(found, caseSensitive), found, item));
        }
        sort(keyed, (a, b) -> Operators.order(((Tuple) a).get(0), ((Tuple) b).get(0)), budget);
        Object last = new Undefined("no group");
        for (Object entry : keyed) {
            Tuple parts = (Tuple) entry;
            if (groups.isEmpty() || !Operators.equal(last, parts.get(0))) {
                groups.add(new Group(parts.get(1), new ArrayList<>()));
                last = parts.get(0);
            }
            ((Group) groups.getLast()).list().add(parts.get(2));
        }
        return groups.stream().map(group -> (Object) ((Group) group).pair()).toList();
    }

    private record Group(Object grouper, List<Object> list) {
        Tuple pair() {
            return new Tuple(List.of(grouper, list), List.of("grouper", "list"));
        }
    }
}
