package dev.jebena.compute.x86;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeMemoryTest {
    @ParameterizedTest
    @ValueSource(strings = {"protect", "map_twice"})
    void codeRunsInEitherWay(String way) throws Throwable {
        assumeTrue(CodeMemory.shared().isPresent(), "no assembled code here");
        CodeMemory.State state = open("Linux", "amd64", way);
        assumeTrue(state.memory() != null, state.explanation());
        var a = Assembler.avx2("sum");
        Gpr[] in = a.arguments(2);
        a.lea(Gpr.RAX, Memory.mem(in[0], in[1], 2, 7));
        a.leave();
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);
        MethodHandle sum = Objects.requireNonNull(state.memory()).link(a, type);
        assertThat((long) sum.invokeExact(100L, 20L)).isEqualTo(147);
        assertThat(state.explanation()).isEqualTo("yes (" + way + ")");
    }

    @Test
    void noPageIsWritableAndExecutable() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        assumeTrue(Files.exists(maps) && CodeMemory.shared().isPresent(), "Linux only");
        List<Long> installed = new ArrayList<>();
        for (String way : List.of("protect", "map_twice")) {
            CodeMemory memory = open("Linux", "amd64", way).memory();
            if (memory != null) {
                var a = Assembler.avx2("nothing");
                a.ret();
                installed.add(memory.install(a));
            }
        }
        for (long address : installed) {
            assertThat(protection(maps, address)).startsWith("r-x");
        }
        assertThat(Files.readString(maps)).doesNotContainPattern("rwx. .*jebena");
    }

    private static String protection(Path maps, long address) throws IOException {
        for (String line : Files.readAllLines(maps)) {
            String[] parts = line.split("[- ]", 4);
            if (Long.parseUnsignedLong(parts[0], 16) <= address
                    && address < Long.parseUnsignedLong(parts[1], 16)) {
                return line.split(" ")[1];
            }
        }
        return "not mapped";
    }

    @Test
    void refusalIsOneLineInTheLogAndNoMemory() {
        List<String> lines = new ArrayList<>();
        CodeMemory.State state = CodeMemory.open("Linux", "amd64", "none", lines::add);
        assertThat(state.memory()).isNull();
        assertThat(state.explanation()).isEqualTo("no: switched off by -Djebena.code=none");
        assertThat(lines)
                .containsExactly(
                        "executable memory: no: switched off by -Djebena.code=none; the slower"
                                + " vector kernels are used");
    }

    private static CodeMemory.State open(String system, String architecture, String way) {
        return CodeMemory.open(system, architecture, way, line -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"Windows 11/amd64", "Linux/aarch64", "Mac OS X/aarch64"})
    void otherSystemsAreNamedInTheReason(String place) {
        String[] parts = place.split("/");
        assertThat(open(parts[0], parts[1], ""))
                .isEqualTo(
                        new CodeMemory.State(
                                null,
                                "no: assembled kernels exist for Linux and macOS on x86-64, not for "
                                        + parts[0]
                                        + " on "
                                        + parts[1]));
    }

    @Test
    void perfGetsALineForEachFunction(@TempDir Path folder) throws IOException {
        Path map = folder.resolve("perf-1.map");
        CodeMemory.tellPerf(map, 0x7f0000001000L, 64, "gemm");
        CodeMemory.tellPerf(map, 0x7f0000002000L, 256, "attention");
        assertThat(Files.readAllLines(map))
                .containsExactly(
                        "7f0000001000 40 jebena:gemm", "7f0000002000 100 jebena:attention");
    }
}
