package dev.jebena.compute.x86;

import java.lang.foreign.MemorySegment;

/// An installed function of up to seven 64-bit arguments.
public final class Routine {
    /// Steps of a brief call.
    private static final long BRIEF = 1024;

    private final MemorySegment entry;

    private Routine(MemorySegment entry) {
        this.entry = entry;
    }

    /// Installs code; call only where [CodeMemory#shared] is present.
    public static Routine install(Assembler code) {
        return CodeMemory.shared().orElseThrow().routine(code);
    }

    /// The function of the C library with this name; of a 32-bit result the lower half counts.
    ///
    /// @throws UnsupportedOperationException if there is none
    public static Routine of(String name) {
        return new Routine(NativeCall.find(name));
    }

    static Routine at(long address) {
        return new Routine(MemorySegment.ofAddress(address));
    }

    public long call(long a, long b, long c) {
        return call(a, b, c, 0, 0, 0);
    }

    /// Calls the function and returns what it left in rax.
    public long call(long a, long b, long c, long d, long e, long f) {
        return NativeCall.call(entry, a, b, c, d, e, f, 0);
    }

    public long call(long a, long b, long c, long d, long e, long f, long g) {
        return NativeCall.call(entry, a, b, c, d, e, f, g);
    }

    /// Calls the function, and lets the garbage collector wait if that is no more than some
    /// microseconds: see [NativeCall].
    ///
    /// @param steps of some nanoseconds each
    public void brief(long steps, long a, long b, long c, long d, long e, long f, long g) {
        if (steps <= BRIEF) {
            NativeCall.callBriefly(entry, a, b, c, d, e, f, g);
        } else {
            call(a, b, c, d, e, f, g);
        }
    }
}
