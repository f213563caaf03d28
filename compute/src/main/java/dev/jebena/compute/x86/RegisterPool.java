package dev.jebena.compute.x86;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Hands out registers: lowest number first, given back at the end of the scope they were taken in.
abstract class RegisterPool extends GeneralInstructions {
    private static final List<Gpr> ARGUMENTS =
            List.of(Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.RCX, Gpr.R8, Gpr.R9);
    private static final List<Gpr> OTHERS = List.of(Gpr.RAX, Gpr.R10, Gpr.R11);
    private static final List<Gpr> PRESERVED =
            List.of(Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);

    private final boolean[] vectors;
    private final boolean[] masks = new boolean[8];
    private final boolean[] generals = new boolean[16];
    private final List<Gpr> saved = new ArrayList<>();
    private final Deque<List<Runnable>> scopes = new ArrayDeque<>();

    RegisterPool(Encoder code) {
        super(code);
        vectors = new boolean[code.evexAllowed() ? 32 : 16];
        masks[0] = true;
        scopes.push(new ArrayList<>());
        for (Gpr register : PRESERVED) {
            generals[register.number()] = true;
        }
        generals[Gpr.RSP.number()] = true;
    }

    /// Whether this code may use AVX-512.
    public boolean hasAvx512() {
        return code.evexAllowed();
    }

    /// Width of the vectors in bytes: 64 or 32.
    public int vectorBytes() {
        return hasAvx512() ? 64 : 32;
    }

    /// The registers of the first arguments, six at most; reserved until the end of the function.
    public Gpr[] arguments(int count) {
        Gpr[] registers = new Gpr[count];
        for (int i = 0; i < count; i++) {
            registers[i] = ARGUMENTS.get(i);
            generals[registers[i].number()] = true;
        }
        return registers;
    }

    /// Saves `count` (at most 6) more general registers on the stack for use by [#general];
    /// [Assembler#leave] restores them. To be called first.
    public void save(int count) {
        for (Gpr register : PRESERVED.subList(0, count)) {
            push(register);
            saved.add(register);
            generals[register.number()] = false;
        }
    }

    List<Gpr> saved() {
        return saved;
    }

    /// A free vector register of full width.
    public VectorRegister vector() {
        int number = take(vectors, "vector");
        return hasAvx512() ? VectorRegister.zmm(number) : VectorRegister.ymm(number);
    }

    /// `count` free vector registers.
    public VectorRegister[] vectors(int count) {
        VectorRegister[] taken = new VectorRegister[count];
        for (int i = 0; i < count; i++) {
            taken[i] = vector();
        }
        return taken;
    }

    /// A free mask register.
    public MaskRegister mask() {
        return MaskRegister.k(take(masks, "mask"));
    }

    /// A free general register: those the caller may lose, then those saved by [#save].
    public Gpr general() {
        for (List<Gpr> candidates : List.of(OTHERS, ARGUMENTS.reversed(), saved)) {
            for (Gpr register : candidates) {
                if (!generals[register.number()]) {
                    occupy(generals, register.number());
                    return register;
                }
            }
        }
        throw new IllegalStateException("no general register is free; save() gives up to 6 more");
    }

    /// Reserves a vector register that is named by number.
    public VectorRegister reserve(VectorRegister register) {
        if (vectors[register.number()]) {
            throw new IllegalStateException(register + " is taken already");
        }
        occupy(vectors, register.number());
        return register;
    }

    /// Gives registers back before the end of their scope.
    public void free(VectorRegister... registers) {
        for (VectorRegister register : registers) {
            vectors[register.number()] = false;
        }
    }

    /// Registers taken by `body` are free again after it.
    public void inScope(Runnable body) {
        scopes.push(new ArrayList<>());
        body.run();
        scopes.pop().forEach(Runnable::run);
    }

    private int take(boolean[] kind, String name) {
        for (int i = 0; i < kind.length; i++) {
            if (!kind[i]) {
                occupy(kind, i);
                return i;
            }
        }
        throw new IllegalStateException("no " + name + " register is free");
    }

    private void occupy(boolean[] kind, int number) {
        kind[number] = true;
        scopes.element().add(() -> kind[number] = false);
    }
}
