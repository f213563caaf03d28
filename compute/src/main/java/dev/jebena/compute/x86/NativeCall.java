package dev.jebena.compute.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Calls of functions of the System V convention, whose arguments and results are integers or
/// addresses: one handle for all of them, with seven arguments, of which a function looks at as
/// many as it has.
///
/// Each further kind of handle would cost 10 to 20 ms of a program's start, since the JDK makes
/// classes for it. As a constant the compiler sees through it. Calls are plain ones: the garbage
/// collector does not wait for them.
public final class NativeCall {
    private static final MethodHandle HANDLE = handle();

    /// Apart, so that programs without brief calls do not make it.
    private static final class Brief {
        static final MethodHandle HANDLE = handle(Linker.Option.critical(false));
    }

    private NativeCall() {}

    /// Calls a function and returns what it left in rax; for an `int` the lower half counts.
    public static long call(
            MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) HANDLE.invokeExact(function, a, b, c, d, e, f, g);
        } catch (Throwable t) {
            throw new IllegalStateException("a call of machine code failed", t);
        }
    }

    /// The same for functions that take some microseconds at most: the garbage collector waits for
    /// them.
    static long callBriefly(
            MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) Brief.HANDLE.invokeExact(function, a, b, c, d, e, f, g);
        } catch (Throwable t) {
            throw new IllegalStateException("a call of machine code failed", t);
        }
    }

    /// A function of the C library.
    ///
    /// @throws UnsupportedOperationException if there is none of this name
    public static MemorySegment find(String name) {
        return Linker.nativeLinker()
                .defaultLookup()
                .find(name)
                .orElseThrow(
                        () -> new UnsupportedOperationException("the C library has no " + name));
    }

    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private static MethodHandle handle(Linker.Option... options) {
        return Linker.nativeLinker()
                .downcallHandle(
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                                JAVA_LONG, JAVA_LONG),
                        options);
    }
}
