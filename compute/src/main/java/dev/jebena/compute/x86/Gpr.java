package dev.jebena.compute.x86;

/// A general-purpose register with the width it is used with: 64 bits unless [#dword] is asked for.
/// (The machine clears the upper half when it writes 32 bits.)
public record Gpr(int number, int bits) implements Register {
    public static final Gpr RAX = new Gpr(0, 64);
    public static final Gpr RCX = new Gpr(1, 64);
    public static final Gpr RDX = new Gpr(2, 64);
    public static final Gpr RBX = new Gpr(3, 64);
    public static final Gpr RSP = new Gpr(4, 64);
    public static final Gpr RBP = new Gpr(5, 64);
    public static final Gpr RSI = new Gpr(6, 64);
    public static final Gpr RDI = new Gpr(7, 64);
    public static final Gpr R8 = new Gpr(8, 64);
    public static final Gpr R9 = new Gpr(9, 64);
    public static final Gpr R10 = new Gpr(10, 64);
    public static final Gpr R11 = new Gpr(11, 64);
    public static final Gpr R12 = new Gpr(12, 64);
    public static final Gpr R13 = new Gpr(13, 64);
    public static final Gpr R14 = new Gpr(14, 64);
    public static final Gpr R15 = new Gpr(15, 64);

    private static final String[] OLD = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};

    /// The lower 32 bits.
    public Gpr dword() {
        return new Gpr(number, 32);
    }

    /// All 64 bits.
    public Gpr qword() {
        return new Gpr(number, 64);
    }

    boolean wide() {
        return bits == 64;
    }

    @Override
    public String toString() {
        if (number >= 8) {
            return "r" + number + (wide() ? "" : "d");
        }
        return (wide() ? "r" : "e") + OLD[number];
    }
}
