package dev.jebena.cli;

import dev.jebena.compute.Kernels;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Starts the program again, in the same process, with the module of the Vector API.
///
/// The launcher leaves that module away where the CPU has assembled kernels, because with it every
/// start takes longer. The few formats of weights that are not assembled are computed several times
/// faster with it; so is everything on a CPU that is not the one of the build. Linux only, like the
/// launcher's choice.
final class Restart {
    /// The launcher sets this system property where it leaves the module away.
    private static final String PROPERTY = "jebena.restart";

    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    /// Flags of the fast start that do not go together with the module.
    private static final Pattern FAST_START =
            Pattern.compile("-XX:(TieredStopAtLevel|AOTCache)=.*|-D" + PROPERTY + "=.*");

    /// What models are called whose weights have assembled kernels, but for a few.
    private static final Pattern ASSEMBLED =
            Pattern.compile("(B?F16|F32|Q4_[01]|Q5_[01]|Q8_0|Q[2-6]_K|IQ4_(NL|XS)).*");

    private Restart() {}

    /// Does not return if a model with such weights needs the module that was left away.
    ///
    /// @param quantization as in `Q4_K_M`
    static void withVectorsFor(String quantization) {
        if (!Boolean.getBoolean(PROPERTY)
                || (ASSEMBLED.matcher(quantization).matches()
                        && Kernels.best().name().startsWith("x86-"))) {
            return;
        }
        try {
            Path program = Files.readSymbolicLink(Path.of("/proc/self/exe"));
            execute(program, changed(ownCommand()));
        } catch (IOException | UnsupportedOperationException _) {
            // No Linux: the kernels that are here do it.
        }
    }

    private static List<String> ownCommand() throws IOException {
        String line = Files.readString(Path.of("/proc/self/cmdline"));
        List<String> words = List.of(line.split("\0", -1));
        return words.subList(0, words.size() - 1);
    }

    /// A command with the module instead of the flags of a fast start.
    static List<String> changed(List<String> command) {
        int main = command.indexOf(Main.class.getName());
        List<String> words = new ArrayList<>();
        for (int i = 0; i < command.size(); i++) {
            if (i > main || !FAST_START.matcher(command.get(i)).matches()) {
                words.add(command.get(i));
            }
        }
        words.add(1, MODULE);
        return words;
    }

    /// `execv`: returns only if the system refuses.
    @SuppressWarnings("restricted") // the launcher enables native access
    private static void execute(Path program, List<String> words) {
        Linker linker = Linker.nativeLinker();
        MethodHandle execv =
                linker.downcallHandle(
                        linker.defaultLookup().find("execv").orElseThrow(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(ValueLayout.ADDRESS, words.size() + 1L);
            for (int i = 0; i < words.size(); i++) {
                list.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(words.get(i)));
            }
            int failed = (int) execv.invokeExact(arena.allocateFrom(program.toString()), list);
            assert failed != 0;
        } catch (Throwable e) {
            throw new IllegalStateException("execv failed", e);
        }
    }
}
