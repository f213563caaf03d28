package dev.jebena.compute;

import dev.jebena.compute.LoopCode.Input;
import dev.jebena.compute.LoopCode.Kind;
import dev.jebena.compute.LoopCode.Step;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/// Writes `vectors(at, n)`: a loop over registers of the Vector API; `n` is a multiple of
/// [Kernels#LANES], so of what any register holds. Constants are made before the loop; every value
/// is a local variable, which the JIT keeps in a register.
final class VectorLoop {
    private static final String PACKAGE = "jdk.incubator.vector.";
    private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
    private static final ClassDesc FLOATS = ClassDesc.of(PACKAGE + "FloatVector");
    private static final ClassDesc DOUBLES = ClassDesc.of(PACKAGE + "DoubleVector");
    private static final ClassDesc INTS = ClassDesc.of(PACKAGE + "IntVector");
    private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
    private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
    private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
    private static final ClassDesc OPERATOR = OPERATORS.nested("Binary");
    private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());
    private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
    private static final ClassDesc SEGMENT = ClassDesc.of(MemorySegment.class.getName());
    private static final ClassDesc ORDER = ClassDesc.of(ByteOrder.class.getName());
    private static final ClassDesc HELPERS = ClassDesc.of(LoopLanes.class.getName());

    private final LoopCode code;
    private final CodeBuilder body;

    /// Float64, of which half as many fit into a register.
    private final boolean wide;

    /// The class of vectors of numbers, and the type of one of them.
    private final ClassDesc numbers;

    private final ClassDesc number;
    private final int[] slots;
    private final int[] places;
    private final int index;

    VectorLoop(LoopCode code, CodeBuilder body) {
        this.code = code;
        this.body = body;
        wide = code.type() == LoopCode.Type.DOUBLE;
        numbers = wide ? DOUBLES : FLOATS;
        number = wide ? ConstantDescs.CD_double : ConstantDescs.CD_float;
        slots = new int[code.inputs().size() + code.steps().size()];
        places = new int[code.inputs().size() + code.outputs().size()];
        index = body.allocateLocal(TypeKind.INT);
    }

    /// Whether registers are wide enough for the booleans in memory.
    static boolean fits(LoopCode code) {
        boolean booleans =
                code.inputs().contains(Input.BOOLEANS)
                        || code.outputs().stream().anyMatch(v -> code.kind(v) == Kind.MASK);
        return !booleans || (Lanes.COUNT > 4 && code.type() == LoopCode.Type.FLOAT);
    }

    void write() {
        for (int i = 0; i < places.length; i++) {
            places[i] = body.allocateLocal(TypeKind.LONG);
            body.aload(0).loadConstant(i).laload().lstore(places[i]);
        }
        for (int i = 0; i < slots.length; i++) {
            slots[i] = body.allocateLocal(TypeKind.REFERENCE);
        }
        before();
        body.iconst_0().istore(index);
        Label head = body.newLabel();
        Label end = body.newLabel();
        body.labelBinding(head).iload(index).iload(1).if_icmpge(end);
        element();
        body.iload(index).loadConstant(wide ? Lanes.COUNT / 2 : Lanes.COUNT).iadd().istore(index);
        body.goto_(head).labelBinding(end).return_();
    }

    /// What is the same for all elements.
    private void before() {
        int count = code.inputs().size();
        for (int i = 0; i < count; i++) {
            if (code.inputs().get(i) == Input.NUMBER) {
                species();
                body.lload(places[i])
                        .invokestatic(
                                ClassDesc.of((wide ? LoopNumbers.class : Native.class).getName()),
                                wide ? "getDouble" : "getFloat",
                                MethodTypeDesc.of(number, ConstantDescs.CD_long));
                broadcast();
                body.astore(slots[i]);
            }
        }
        for (int i = 0; i < code.steps().size(); i++) {
            Step step = code.steps().get(i);
            switch (step.operation()) {
                case CONSTANT -> {
                    species();
                    if (wide) {
                        body.loadConstant(step.number());
                    } else {
                        body.loadConstant((float) step.number());
                    }
                    broadcast();
                    body.astore(slots[count + i]);
                }
                case BITS_CONSTANT -> {
                    body.getstatic(LANES, "I", SPECIES).loadConstant((int) step.number());
                    body.invokestatic(
                                    INTS,
                                    "broadcast",
                                    MethodTypeDesc.of(INTS, SPECIES, ConstantDescs.CD_int))
                            .astore(slots[count + i]);
                }
                default -> {}
            }
        }
    }

    /// A vector of one number: before the species, then the number, then this.
    private void broadcast() {
        body.invokestatic(numbers, "broadcast", MethodTypeDesc.of(numbers, SPECIES, number));
    }

    private void place(int operand, int bytes) {
        body.lload(places[operand]).iload(index).i2l().loadConstant((long) bytes).lmul().ladd();
    }

    private void element() {
        int count = code.inputs().size();
        for (int i = 0; i < count; i++) {
            boolean booleans = code.inputs().get(i) == Input.BOOLEANS;
            if (code.inputs().get(i) != Input.NUMBER) {
                if (booleans) {
                    place(i, 1);
                    MethodTypeDesc load = MethodTypeDesc.of(MASK, ConstantDescs.CD_long);
                    body.invokestatic(HELPERS, "booleans", load);
                } else {
                    load(i);
                }
                body.astore(slots[i]);
            }
        }
        for (int i = 0; i < code.steps().size(); i++) {
            Step step = code.steps().get(i);
            switch (step.operation()) {
                case CONSTANT, BITS_CONSTANT -> {}
                default -> {
                    step(step);
                    body.astore(slots[count + i]);
                }
            }
        }
        for (int i = 0; i < code.outputs().size(); i++) {
            int value = code.outputs().get(i);
            boolean mask = code.kind(value) == Kind.MASK;
            body.aload(slots[value]);
            if (mask) {
                place(count + i, 1);
                MethodTypeDesc store =
                        MethodTypeDesc.of(ConstantDescs.CD_void, MASK, ConstantDescs.CD_long);
                body.invokestatic(HELPERS, "store", store);
            } else {
                store(count + i);
            }
        }
    }

    /// The Vector API's own methods, which the JIT always inlines; a method around them it
    /// sometimes does not, and then puts vectors on the heap.
    private void load(int operand) {
        species();
        body.getstatic(ClassDesc.of(Native.class.getName()), "ALL", SEGMENT);
        place(operand, wide ? 8 : 4);
        body.getstatic(LANES, "LE", ORDER);
        body.invokestatic(
                numbers,
                "fromMemorySegment",
                MethodTypeDesc.of(numbers, SPECIES, SEGMENT, ConstantDescs.CD_long, ORDER));
    }

    private void store(int operand) {
        body.getstatic(ClassDesc.of(Native.class.getName()), "ALL", SEGMENT);
        place(operand, wide ? 8 : 4);
        body.getstatic(LANES, "LE", ORDER);
        virtual(
                numbers,
                "intoMemorySegment",
                ConstantDescs.CD_void,
                SEGMENT,
                ConstantDescs.CD_long,
                ORDER);
    }

    private void species() {
        body.getstatic(wide ? HELPERS : LANES, wide ? "D" : "F", SPECIES);
    }

    private void load(Step step, int operand) {
        body.aload(slots[step.operands().get(operand)]);
    }

    private void virtual(ClassDesc owner, String name, ClassDesc result, ClassDesc... operands) {
        body.invokevirtual(owner, name, MethodTypeDesc.of(result, operands));
    }

    private void step(Step step) {
        String name = step.operation().name().toLowerCase(Locale.ROOT);
        switch (step.operation()) {
            case ADD, SUB, MUL, DIV, MAX, MIN -> {
                load(step, 0);
                load(step, 1);
                virtual(numbers, name, numbers, VECTOR);
            }
            case FMA -> {
                load(step, 0);
                load(step, 1);
                load(step, 2);
                virtual(numbers, name, numbers, VECTOR, VECTOR);
            }
            case NEG, ABS, SQRT -> {
                load(step, 0);
                virtual(numbers, name, numbers);
            }
            case EQ, NE, LT, LE, GT, GE -> {
                load(step, 0);
                body.getstatic(OPERATORS, step.operation().name(), COMPARISON);
                load(step, 1);
                virtual(numbers, "compare", MASK, COMPARISON, VECTOR);
            }
            case AND, OR, XOR -> {
                load(step, 0);
                load(step, 1);
                virtual(MASK, name, MASK, MASK);
            }
            case NOT -> {
                load(step, 0);
                virtual(MASK, name, MASK);
            }
            case CHOOSE -> {
                load(step, 2);
                load(step, 1);
                load(step, 0);
                virtual(numbers, "blend", numbers, VECTOR, MASK);
            }
            default -> bits(step);
        }
    }

    private void bits(Step step) {
        load(step, 0);
        switch (step.operation()) {
            case BITS -> virtual(FLOATS, "reinterpretAsInts", INTS);
            case NUMBER -> virtual(INTS, "reinterpretAsFloats", FLOATS);
            case BITS_ADD, BITS_SUB, BITS_AND, BITS_OR -> {
                load(step, 1);
                String name = step.operation().name().substring("BITS_".length());
                virtual(INTS, name.toLowerCase(Locale.ROOT), INTS, VECTOR);
            }
            case SHIFT_LEFT -> shift("LSHL", step);
            case SHIFT_RIGHT -> shift("ASHR", step);
            case SHIFT_UNSIGNED -> shift("LSHR", step);
            case INTEGER -> body.invokestatic(LANES, "floats", MethodTypeDesc.of(FLOATS, INTS));
            default ->
                    throw new IllegalStateException(
                            step + " has no vectors: " + Arrays.toString(slots));
        }
    }

    private void shift(String operator, Step step) {
        body.getstatic(OPERATORS, operator, OPERATOR).loadConstant((int) step.number());
        virtual(INTS, "lanewise", INTS, OPERATOR, ConstantDescs.CD_int);
    }
}
