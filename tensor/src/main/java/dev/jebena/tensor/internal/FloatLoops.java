package dev.jebena.tensor.internal;

import dev.jebena.compute.LoopCode;
import dev.jebena.compute.LoopCode.Input;
import dev.jebena.compute.LoopCode.Operation;
import dev.jebena.compute.NumberLoop;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.BinaryKind;
import dev.jebena.tensor.Op.CompareKind;
import dev.jebena.tensor.Op.UnaryKind;
import dev.jebena.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// Comparisons, choices, limits and tests of float32 numbers, and logic of booleans, by generated
/// loops. Each method tells whether it did the work.
final class FloatLoops {
    private static final Map<Key, NumberLoop> LOOPS = new ConcurrentHashMap<>();

    private FloatLoops() {}

    private record Key(Object what, List<Input> kinds) {}

    /// Runs the loop whose result `body` adds to the code; `what` names it.
    private static boolean run(
            Object what, ToIntFunction<LoopCode.Builder> body, View y, View... in) {
        Input[] kinds = Stream.of(in).map(LoopRun::kind).toArray(Input[]::new);
        if (y.size() == 0) {
            return true;
        }
        NumberLoop loop =
                LOOPS.computeIfAbsent(
                        new Key(what, List.of(kinds)),
                        key -> {
                            LoopCode.Builder code =
                                    new LoopCode.Builder(LoopCode.Type.FLOAT, key.kinds);
                            code.output(body.applyAsInt(code));
                            return code.build().compile();
                        });
        LoopRun.run(loop, kinds, in, new View[] {y});
        return true;
    }

    static boolean compare(CompareKind kind, View a, View b, View y) {
        Operation operation = Operation.valueOf(kind.name());
        return a.dtype() == DType.FLOAT32 && run(kind, code -> code.step(operation, 0, 1), y, a, b);
    }

    static boolean where(View condition, View a, View b, View y) {
        return a.dtype() == DType.FLOAT32
                && run(
                        Operation.CHOOSE,
                        code -> code.step(Operation.CHOOSE, 0, 1, 2),
                        y,
                        condition,
                        a,
                        b);
    }

    static boolean clamp(double low, double high, View x, View y) {
        return x.dtype() == DType.FLOAT32
                && run(
                        Operation.MIN,
                        code -> code.step(Operation.MIN, code.step(Operation.MAX, 0, 1), 2),
                        y,
                        x,
                        number(low),
                        number(high));
    }

    private static View number(double value) {
        View view = View.allocate(DType.FLOAT32, Shape.scalar());
        Elements.set(DType.FLOAT32, view.memory(), 0, value);
        return view;
    }

    static boolean test(UnaryKind kind, View x, View y) {
        if (kind == UnaryKind.NOT) {
            return x.dtype() == DType.BOOL && run(kind, code -> code.step(Operation.NOT, 0), y, x);
        }
        return x.dtype() == DType.FLOAT32
                && switch (kind) {
                    case IS_NAN -> run(kind, code -> code.step(Operation.NE, 0, 0), y, x);
                    case IS_INF -> run(kind, code -> magnitude(code, Operation.EQ), y, x);
                    case IS_FINITE -> run(kind, code -> magnitude(code, Operation.LT), y, x);
                    default -> false;
                };
    }

    private static int magnitude(LoopCode.Builder code, Operation comparison) {
        int infinity = code.constant(Double.POSITIVE_INFINITY);
        return code.step(comparison, code.step(Operation.ABS, 0), infinity);
    }

    static boolean logic(BinaryKind kind, View a, View b, View y) {
        return a.dtype() == DType.BOOL
                && switch (kind) {
                    case AND, OR, XOR -> {
                        Operation operation = Operation.valueOf(kind.name());
                        yield run(kind, code -> code.step(operation, 0, 1), y, a, b);
                    }
                    default -> false;
                };
    }

    /// Between float32 and booleans.
    static boolean cast(View x, View y) {
        if (x.dtype() == DType.BOOL && y.dtype() == DType.FLOAT32) {
            return run(
                    DType.FLOAT32,
                    code -> code.step(Operation.CHOOSE, 0, code.constant(1), code.constant(0)),
                    y,
                    x);
        }
        return x.dtype() == DType.FLOAT32
                && y.dtype() == DType.BOOL
                && run(DType.BOOL, code -> code.step(Operation.NE, 0, code.constant(0)), y, x);
    }
}
