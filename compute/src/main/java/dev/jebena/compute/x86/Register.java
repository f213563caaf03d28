package dev.jebena.compute.x86;

/// A register of the CPU.
public sealed interface Register extends Operand permits Gpr, MaskRegister, VectorRegister {
    int number();

    /// Width in bits, as far as it chooses the encoding.
    int bits();
}
