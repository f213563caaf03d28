package dev.jebena.compute.x86;

/// What the last operand of a vector instruction may be.
public sealed interface VectorOperand extends Operand permits Memory, VectorRegister {}
