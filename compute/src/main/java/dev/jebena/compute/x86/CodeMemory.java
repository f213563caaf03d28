package dev.jebena.compute.x86;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/// Memory for machine code: pages that are first written and then only read and executed, never
/// both at once. Code stays until the JVM ends.
///
/// Only for Linux and macOS on x86-64 (System V calling convention), and only where the system lets
/// a process make pages executable; that is tried once.
public final class CodeMemory {
    private final Pages pages;

    private CodeMemory(Pages pages) {
        this.pages = pages;
    }

    /// The process's code memory; empty, with one line in the log, where there can be none.
    public static Optional<CodeMemory> shared() {
        return Shared.VALUE;
    }

    /// Installs a function and returns a handle that calls it. Calls are plain ones: the garbage
    /// collector does not wait for them.
    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    public MethodHandle link(Assembler code, FunctionDescriptor descriptor) {
        MemorySegment entry = MemorySegment.ofAddress(install(code));
        return Linker.nativeLinker().downcallHandle(entry, descriptor);
    }

    /// Installs a function and returns its address.
    public long install(Assembler code) {
        return pages.install(code.name(), code.finish());
    }

    private static final class Shared {
        static final Optional<CodeMemory> VALUE = open();

        private static Optional<CodeMemory> open() {
            try {
                return Optional.of(new CodeMemory(Pages.open()));
            } catch (UnsupportedOperationException e) {
                System.getLogger(CodeMemory.class.getName())
                        .log(
                                System.Logger.Level.INFO,
                                "no assembled kernels: %s".formatted(e.getMessage()));
                return Optional.empty();
            }
        }
    }

    /// Whether functions of the System V convention can be called here.
    static boolean supported(String system, String architecture) {
        String name = system.toLowerCase(Locale.ROOT);
        return (name.contains("linux") || name.contains("mac"))
                && (architecture.equals("amd64") || architecture.equals("x86_64"));
    }
}
