package dev.jebena.compute.x86;

/// What the groups of instructions are built on: each method of a group is one row of the manual's
/// table and passes its name and encoding ([Spec]) to one of these forms.
sealed interface Instructions
        permits MoveInstructions,
                IntegerInstructions,
                BitInstructions,
                ShuffleInstructions,
                ConversionInstructions,
                FloatInstructions,
                MaskInstructions {
    /// Destination and last source; the destination is in ModRM.reg.
    void emit(String name, int spec, Register destination, Operand source);

    /// Destination, first source in the prefix's vvvv, second source.
    void emit(String name, int spec, Register destination, Register first, Operand second);

    void emit(
            String name,
            int spec,
            Register destination,
            Register first,
            Operand second,
            int immediate);

    void emit(String name, int spec, Register destination, Operand source, int immediate);

    /// A store or an extraction: the destination is register or memory, the source in ModRM.reg.
    void emitStore(String name, int spec, Operand destination, Register source);

    void emitStore(String name, int spec, Operand destination, Register source, int immediate);

    /// A shift by a constant: the destination is in vvvv, ModRM.reg extends the opcode.
    void emitShift(
            String name,
            int spec,
            int extension,
            Register destination,
            Operand source,
            int immediate);

    /// AVX2's gather: `mask` is in vvvv and becomes 0.
    void emitGather(
            String name, int spec, VectorRegister destination, VectorRegister mask, Memory source);

    /// AVX2's choice by the sign bits of a fourth register, which is encoded as an immediate.
    void emitBlend(
            String name,
            int spec,
            VectorRegister destination,
            VectorRegister first,
            VectorOperand second,
            VectorRegister mask);
}
