package dev.jebena.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a pickle of protocol 0 to 5 (PEP 3154, PEP 574 and Python's `pickletools`) without running
/// code: names mean what [PickleGlobals] says, everything else is refused.
///
/// Values: None is null, whole numbers are [Long] or [java.math.BigInteger], floats [Double],
/// strings [String], bytes `byte[]`, lists and sets [ArrayList], tuples unmodifiable lists, dicts
/// [LinkedHashMap].
final class Pickle {
    /// Opcodes of the longest pickle that is read: some 200,000 tensors. Bounds the memory that
    /// hostile pickles can ask for.
    private static final int MOST_OPCODES = 8_000_000;

    private static final int NEWEST_PROTOCOL = 5;

    private final PickleInput in;
    private final PickleGlobals globals;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();

    /// What objects were given beside their content, by identity: OrderedDict's attributes.
    private final IdentityHashMap<Object, Object> attributes = new IdentityHashMap<>();

    Pickle(PickleInput in, PickleGlobals globals) {
        this.in = in;
        this.globals = globals;
    }

    /// The pickled value. The input is left behind it.
    @Nullable Object read() {
        try {
            for (int count = 0; count < MOST_OPCODES; count++) {
                int opcode = in.opcode();
                if (opcode == '.') {
                    return pop();
                }
                step(opcode);
            }
        } catch (IllegalArgumentException e) {
            throw in.problem(String.valueOf(e.getMessage()));
        }
        throw in.problem("a pickle of more than " + MOST_OPCODES + " opcodes");
    }

    /// The attributes that `object` was given; null when none.
    @Nullable Object attributes(Object object) {
        return attributes.get(object);
    }

    private void step(int opcode) {
        if (!constant(opcode) && !number(opcode) && !text(opcode) && !container(opcode)) {
            other(opcode);
        }
    }

    private boolean constant(int opcode) {
        switch (opcode) {
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case ']', 0x8f -> push(new ArrayList<>());
            case '}' -> push(new LinkedHashMap<>());
            case ')' -> push(List.of());
            case '(' -> marks.add(stack.size());
            case '0' -> pop();
            case '1' -> popMarked();
            case '2' -> push(stack.get(top()));
            case 0x80 -> protocol(in.u8());
            case 0x95 -> in.skip(8);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean number(int opcode) {
        switch (opcode) {
            case 'I' -> push(in.integer());
            case 'L' -> push(in.decimal());
            case 'F' -> push(in.decimalDouble());
            case 'J' -> push((long) in.i32());
            case 'K' -> push((long) in.u8());
            case 'M' -> push((long) in.u16());
            case 0x8a -> push(in.number(in.u8()));
            case 0x8b -> push(in.number(in.i32()));
            case 'G' -> push(in.bigEndianDouble());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean text(int opcode) {
        switch (opcode) {
            case 'S' -> push(PickleText.quoted(in.line()));
            case 'T' -> push(in.text(in.u32()));
            case 'U' -> push(in.text(in.u8()));
            case 'V' -> push(PickleText.unicode(in.latin1Line()));
            case 'X' -> push(in.utf8(in.u32()));
            case 0x8c -> push(in.utf8(in.u8()));
            case 0x8d -> push(in.utf8(in.i64()));
            case 'B' -> push(in.bytes(in.u32()));
            case 'C' -> push(in.bytes(in.u8()));
            case 0x8e, 0x96 -> push(in.bytes(in.i64()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case 'l', 0x91 -> push(popMarked());
            case 't' -> push(Collections.unmodifiableList(popMarked()));
            case 0x85, 0x86, 0x87 -> push(tuple(opcode - 0x84));
            case 'd' -> {
                List<@Nullable Object> items = popMarked();
                push(new LinkedHashMap<>());
                setItems(items);
            }
            case 'a' -> {
                @Nullable Object item = pop();
                list().add(item);
            }
            case 'e', 0x90 -> {
                List<@Nullable Object> items = popMarked();
                list().addAll(items);
            }
            case 's' -> {
                @Nullable Object value = pop();
                @Nullable Object key = pop();
                setItems(Arrays.asList(key, value));
            }
            case 'u' -> setItems(popMarked());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void other(int opcode) {
        switch (opcode) {
            case 'p' -> put(in.decimal());
            case 'q' -> put((long) in.u8());
            case 'r' -> put(in.u32());
            case 0x94 -> put((long) memo.size());
            case 'g' -> push(get(in.decimal()));
            case 'h' -> push(get((long) in.u8()));
            case 'j' -> push(get(in.u32()));
            case 'c' -> {
                String module = in.line();
                push(globals.global(module, in.line()));
            }
            case 0x93 -> {
                String name = string();
                push(globals.global(string(), name));
            }
            case 'P' -> push(globals.persistent(in.line()));
            case 'Q' -> push(globals.persistent(pop()));
            case 'R', 0x81 -> {
                List<?> arguments = tuple();
                push(callable().call(arguments));
            }
            case 0x92 -> {
                if (!(pop() instanceof Map<?, ?> named) || !named.isEmpty()) {
                    throw new IllegalArgumentException("named arguments are not allowed");
                }
                List<?> arguments = tuple();
                push(callable().call(arguments));
            }
            case 'b' -> build(pop());
            case 'i', 'o' -> instance(opcode);
            case 0x82, 0x83, 0x84 ->
                    throw new IllegalArgumentException("names by number are not allowed");
            case 0x97, 0x98 -> throw new IllegalArgumentException("buffers outside of the pickle");
            default ->
                    throw new IllegalArgumentException(
                            "there is no opcode 0x%02x; this is no pickle, or it is damaged"
                                    .formatted(opcode));
        }
    }

    private void instance(int opcode) {
        String module = opcode == 'i' ? in.line() : "";
        String name = opcode == 'i' ? in.line() : "";
        List<@Nullable Object> items = popMarked();
        Object type =
                opcode == 'i'
                        ? globals.global(module, name)
                        : items.isEmpty() ? null : items.removeFirst();
        if (!(type instanceof PickleGlobals.Callable callable)) {
            throw new IllegalArgumentException("an instance of something that is no class");
        }
        push(callable.call(items));
    }

    private void build(@Nullable Object state) {
        Object target = stack.get(top());
        if (target instanceof PickleGlobals.Instance object && state instanceof Map<?, ?> fields) {
            object.fields().putAll(fields);
        } else if (target instanceof PickleGlobals.Instance object) {
            object.fields().put("state", state);
        } else if (target instanceof LinkedHashMap<?, ?> map && state != null) {
            attributes.put(map, state);
        } else {
            throw new IllegalArgumentException("a state for something that has none");
        }
    }

    private void protocol(int version) {
        if (version > NEWEST_PROTOCOL) {
            throw new IllegalArgumentException(
                    "a pickle of protocol %d, 0 to %d can be read"
                            .formatted(version, NEWEST_PROTOCOL));
        }
    }

    private void setItems(List<? extends @Nullable Object> items) {
        if (!(stack.get(top()) instanceof LinkedHashMap<?, ?> found)) {
            throw new IllegalArgumentException("an item for something that is no dict");
        }
        if (items.size() % 2 != 0) {
            throw new IllegalArgumentException("a key without a value");
        }
        @SuppressWarnings("unchecked")
        Map<Object, @Nullable Object> map = (Map<Object, @Nullable Object>) found;
        for (int i = 0; i < items.size(); i += 2) {
            // Keys of other kinds could nest, and then take forever to hash.
            if (!(items.get(i) instanceof Comparable<?> key)) {
                throw new IllegalArgumentException(
                        "the key of a dict must be a string or a number");
            }
            map.put(key, items.get(i + 1));
        }
    }

    private List<@Nullable Object> list() {
        if (stack.get(top()) instanceof ArrayList<?> found) {
            @SuppressWarnings("unchecked")
            List<@Nullable Object> list = (List<@Nullable Object>) found;
            return list;
        }
        throw new IllegalArgumentException("an element for something that is no list");
    }

    private List<?> tuple() {
        if (pop() instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("arguments that are no tuple");
    }

    private PickleGlobals.Callable callable() {
        if (pop() instanceof PickleGlobals.Callable callable) {
            return callable;
        }
        throw new IllegalArgumentException("a call of something that is no function");
    }

    private String string() {
        if (pop() instanceof String string) {
            return string;
        }
        throw new IllegalArgumentException("a name that is no string");
    }

    private List<@Nullable Object> tuple(int length) {
        List<@Nullable Object> tuple = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            tuple.add(pop());
        }
        Collections.reverse(tuple);
        return Collections.unmodifiableList(tuple);
    }

    private void put(Object key) {
        if (!(key instanceof Long number)) {
            throw new IllegalArgumentException("a memo of number " + key);
        }
        memo.put(number, stack.get(top()));
    }

    private @Nullable Object get(Object key) {
        if (!(key instanceof Long number) || !memo.containsKey(number)) {
            throw new IllegalArgumentException("there is no memo " + key);
        }
        return memo.get(number);
    }

    private void push(@Nullable Object value) {
        stack.add(value);
    }

    private @Nullable Object pop() {
        return stack.remove(top());
    }

    /// The last value's place on the stack; there must be one above the last mark.
    private int top() {
        int bottom = marks.isEmpty() ? 0 : marks.getLast();
        if (stack.size() <= bottom) {
            throw new IllegalArgumentException("nothing on the stack; the pickle is damaged");
        }
        return stack.size() - 1;
    }

    private List<@Nullable Object> popMarked() {
        if (marks.isEmpty()) {
            throw new IllegalArgumentException("no mark on the stack; the pickle is damaged");
        }
        List<@Nullable Object> marked = stack.subList(marks.removeLast(), stack.size());
        ArrayList<@Nullable Object> items = new ArrayList<>(marked);
        marked.clear();
        return items;
    }
}
