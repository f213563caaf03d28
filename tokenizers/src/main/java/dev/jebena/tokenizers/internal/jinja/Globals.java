package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.TokenizerException;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The functions that every template can call.
final class Globals {
    private Globals() {}

    static Scope scope(Clock clock) {
        Scope scope = new Scope(null);
        scope.set("range", (Callable) Globals::range);
        scope.set("dict", (Callable) Globals::dict);
        scope.set("namespace", (Callable) Globals::namespace);
        scope.set("joiner", (Callable) Globals::joiner);
        scope.set("cycler", (Callable) (arguments, budget) -> new Cycler(arguments.positional()));
        scope.set("raise_exception", (Callable) Globals::raise);
        scope.set(
                "strftime_now",
                (Callable)
                        (arguments, budget) ->
                                DateFormat.format(
                                        arguments.bind("strftime_now", "format").text("format"),
                                        ZonedDateTime.now(clock)));
        return scope;
    }

    private static Object raise(Arguments arguments, Budget budget) {
        throw new TokenizerException(
                Texts.str(arguments.bind("raise_exception", "message").value("message")));
    }

    private static Object range(Arguments arguments, Budget budget) {
        int[] bounds = new int[3];
        int count = arguments.positional().size();
        if (count < 1 || count > 3 || !arguments.named().isEmpty()) {
            throw new JinjaException("range() takes one to three integers");
        }
        for (int i = 0; i < count; i++) {
            Object value = arguments.positional().get(i);
            if (!Numbers.isWhole(value)) {
                throw new JinjaException("range() takes integers, not " + Values.typeName(value));
            }
            bounds[i] = Numbers.clampedInt(value);
        }
        long begin = count == 1 ? 0 : bounds[0];
        long end = count == 1 ? bounds[0] : bounds[1];
        long step = count == 3 ? bounds[2] : 1;
        if (step == 0) {
            throw new JinjaException("the step of range() must not be 0");
        }
        long size = Math.max(0, (end - begin + step - Long.signum(step)) / step);
        if (size > Budget.MAX_RANGE) {
            throw new JinjaException(
                    "range() of " + size + " elements, at most " + Budget.MAX_RANGE);
        }
        budget.allocate(size);
        List<Object> items = new ArrayList<>((int) size);
        for (long i = 0; i < size; i++) {
            items.add(begin + i * step);
        }
        return new View(View.Kind.RANGE, items);
    }

    private static Object dict(Arguments arguments, Budget budget) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object source : arguments.positional()) {
            if (source instanceof Map<?, ?> other) {
                map.putAll(Values.map(other));
                continue;
            }
            for (Object pair : Values.elements(source, budget)) {
                List<Object> parts = Values.elements(pair, budget);
                if (parts.size() != 2) {
                    throw new JinjaException("dict() needs pairs of key and value");
                }
                map.put(Values.key(parts.get(0)), parts.get(1));
            }
        }
        map.putAll(arguments.named());
        budget.allocate(map.size());
        return map;
    }

    private static Object namespace(Arguments arguments, Budget budget) {
        Namespace namespace = new Namespace();
        namespace.attributes.putAll(Values.map((Map<?, ?>) dict(arguments, budget)));
        return namespace;
    }

    private static Object joiner(Arguments arguments, Budget budget) {
        String separator = Texts.str(arguments.bind("joiner", "sep").value("sep", ", "));
        boolean[] used = new boolean[1];
        return (Callable)
                (none, inner) -> {
                    String text = used[0] ? separator : "";
                    used[0] = true;
                    return text;
                };
    }
}
