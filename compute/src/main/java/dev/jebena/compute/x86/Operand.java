package dev.jebena.compute.x86;

/// What an instruction works on: a register or memory. `toString` gives the assembler's text.
public sealed interface Operand permits Register, VectorOperand {
    /// The mask register (1 to 7) that a destination is written under; 0 writes all of it.
    default int writeMask() {
        return 0;
    }

    /// Whether elements that the mask leaves out become 0 instead of keeping their value.
    default boolean zeroes() {
        return false;
    }
}
