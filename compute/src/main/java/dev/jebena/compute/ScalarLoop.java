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
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Writes `numbers(at, from, to, unary, binary)`: a loop that does one element after the other.
final class ScalarLoop {
    private static final ClassDesc NUMBERS = ClassDesc.of(LoopNumbers.class.getName());
    private static final ClassDesc NATIVE = ClassDesc.of(Native.class.getName());
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");

    private final LoopCode code;
    private final CodeBuilder body;
    private final boolean wide;
    private final ClassDesc number;
    private final int[] slots;
    private final int[] places;
    private final int index;

    ScalarLoop(LoopCode code, CodeBuilder body) {
        this.code = code;
        this.body = body;
        wide = code.type() == LoopCode.Type.DOUBLE;
        number = wide ? ConstantDescs.CD_double : ConstantDescs.CD_float;
        slots = new int[code.inputs().size() + code.steps().size()];
        places = new int[code.inputs().size() + code.outputs().size()];
        index = body.allocateLocal(TypeKind.INT);
    }

    void write() {
        for (int i = 0; i < places.length; i++) {
            places[i] = body.allocateLocal(TypeKind.LONG);
            body.aload(0).loadConstant(i).laload().lstore(places[i]);
        }
        for (int i = 0; i < slots.length; i++) {
            slots[i] = body.allocateLocal(kind(i));
        }
        for (int i = 0; i < code.inputs().size(); i++) {
            if (code.inputs().get(i) == Input.NUMBER) {
                body.lload(places[i]);
                get();
                body.storeLocal(kind(i), slots[i]);
            }
        }
        body.iload(1).istore(index);
        Label head = body.newLabel();
        Label end = body.newLabel();
        body.labelBinding(head).iload(index).iload(2).if_icmpge(end);
        element();
        body.iinc(index, 1).goto_(head).labelBinding(end).return_();
    }

    private TypeKind kind(int value) {
        return switch (code.kind(value)) {
            case NUMBER -> wide ? TypeKind.DOUBLE : TypeKind.FLOAT;
            case BITS, MASK -> TypeKind.INT;
        };
    }

    private ClassDesc type(Kind kind) {
        return switch (kind) {
            case NUMBER -> number;
            case BITS -> ConstantDescs.CD_int;
            case MASK -> ConstantDescs.CD_boolean;
        };
    }

    private void place(int operand, int bytes) {
        body.lload(places[operand]).iload(index).i2l().loadConstant((long) bytes).lmul().ladd();
    }

    private void get() {
        MethodTypeDesc signature = MethodTypeDesc.of(number, ConstantDescs.CD_long);
        body.invokestatic(wide ? NUMBERS : NATIVE, wide ? "getDouble" : "getFloat", signature);
    }

    private void element() {
        int count = code.inputs().size();
        for (int i = 0; i < count; i++) {
            switch (code.inputs().get(i)) {
                case NUMBERS -> {
                    place(i, wide ? 8 : 4);
                    get();
                    body.storeLocal(kind(i), slots[i]);
                }
                case BOOLEANS -> {
                    place(i, 1);
                    body.invokestatic(
                            NUMBERS,
                            "getBoolean",
                            MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_long));
                    body.storeLocal(TypeKind.INT, slots[i]);
                }
                case NUMBER -> {}
            }
        }
        for (int i = 0; i < code.steps().size(); i++) {
            step(code.steps().get(i));
            body.storeLocal(kind(count + i), slots[count + i]);
        }
        for (int i = 0; i < code.outputs().size(); i++) {
            store(count + i, code.outputs().get(i));
        }
    }

    private void store(int place, int value) {
        boolean mask = code.kind(value) == Kind.MASK;
        place(place, mask ? 1 : wide ? 8 : 4);
        body.loadLocal(kind(value), slots[value]);
        ClassDesc type = mask ? ConstantDescs.CD_boolean : number;
        body.invokestatic(
                mask || wide ? NUMBERS : NATIVE,
                mask ? "putBoolean" : wide ? "putDouble" : "putFloat",
                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long, type));
    }

    private void operands(Step step) {
        for (int operand : step.operands()) {
            body.loadLocal(kind(operand), slots[operand]);
        }
    }

    private void step(Step step) {
        switch (step.operation()) {
            case CALL, CALL_TWO -> {
                call(step);
                return;
            }
            default -> operands(step);
        }
        switch (step.operation()) {
            case CONSTANT -> constant(step.number());
            case BITS_CONSTANT -> body.loadConstant((int) step.number());
            case ADD -> pick(body::fadd, body::dadd);
            case SUB -> pick(body::fsub, body::dsub);
            case MUL -> pick(body::fmul, body::dmul);
            case DIV -> pick(body::fdiv, body::ddiv);
            case NEG -> pick(body::fneg, body::dneg);
            case MAX, MIN, FMA, ABS -> invoke(MATH, step, number);
            case SQRT, EQ, NE, LT, LE, GT, GE, CHOOSE ->
                    invoke(NUMBERS, step, type(step.operation().result()));
            case AND -> body.iand();
            case OR -> body.ior();
            case XOR -> body.ixor();
            case NOT -> body.iconst_1().ixor();
            case BITS ->
                    body.invokestatic(
                            FLOAT,
                            "floatToRawIntBits",
                            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_float));
            case NUMBER ->
                    body.invokestatic(
                            FLOAT,
                            "intBitsToFloat",
                            MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_int));
            case BITS_ADD -> body.iadd();
            case BITS_SUB -> body.isub();
            case BITS_AND -> body.iand();
            case BITS_OR -> body.ior();
            case SHIFT_LEFT -> body.loadConstant((int) step.number()).ishl();
            case SHIFT_RIGHT -> body.loadConstant((int) step.number()).ishr();
            case SHIFT_UNSIGNED -> body.loadConstant((int) step.number()).iushr();
            case INTEGER -> body.i2f();
            case CALL, CALL_TWO -> throw new IllegalStateException();
        }
    }

    private void pick(Runnable narrow, Runnable broad) {
        (wide ? broad : narrow).run();
    }

    private void constant(double value) {
        if (wide) {
            body.loadConstant(value);
        } else {
            body.loadConstant((float) value);
        }
    }

    private void invoke(ClassDesc owner, Step step, ClassDesc result) {
        List<ClassDesc> types = step.operation().operands().stream().map(this::type).toList();
        String name = step.operation().name().toLowerCase(Locale.ROOT);
        body.invokestatic(owner, name, MethodTypeDesc.of(result, types));
    }

    private void call(Step step) {
        boolean two = step.operation() == LoopCode.Operation.CALL_TWO;
        body.aload(two ? 4 : 3).loadConstant((int) step.number()).aaload();
        for (int operand : step.operands()) {
            body.loadLocal(kind(operand), slots[operand]);
            if (!wide) {
                body.f2d();
            }
        }
        body.invokeinterface(
                two ? LoopCompiler.BINARY : LoopCompiler.UNARY,
                "applyAsDouble",
                MethodTypeDesc.of(
                        ConstantDescs.CD_double,
                        Collections.nCopies(two ? 2 : 1, ConstantDescs.CD_double)));
        if (!wide) {
            body.d2f();
        }
    }
}
