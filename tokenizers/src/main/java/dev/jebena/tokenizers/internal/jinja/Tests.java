package dev.jebena.tokenizers.internal.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tests of `is`.
final class Tests {
    private static final Map<String, String> COMPARISONS =
            Map.ofEntries(
                    Map.entry("eq", "=="),
                    Map.entry("equalto", "=="),
                    Map.entry("==", "=="),
                    Map.entry("ne", "!="),
                    Map.entry("!=", "!="),
                    Map.entry("lt", "<"),
                    Map.entry("lessthan", "<"),
                    Map.entry("<", "<"),
                    Map.entry("le", "<="),
                    Map.entry("<=", "<="),
                    Map.entry("gt", ">"),
                    Map.entry("greaterthan", ">"),
                    Map.entry(">", ">"),
                    Map.entry("ge", ">="),
                    Map.entry(">=", ">="),
                    Map.entry("in", "in"));
    private static final Set<String> KINDS =
            Set.of(
                    "defined",
                    "undefined",
                    "none",
                    "string",
                    "number",
                    "integer",
                    "float",
                    "boolean",
                    "true",
                    "false",
                    "mapping",
                    "iterable",
                    "sequence",
                    "callable",
                    "even",
                    "odd",
                    "lower",
                    "upper",
                    "escaped");
    private static final Set<String> WITH_ARGUMENT = Set.of("divisibleby", "sameas");
    private static final Set<String> NAMES_OF_NAMES = Set.of("filter", "test");

    private Tests() {}

    static boolean known(String name) {
        return KINDS.contains(name)
                || COMPARISONS.containsKey(name)
                || WITH_ARGUMENT.contains(name)
                || NAMES_OF_NAMES.contains(name);
    }

    static String suggestion(String name) {
        return Spelling.suggestion(name, KINDS);
    }

    static boolean holds(String name, Object value, Arguments arguments, Budget budget) {
        String comparison = COMPARISONS.get(name);
        if (comparison != null) {
            Object other = arguments.bind(name, "other").value("other");
            return Operators.compare(comparison, value, other, budget);
        }
        if (WITH_ARGUMENT.contains(name)) {
            Object other = arguments.bind(name, "other").value("other");
            return name.equals("sameas")
                    ? same(value, other)
                    : Numbers.isZero(number(Operators.arithmetic("%", value, other, budget)));
        }
        arguments.bind(name);
        return switch (name) {
            case "even" -> parity(value, budget) == 0;
            case "odd" -> parity(value, budget) == 1;
            case "lower" -> StringKinds.holds("islower", Texts.str(value));
            case "upper" -> StringKinds.holds("isupper", Texts.str(value));
            case "filter" -> value instanceof String filter && Filters.known(filter);
            case "test" -> value instanceof String test && known(test);
            default -> isKind(name, value);
        };
    }

    private static boolean isKind(String name, Object value) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "string" -> value instanceof String;
            case "number" -> Numbers.isNumber(value);
            case "integer" -> Numbers.isWhole(value) && !(value instanceof Boolean);
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "mapping" -> value instanceof Map;
            case "iterable" -> Values.isIterable(value);
            case "sequence" ->
                    value instanceof String
                            || value instanceof List
                            || value instanceof Map
                            || (value instanceof View view && view.kind() == View.Kind.RANGE);
            case "callable" -> value instanceof Callable;
            default -> false;
        };
    }

    private static boolean same(Object value, Object other) {
        return value == other
                || (value.getClass() == other.getClass()
                        && (value instanceof Boolean
                                || value instanceof Long
                                || value instanceof String)
                        && value.equals(other));
    }

    private static long parity(Object value, Budget budget) {
        return number(Operators.arithmetic("%", value, 2L, budget)).longValue();
    }

    private static Number number(Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new JinjaException("a number is needed, not " + Values.typeName(value));
    }
}
