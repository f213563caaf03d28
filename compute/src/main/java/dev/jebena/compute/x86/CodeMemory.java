package dev.jebena.compute.x86;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Memory for machine code: pages that are first written and then only read and executed, never
/// both at once. Code stays until the JVM ends.
///
/// Only for Linux and macOS on x86-64 (System V calling convention), and only where the system lets
/// a process make pages executable; that is tried once. Without it the kernels of the Vector API
/// are used. The system property `jebena.code` chooses the way, `protect` or `map_twice`
/// ([Pages.Way]); `none` acts as if the system refused.
///
/// With `-Djebena.perf=true` each function gets a line in `/tmp/perf-PID.map`, so that Linux's
/// `perf` shows its name.
public final class CodeMemory {
    static final String PROPERTY = "jebena.code";

    private final Pages pages;

    private CodeMemory(Pages pages) {
        this.pages = pages;
    }

    /// The process's code memory; empty where there can be none, with one line in the log where it
    /// is the system that refuses.
    public static Optional<CodeMemory> shared() {
        return Optional.ofNullable(Shared.STATE.memory);
    }

    /// How code gets executable here, or why it cannot: for people.
    public static String explanation() {
        return Shared.STATE.explanation;
    }

    /// Whether code could be assembled here if the system allowed executable memory.
    public static boolean refused() {
        return Shared.STATE.memory == null
                && supported(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /// Installs a function and returns a handle that calls it. Calls are plain ones: the garbage
    /// collector does not wait for them.
    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    public MethodHandle link(Assembler code, FunctionDescriptor descriptor) {
        MemorySegment entry = MemorySegment.ofAddress(install(code));
        return Linker.nativeLinker().downcallHandle(entry, descriptor);
    }

    /// Installs a function of integers and addresses; the way that costs least at a program's
    /// start.
    Routine routine(Assembler code) {
        return Routine.at(install(code));
    }

    /// Installs a function and returns its address.
    public long install(Assembler code) {
        byte[] bytes = code.finish();
        long address = pages.install(bytes);
        if (Boolean.getBoolean("jebena.perf")) {
            long process = ProcessHandle.current().pid();
            tellPerf(Path.of("/tmp/perf-" + process + ".map"), address, bytes.length, code.name());
        }
        return address;
    }

    static synchronized void tellPerf(Path map, long address, int length, String name) {
        try {
            Files.writeString(
                    map,
                    "%x %x jebena:%s%n".formatted(address, length, name),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            warn("no map for perf: %s".formatted(e));
        }
    }

    /// Code memory or the reason why there is none.
    record State(@Nullable CodeMemory memory, String explanation) {}

    private static final class Shared {
        static final State STATE =
                open(
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        System.getProperty(PROPERTY, ""),
                        CodeMemory::warn);
    }

    /// Tries the ways in turn, or only the one that is wished for. A refusal is one `warning`.
    static State open(String system, String architecture, String wish, Consumer<String> warning) {
        if (!supported(system, architecture)) {
            String reason =
                    "no: assembled kernels exist for Linux and macOS on x86-64, not for %s on %s"
                            .formatted(system, architecture);
            return new State(null, reason);
        }
        List<String> refusals = new ArrayList<>();
        for (Pages.Way way : Pages.Way.values()) {
            String name = way.name().toLowerCase(Locale.ROOT);
            if (wish.isEmpty() || wish.equals(name)) {
                try {
                    Pages pages = new Pages(way);
                    pages.install(new byte[] {(byte) 0xC3});
                    return new State(new CodeMemory(pages), "yes (" + name + ")");
                } catch (UnsupportedOperationException | IllegalCallerException e) {
                    refusals.add(String.valueOf(e.getMessage()));
                }
            }
        }
        if (refusals.isEmpty()) {
            refusals.add("switched off by -D" + PROPERTY + "=" + wish);
        }
        String reason = "no: " + String.join("; ", refusals);
        warning.accept(
                "executable memory: %s; the slower vector kernels are used".formatted(reason));
        return new State(null, reason);
    }

    private static void warn(String line) {
        System.getLogger(CodeMemory.class.getName()).log(Level.WARNING, line);
    }

    /// Whether functions of the System V convention can be called here.
    private static boolean supported(String system, String architecture) {
        String name = system.toLowerCase(Locale.ROOT);
        return (name.contains("linux") || name.contains("mac"))
                && (architecture.equals("amd64") || architecture.equals("x86_64"));
    }
}
