package dev.jebena.compute.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// An installed function of up to six 64-bit arguments.
///
/// All functions share one handle that takes the address as an argument: preparing a handle costs
/// milliseconds at the start of a program, and as a constant the compiler sees through it.
public final class Routine {
    private static final MethodHandle CALL = handle();

    private final MemorySegment entry;

    private Routine(MemorySegment entry) {
        this.entry = entry;
    }

    /// Installs code; call only where [CodeMemory#shared] is present.
    public static Routine install(Assembler code) {
        return new Routine(
                MemorySegment.ofAddress(CodeMemory.shared().orElseThrow().install(code)));
    }

    /// Calls the function and returns what it left in rax.
    public long call(long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(entry, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new IllegalStateException("a call of machine code failed", t);
        }
    }

    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private static MethodHandle handle() {
        return Linker.nativeLinker()
                .downcallHandle(
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                                JAVA_LONG));
    }
}
