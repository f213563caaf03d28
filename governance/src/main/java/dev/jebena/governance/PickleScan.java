package dev.jebena.governance;

import dev.jebena.governance.PickleValue.Dict;
import dev.jebena.governance.PickleValue.Global;
import dev.jebena.governance.PickleValue.Instance;
import dev.jebena.governance.PickleValue.Text;
import dev.jebena.governance.PickleValue.Tuple;
import dev.jebena.governance.PickleValue.Whole;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Lists what the pickles in a stream import, of protocol 0 to 5 (Python's `pickletools`), without
/// running anything. A stack of what is known statically is kept, so names that come through the
/// memo, through copies or out of joined values are found; a name that cannot be known is reported
/// as `unknown`, which is dangerous. Where a pickle is damaged, what it imported before counts.
///
/// Arrays that joblib writes in between (`NumpyArrayWrapper`) are passed over by their shape.
final class PickleScan {
    private static final String UNKNOWN = "unknown";

    /// Names of a pickle that are reported; beyond it, it is no saved model.
    private static final int MOST_IMPORTS = 10_000;

    private final PickleStream in;
    private final SequencedMap<String, PickleImport> imports = new LinkedHashMap<>();
    private PickleStack stack = new PickleStack();
    private @Nullable String damage;
    private int whole;

    private PickleScan(InputStream in) {
        this.in = new PickleStream(in);
    }

    /// What was found.
    ///
    /// @param damage why a pickle could not be read to its end; null where all could
    /// @param pickles that were read to their end
    /// @param end of what was read
    record Result(List<PickleImport> imports, @Nullable String damage, int pickles, long end) {}

    /// Reads pickle after pickle. The stream is not closed.
    ///
    /// @param more whether what follows a pickle must be one too: else other bytes end the reading
    static Result of(InputStream in, boolean more) throws IOException {
        PickleScan scan = new PickleScan(in);
        do {
            scan.stack = new PickleStack();
            scan.pickle();
        } while (scan.damage == null && scan.in.peek() >= 0 && (more || scan.begins()));
        return new Result(
                List.copyOf(scan.imports.values()), scan.damage, scan.whole, scan.in.position());
    }

    private boolean begins() throws IOException {
        return in.peek() == 0x80;
    }

    private void pickle() {
        try {
            long begin = in.position();
            for (int opcode = in.u8(); opcode != '.'; opcode = in.u8()) {
                step(opcode);
            }
            whole++;
            if (in.position() == begin) {
                damage = "it does not end";
            }
        } catch (IOException | IllegalStateException e) {
            damage = "byte " + in.position() + ": " + e.getMessage();
        }
    }

    private void step(int opcode) throws IOException {
        if (!value(opcode) && !container(opcode) && !memo(opcode) && !code(opcode)) {
            throw new IOException("there is no opcode 0x%02x".formatted(opcode));
        }
    }

    private boolean value(int opcode) throws IOException {
        switch (opcode) {
            case 'N', 0x88, 0x89 -> stack.push(PickleValue.OTHER);
            case 'I', 'L', 'F' -> {
                in.line();
                stack.push(PickleValue.OTHER);
            }
            case 'J' -> stack.push(new Whole(in.i32()));
            case 'K' -> stack.push(new Whole(in.u8()));
            case 'M' -> stack.push(new Whole(in.u16()));
            case 0x8a -> pushNumber(in.number(in.u8()));
            case 0x8b -> pushNumber(in.number(in.i32()));
            case 'G' -> pushSkipped(8);
            case 'S' -> pushText(unquoted(in.line()));
            case 'V' -> pushText(in.line());
            case 'T', 'X' -> pushText(in.text(in.u32()));
            case 'U', 0x8c -> pushText(in.text(in.u8()));
            case 0x8d -> pushText(in.text(in.i64()));
            case 'B' -> pushSkipped(in.u32());
            case 'C' -> pushSkipped(in.u8());
            case 0x8e, 0x96 -> pushSkipped(in.i64());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case ']', 0x8f -> stack.push(PickleValue.OTHER);
            case '}' -> stack.push(new Dict(new LinkedHashMap<>()));
            case ')' -> stack.push(new Tuple(List.of()));
            case '(' -> stack.mark();
            case 'l', 0x91 -> {
                stack.popMarked();
                stack.push(PickleValue.OTHER);
            }
            case 't' -> stack.push(new Tuple(stack.popMarked()));
            case 0x85, 0x86, 0x87 -> stack.push(new Tuple(stack.pop(opcode - 0x84)));
            case 'd' -> {
                List<PickleValue> items = stack.popMarked();
                stack.push(new Dict(new LinkedHashMap<>()));
                setItems(items);
            }
            case 'e', 0x90 -> stack.popMarked();
            case 'a' -> stack.pop();
            case 's' -> setItems(stack.pop(2));
            case 'u' -> setItems(stack.popMarked());
            case '0' -> stack.pop();
            case '1' -> stack.popMarked();
            case '2' -> stack.push(stack.top());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memo(int opcode) throws IOException {
        switch (opcode) {
            case 0x80 -> in.skip(1);
            case 0x95 -> in.skip(8);
            case 'p' -> stack.put(key(in.line()));
            case 'q' -> stack.put(in.u8());
            case 'r' -> stack.put(in.u32());
            case 0x94 -> stack.memoize();
            case 'g' -> stack.get(key(in.line()));
            case 'h' -> stack.get(in.u8());
            case 'j' -> stack.get(in.u32());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean code(int opcode) throws IOException {
        switch (opcode) {
            case 'c' -> stack.push(imported(in.line(), in.line()));
            case 0x93 -> {
                List<PickleValue> names = stack.pop(2);
                stack.push(imported(text(names.get(0)), text(names.get(1))));
            }
            case 'i' -> {
                Global type = imported(in.line(), in.line());
                stack.push(new Instance(type, stack.popMarked()));
            }
            case 'o' -> call(stack.popMarked());
            case 'R', 0x81 -> call(stack.pop(2));
            case 0x92 -> call(stack.pop(3));
            case 'b' -> build();
            case 'P' -> {
                in.line();
                stack.push(PickleValue.OTHER);
            }
            case 'Q' -> {
                stack.pop();
                stack.push(PickleValue.OTHER);
            }
            case 0x82 -> extension(in.u8());
            case 0x83 -> extension(in.u16());
            case 0x84 -> extension(in.i32());
            case 0x97 -> stack.push(PickleValue.OTHER);
            case 0x98 -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    /// A name by a number that only the running program knows (`copyreg`).
    private void extension(int code) {
        stack.push(imported(null, "extension " + code));
    }

    private Global imported(@Nullable String module, @Nullable String name) {
        Global global =
                new Global(module == null ? UNKNOWN : module, name == null ? UNKNOWN : name);
        if (imports.size() >= MOST_IMPORTS) {
            throw new IllegalStateException("more than " + MOST_IMPORTS + " imported names");
        }
        imports.computeIfAbsent(
                global.module() + " " + global.name(),
                _ -> PickleImports.judge(global.module(), global.name()));
        return global;
    }

    /// @param parts what is called, and with what
    private void call(List<PickleValue> parts) {
        if (!parts.isEmpty() && parts.getFirst() instanceof Global type) {
            List<PickleValue> arguments =
                    parts.size() > 1 && parts.get(1) instanceof Tuple tuple
                            ? tuple.items()
                            : List.of();
            stack.push(new Instance(type, arguments));
        } else {
            stack.push(PickleValue.OTHER);
        }
    }

    private void build() throws IOException {
        PickleValue state = stack.pop();
        if (stack.top() instanceof Instance object && state instanceof Dict dict) {
            object.fields().putAll(dict.items());
            if (JoblibArray.is(object)) {
                array(JoblibArray.of(object));
            }
        }
    }

    private void array(JoblibArray array) throws IOException {
        if (array.pickled()) {
            PickleStack outer = stack;
            stack = new PickleStack();
            for (int opcode = in.u8(); opcode != '.'; opcode = in.u8()) {
                step(opcode);
            }
            stack = outer;
        } else {
            if (array.aligned()) {
                in.skip(in.u8());
            }
            in.skip(array.bytes());
        }
    }

    private void setItems(List<PickleValue> items) {
        if (stack.top() instanceof Dict dict) {
            Map<String, PickleValue> map = dict.items();
            for (int i = 0; i + 1 < items.size() && map.size() < 64; i += 2) {
                if (items.get(i) instanceof Text key) {
                    map.put(key.text(), items.get(i + 1));
                }
            }
        }
    }

    private void pushNumber(@Nullable Long number) {
        stack.push(number == null ? PickleValue.OTHER : new Whole(number));
    }

    private void pushText(@Nullable String text) {
        stack.push(text == null ? PickleValue.OTHER : new Text(text));
    }

    private void pushSkipped(long length) throws IOException {
        in.skip(length);
        stack.push(PickleValue.OTHER);
    }

    private static @Nullable String text(PickleValue value) {
        return value instanceof Text text ? text.text() : null;
    }

    private static @Nullable String unquoted(@Nullable String line) {
        return line != null && line.length() >= 2 && "'\"".indexOf(line.charAt(0)) >= 0
                ? line.substring(1, line.length() - 1)
                : line;
    }

    private static long key(@Nullable String line) throws IOException {
        if (line == null || !line.matches("-?\\d{1,18}")) {
            throw new IOException("a memo without a number");
        }
        return Long.parseLong(line);
    }
}
