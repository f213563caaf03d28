package dev.jebena.governance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is known of a value on a pickle's stack without running anything.
sealed interface PickleValue {
    /// Anything else.
    PickleValue OTHER = new Other();

    record Other() implements PickleValue {}

    record Text(String text) implements PickleValue {}

    record Whole(long value) implements PickleValue {}

    record Tuple(List<PickleValue> items) implements PickleValue {}

    /// An imported name.
    record Global(String module, String name) implements PickleValue {}

    /// What calling an imported name gave; `fields` is its state, filled in later.
    record Instance(Global type, List<PickleValue> arguments, Map<String, PickleValue> fields)
            implements PickleValue {
        Instance(Global type, List<PickleValue> arguments) {
            this(type, arguments, new LinkedHashMap<>());
        }
    }

    record Dict(Map<String, PickleValue> items) implements PickleValue {}
}
