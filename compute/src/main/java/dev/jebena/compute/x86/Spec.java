package dev.jebena.compute.x86;

/// The parts of an instruction's encoding, or-ed to one number together with its opcode; read them
/// beside the manual's line, for example `EVEX.512.66.0F38.W0 50 /r`, tuple Full.
///
/// Which of VEX and EVEX is taken: EVEX if an operand needs it (512 bits, registers from 16 on, a
/// mask, a broadcast) or the instruction exists there only, else the shorter VEX.
final class Spec {
    /// Prefixes.
    static final int NP = 0;

    static final int P66 = 1 << 8;
    static final int PF3 = 2 << 8;
    static final int PF2 = 3 << 8;

    /// Opcode maps.
    static final int M0F = 1 << 10;

    static final int M0F38 = 2 << 10;
    static final int M0F3A = 3 << 10;

    /// The W bit of both encodings; of EVEX alone (VEX ignores it and 0 is usual).
    static final int W1 = 1 << 13;

    static final int EVEX_W1 = 1 << 14;

    static final int ONLY_EVEX = 1 << 15;
    static final int ONLY_VEX = 1 << 16;

    /// EVEX where the code may use it: the VEX form belongs to an extension that a CPU with AVX-512
    /// need not have (AVX-VNNI).
    static final int RATHER_EVEX = 1 << 17;

    /// Operands of different widths on purpose.
    static final int MIXED = 1 << 18;

    /// The L bit that instructions of two mask registers have set.
    static final int VECTOR256 = 1 << 19;

    /// How much memory is accessed, which is the unit of EVEX's short displacements: a full vector
    /// with broadcast of 4 or 8 bytes, a full vector, a part of one, or a fixed count of bytes.
    static final int FULL32 = 1 << 20;

    static final int FULL64 = 2 << 20;
    static final int FULLMEM = 3 << 20;
    static final int HALFMEM = 4 << 20;
    static final int QUARTERMEM = 5 << 20;
    static final int EIGHTHMEM = 6 << 20;
    static final int MEM1 = 7 << 20;
    static final int MEM2 = 8 << 20;
    static final int MEM4 = 9 << 20;
    static final int MEM8 = 10 << 20;
    static final int MEM16 = 11 << 20;
    static final int MEM32 = 12 << 20;
    static final int HALF32 = 13 << 20;

    private Spec() {}

    static int tuple(int spec) {
        return spec & (15 << 20);
    }

    /// Bytes that a memory operand has.
    static int memoryBytes(int spec, int vectorBits, boolean broadcast) {
        int bytes = vectorBits / 8;
        return switch (tuple(spec)) {
            case FULL32 -> broadcast ? 4 : bytes;
            case HALF32 -> broadcast ? 4 : bytes / 2;
            case FULL64 -> broadcast ? 8 : bytes;
            case HALFMEM -> bytes / 2;
            case QUARTERMEM -> bytes / 4;
            case EIGHTHMEM -> bytes / 8;
            case MEM1 -> 1;
            case MEM2 -> 2;
            case MEM4 -> 4;
            case MEM8 -> 8;
            case MEM16 -> 16;
            case MEM32 -> 32;
            default -> bytes;
        };
    }

    static boolean broadcasts(int spec) {
        int tuple = tuple(spec);
        return tuple == FULL32 || tuple == FULL64 || tuple == HALF32;
    }

    /// Whether all vector operands have the same width.
    static boolean sameWidth(int spec) {
        int tuple = tuple(spec);
        return (spec & MIXED) == 0 && (tuple == FULL32 || tuple == FULL64 || tuple == FULLMEM);
    }
}
