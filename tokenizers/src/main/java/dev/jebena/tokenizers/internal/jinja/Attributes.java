package dev.jebena.tokenizers.internal.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `value.name` and `value[key]`, as Jinja2's sandbox finds them: an attribute is sought among the
/// type's methods first and then among the items, an item the other way around.
final class Attributes {
    private static final Set<String> CHANGING_LIST =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> CHANGING_DICT =
            Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Attributes() {}

    static Object attribute(Object owner, String name, Budget budget) {
        Object method = method(owner, name);
        if (method != null) {
            return method;
        }
        Object item = itemOrNull(owner, name, budget);
        return item == null ? Undefined.attribute(owner, name) : item;
    }

    static Object item(Object owner, Object key, Budget budget) {
        Object item = itemOrNull(owner, key, budget);
        if (item == null && key instanceof String name) {
            item = method(owner, name);
        }
        return item == null ? Undefined.attribute(owner, key) : item;
    }

    /// Only the attribute, as the filter `attr` finds it.
    static Object attributeOnly(Object owner, String name) {
        Object method = method(owner, name);
        return method == null ? Undefined.attribute(owner, name) : method;
    }

    private static @Nullable Object method(Object owner, String name) {
        if (name.startsWith("_")) {
            return null;
        }
        return switch (owner) {
            case String text -> StringMethods.of(text, name);
            case Map<?, ?> map ->
                    CHANGING_DICT.contains(name) ? unsafe(name, "dict") : dictMethod(map, name);
            case Tuple tuple when tuple.named(name) != null -> tuple.named(name);
            case List<?> list ->
                    CHANGING_LIST.contains(name) && !(list instanceof Tuple)
                            ? unsafe(name, "list")
                            : listMethod(list, name);
            case Namespace namespace -> namespace.attributes.get(name);
            case Loop loop -> loop.attribute(name);
            case Cycler cycler -> cycler.attribute(name);
            case Macro macro -> name.equals("name") ? macro.name() : null;
            case Double number when name.equals("is_integer") ->
                    (Callable) (arguments, budget) -> number == Math.rint(number);
            default -> null;
        };
    }

    private static Object unsafe(String name, String type) {
        return new Undefined("access to attribute '" + name + "' of '" + type + "' is unsafe");
    }

    private static @Nullable Object dictMethod(Map<?, ?> raw, String name) {
        Map<Object, Object> map = Values.map(raw);
        return switch (name) {
            case "get" ->
                    (Callable)
                            (arguments, budget) -> {
                                Arguments.Bound bound = arguments.bind("get", "key", "default");
                                Object value = map.get(Values.key(bound.value("key")));
                                return value == null ? bound.value("default", None.NONE) : value;
                            };
            case "items" -> view(View.Kind.DICT_ITEMS, map);
            case "keys" -> view(View.Kind.DICT_KEYS, map);
            case "values" -> view(View.Kind.DICT_VALUES, map);
            case "copy" ->
                    (Callable)
                            (arguments, budget) -> {
                                budget.allocate(map.size());
                                return new java.util.LinkedHashMap<>(map);
                            };
            default -> null;
        };
    }

    private static Callable view(View.Kind kind, Map<Object, Object> map) {
        return (arguments, budget) -> {
            arguments.bind(kind.pythonName());
            budget.allocate(map.size());
            return new View(
                    kind,
                    switch (kind) {
                        case DICT_ITEMS ->
                                map.entrySet().stream()
                                        .<Object>map(e -> Tuple.of(e.getKey(), e.getValue()))
                                        .toList();
                        case DICT_VALUES -> List.copyOf(map.values());
                        default -> List.copyOf(map.keySet());
                    });
        };
    }

    private static @Nullable Object listMethod(List<?> list, String name) {
        return switch (name) {
            case "index" ->
                    (Callable)
                            (arguments, budget) -> {
                                Object wanted = arguments.bind("index", "value").value("value");
                                budget.steps(list.size());
                                for (int i = 0; i < list.size(); i++) {
                                    if (Operators.equal(list.get(i), wanted)) {
                                        return (long) i;
                                    }
                                }
                                throw new JinjaException(
                                        Texts.repr(wanted) + " is not in the list");
                            };
            case "count" ->
                    (Callable)
                            (arguments, budget) -> {
                                Object wanted = arguments.bind("count", "value").value("value");
                                budget.steps(list.size());
                                return list.stream()
                                        .filter(item -> Operators.equal(item, wanted))
                                        .count();
                            };
            case "copy" -> (Callable) (arguments, budget) -> new java.util.ArrayList<Object>(list);
            default -> null;
        };
    }

    private static @Nullable Object itemOrNull(Object owner, Object key, Budget budget) {
        return switch (owner) {
            case Map<?, ?> map ->
                    key instanceof List<?> || key instanceof Map<?, ?>
                            ? null
                            : map.get(Values.key(key));
            case List<?> list -> Numbers.isWhole(key) ? at(list, key) : null;
            case View view when view.kind() == View.Kind.RANGE ->
                    Numbers.isWhole(key) ? at(view.items(), key) : null;
            case String text -> {
                if (!Numbers.isWhole(key)) {
                    yield null;
                }
                int length = CodePoints.length(text);
                budget.steps(text.length() >> 4);
                int index = Numbers.clampedInt(key);
                int place = index < 0 ? index + length : index;
                yield place < 0 || place >= length
                        ? null
                        : CodePoints.substring(text, place, place + 1);
            }
            default -> null;
        };
    }

    private static @Nullable Object at(List<?> list, Object key) {
        int index = Numbers.clampedInt(key);
        int place = index < 0 ? index + list.size() : index;
        return place < 0 || place >= list.size() ? null : list.get(place);
    }
}
