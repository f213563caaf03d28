package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Filters over sequences, and those for any value.
final class SequenceFilters {
    private SequenceFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("default", SequenceFilters::fallback);
        filters.put("d", SequenceFilters::fallback);
        filters.put("length", (value, none, budget) -> Values.length(value));
        filters.put("count", (value, none, budget) -> Values.length(value));
        filters.put("first", (value, none, budget) -> first(Values.elements(value, budget)));
        filters.put("last", (value, none, budget) -> last(value, budget));
        filters.put("list", (value, none, budget) -> copy(value, budget));
        filters.put("join", SequenceFilters::join);
        filters.put("reverse", (value, none, budget) -> reversed(value, budget));
        filters.put("batch", SequenceFilters::batch);
        filters.put("slice", SequenceFilters::slice);
        filters.put("sum", SequenceFilters::sum);
        filters.put("items", (value, none, budget) -> items(value, budget));
        filters.put(
                "attr",
                (value, arguments, budget) ->
                        Attributes.attributeOnly(
                                value, Texts.str(arguments.bind("attr", "name").value("name"))));
    }

    private static Object fallback(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
        boolean replaced =
                value instanceof Undefined
                        || (bound.flag("boolean", false) && !Values.truth(value));
        return replaced ? bound.value("default_value", "") : value;
    }

    private static Object first(List<Object> items) {
        return items.isEmpty()
                ? new Undefined("no first item, sequence was empty")
                : items.getFirst();
    }

    private static Object last(Object value, Budget budget) {
        if (value instanceof Generated) {
            throw new JinjaException("'generator' object is not reversible");
        }
        List<Object> items = Values.elements(value, budget);
        return items.isEmpty()
                ? new Undefined("no last item, sequence was empty")
                : items.getLast();
    }

    private static List<Object> copy(Object value, Budget budget) {
        return new ArrayList<>(Values.elements(value, budget));
    }

    private static Object join(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("join", "d", "attribute");
        String separator = Texts.str(bound.value("d", ""));
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Object item : Values.elements(value, budget)) {
            Object part =
                    bound.has("attribute")
                            ? Paths.follow(item, bound.value("attribute"), budget)
                            : item;
            String text = Texts.str(part);
            budget.allocate((long) separator.length() + text.length());
            out.append(first ? "" : separator).append(text);
            first = false;
        }
        budget.allocate(out.length());
        return out.toString();
    }

    private static Object reversed(Object value, Budget budget) {
        if (value instanceof String text) {
            budget.allocate(text.length());
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> items = copy(value, budget);
        Collections.reverse(items);
        return new Generated(items);
    }

    private static Object batch(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
        bound.value("linecount");
        int size = bound.integer("linecount", 1);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object item : Values.elements(value, budget)) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            if (bound.has("fill_with")) {
                budget.allocate(size);
                while (batch.size() < size) {
                    batch.add(bound.value("fill_with"));
                }
            }
            batches.add(batch);
        }
        return new Generated(batches);
    }

    private static Object slice(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
        bound.value("slices");
        int slices = bound.integer("slices", 1);
        if (slices < 1 || slices > Budget.MAX_RANGE) {
            throw new JinjaException("slice: the number of slices must be 1 to 100000");
        }
        List<Object> items = Values.elements(value, budget);
        budget.allocate(slices);
        int each = items.size() / slices;
        int longer = items.size() % slices;
        List<Object> parts = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < slices; i++) {
            int size = each + (i < longer ? 1 : 0);
            List<Object> part = new ArrayList<>(items.subList(at, at + size));
            if (bound.has("fill_with") && i >= longer) {
                part.add(bound.value("fill_with"));
            }
            parts.add(part);
            at += size;
        }
        return new Generated(parts);
    }

    private static Object sum(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
        Object total = bound.value("start", 0L);
        for (Object item : Values.elements(value, budget)) {
            Object part =
                    bound.has("attribute")
                            ? Paths.follow(item, bound.value("attribute"), budget)
                            : item;
            total = Operators.arithmetic("+", total, part, budget);
        }
        return total;
    }

    private static Object items(Object value, Budget budget) {
        if (value instanceof Undefined) {
            return new Generated(List.of());
        }
        if (!(value instanceof Map<?, ?>)) {
            throw new JinjaException("items needs a mapping, not " + Values.typeName(value));
        }
        Object view =
                ((Callable) Attributes.attribute(value, "items", budget))
                        .call(Arguments.NONE, budget);
        return new Generated(Values.elements(view, budget));
    }
}
