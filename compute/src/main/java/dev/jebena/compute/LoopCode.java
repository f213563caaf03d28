package dev.jebena.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// What a loop does with one element of each input: a list of steps, each of which gives a value.
/// [#compile()] makes it a class. Vectors and single numbers give the same bits, since both do the
/// same IEEE operations.
///
/// @param type of the numbers
/// @param inputs values 0, 1, ... of the steps
/// @param steps each gives the next value
/// @param outputs values that are stored: masks as bytes 0 and 1, numbers as they are
/// @param unary functions that steps call
/// @param binary functions that steps call
public record LoopCode(
        Type type,
        List<Input> inputs,
        List<Step> steps,
        List<Integer> outputs,
        List<DoubleUnaryOperator> unary,
        List<DoubleBinaryOperator> binary) {
    public LoopCode {
        inputs = List.copyOf(inputs);
        steps = List.copyOf(steps);
        outputs = List.copyOf(outputs);
        unary = List.copyOf(unary);
        binary = List.copyOf(binary);
    }

    /// Type of the numbers.
    public enum Type {
        FLOAT,
        DOUBLE
    }

    /// How an input lies in memory.
    public enum Input {
        /// One number an element.
        NUMBERS,
        /// One number for all elements.
        NUMBER,
        /// One byte an element, 0 or 1.
        BOOLEANS
    }

    /// What a value is.
    enum Kind {
        NUMBER,
        /// The bits of a float32.
        BITS,
        MASK
    }

    /// A step's operation.
    public enum Operation {
        CONSTANT(Kind.NUMBER),
        ADD(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER),
        SUB(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER),
        MUL(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER),
        DIV(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER),
        /// NaN if one is.
        MAX(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER),
        MIN(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER),
        /// `a * b + c`, rounded once.
        FMA(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER, Kind.NUMBER),
        NEG(Kind.NUMBER, Kind.NUMBER),
        ABS(Kind.NUMBER, Kind.NUMBER),
        SQRT(Kind.NUMBER, Kind.NUMBER),
        EQ(Kind.MASK, Kind.NUMBER, Kind.NUMBER),
        NE(Kind.MASK, Kind.NUMBER, Kind.NUMBER),
        LT(Kind.MASK, Kind.NUMBER, Kind.NUMBER),
        LE(Kind.MASK, Kind.NUMBER, Kind.NUMBER),
        GT(Kind.MASK, Kind.NUMBER, Kind.NUMBER),
        GE(Kind.MASK, Kind.NUMBER, Kind.NUMBER),
        AND(Kind.MASK, Kind.MASK, Kind.MASK),
        OR(Kind.MASK, Kind.MASK, Kind.MASK),
        XOR(Kind.MASK, Kind.MASK, Kind.MASK),
        NOT(Kind.MASK, Kind.MASK),
        /// `a ? b : c`.
        CHOOSE(Kind.NUMBER, Kind.MASK, Kind.NUMBER, Kind.NUMBER),
        /// The bits of a float32 and back; these and the following are of [Type#FLOAT] only.
        BITS(Kind.BITS, Kind.NUMBER),
        NUMBER(Kind.NUMBER, Kind.BITS),
        BITS_CONSTANT(Kind.BITS),
        BITS_ADD(Kind.BITS, Kind.BITS, Kind.BITS),
        BITS_SUB(Kind.BITS, Kind.BITS, Kind.BITS),
        BITS_AND(Kind.BITS, Kind.BITS, Kind.BITS),
        BITS_OR(Kind.BITS, Kind.BITS, Kind.BITS),
        /// By `number` places.
        SHIFT_LEFT(Kind.BITS, Kind.BITS),
        SHIFT_RIGHT(Kind.BITS, Kind.BITS),
        SHIFT_UNSIGNED(Kind.BITS, Kind.BITS),
        /// An integer as a number.
        INTEGER(Kind.NUMBER, Kind.BITS),
        /// Function number `number` of [LoopCode#unary()] in double, rounded once.
        CALL(Kind.NUMBER, Kind.NUMBER),
        /// The same of [LoopCode#binary()].
        CALL_TWO(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER);

        private final Kind result;

        @SuppressWarnings("ImmutableEnumChecker") // List.of
        private final List<Kind> operands;

        Operation(Kind result, Kind... operands) {
            this.result = result;
            this.operands = List.of(operands);
        }

        Kind result() {
            return result;
        }

        List<Kind> operands() {
            return operands;
        }

        boolean isCall() {
            return this == CALL || this == CALL_TWO;
        }
    }

    /// An operation on earlier values; `number` is its constant.
    public record Step(Operation operation, List<Integer> operands, double number) {
        public Step {
            operands = List.copyOf(operands);
        }
    }

    Kind kind(int value) {
        if (value >= inputs.size()) {
            return steps.get(value - inputs.size()).operation().result();
        }
        return inputs.get(value) == Input.BOOLEANS ? Kind.MASK : Kind.NUMBER;
    }

    /// Whether vectors can do it on this machine.
    boolean hasVectors() {
        return steps.stream().noneMatch(step -> step.operation().isCall());
    }

    /// A class that does it.
    public NumberLoop compile() {
        return LoopCompiler.compile(this);
    }

    /// Collects steps.
    public static final class Builder {
        private final Type type;
        private final List<Input> inputs = new ArrayList<>();
        private final List<Step> steps = new ArrayList<>();
        private final List<Integer> outputs = new ArrayList<>();
        private final List<DoubleUnaryOperator> unary = new ArrayList<>();
        private final List<DoubleBinaryOperator> binary = new ArrayList<>();

        public Builder(Type type, List<Input> inputs) {
            this.type = type;
            this.inputs.addAll(inputs);
        }

        /// How many steps there are.
        public int size() {
            return steps.size();
        }

        private int add(Step step) {
            int known = steps.indexOf(step);
            if (known < 0) {
                steps.add(step);
                known = steps.size() - 1;
            }
            return inputs.size() + known;
        }

        public int constant(double number) {
            return add(new Step(Operation.CONSTANT, List.of(), number));
        }

        int bits(int bits) {
            return add(new Step(Operation.BITS_CONSTANT, List.of(), bits));
        }

        public int step(Operation operation, Integer... operands) {
            return add(new Step(operation, List.of(operands), 0));
        }

        int shift(Operation operation, int operand, int places) {
            return add(new Step(operation, List.of(operand), places));
        }

        /// A function of [FloatArrays], with its bits.
        public int function(FloatArrays.Function function, int x) {
            return new LoopFunctions(this).apply(function, x);
        }

        /// Any function, in double.
        public int call(DoubleUnaryOperator function, int x) {
            unary.add(function);
            steps.add(new Step(Operation.CALL, List.of(x), unary.size() - 1.0));
            return inputs.size() + steps.size() - 1;
        }

        public int call(DoubleBinaryOperator function, int a, int b) {
            binary.add(function);
            steps.add(new Step(Operation.CALL_TWO, List.of(a, b), binary.size() - 1.0));
            return inputs.size() + steps.size() - 1;
        }

        public void output(int value) {
            outputs.add(value);
        }

        public LoopCode build() {
            return new LoopCode(type, inputs, steps, outputs, unary, binary);
        }
    }
}
