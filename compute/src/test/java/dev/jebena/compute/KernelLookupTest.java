package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.x86.CpuFeatures;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLookupTest {
    @Test
    void vectorKernelsAreTakenWhereTheirModuleIs() {
        assertThat(KernelLookup.choose("", true).name())
                .startsWith(CpuFeatures.detected().avx2() ? "x86-" : "vector-");
        assertThat(KernelLookup.choose("vector", true).name()).startsWith("vector-");
        assertThat(KernelLookup.choose("scalar", true).name()).isEqualTo("scalar");
        assertThat(Kernels.best()).isSameAs(Kernels.best());
    }

    @Test
    void assembledKernelsAreTakenWhereTheCpuHasThem() {
        boolean assembled = CpuFeatures.detected().avx2();
        assertThat(KernelLookup.choose("x86", false).name())
                .matches(assembled ? "x86-avx(512|2-vnni|2)" : "scalar");
        assertThat(Kernels.best().packs(DataType.Q4_1, 16, 64)).isEqualTo(assembled);
        assertThat(Kernels.best().packs(DataType.Q4_1, 16, 65)).isFalse();
        assertThat(Kernels.best().packs(DataType.F16, 16, 64)).isFalse();
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatThrownBy(() -> KernelLookup.choose("gpu", true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gpu")
                .hasMessageContaining("scalar, vector or x86");
    }

    @Test
    void warmingKernelsGiveTheBitsOfTheReference() {
        Kernels kernels = VectorKernels.warming();
        kernels.expect(DataType.Q8_0);
        try (Arena arena = Arena.ofConfined()) {
            var random = RandomData.generator(5);
            WeightMatrix w = RandomData.blocks(arena, random, DataType.Q8_0, 8, 64);
            FloatMatrix x = RandomData.floats(arena, random, 2, 64);
            FloatMatrix expected = FloatMatrix.allocate(arena, 2, 8);
            FloatMatrix actual = FloatMatrix.allocate(arena, 2, 8);
            Kernels.scalar().matmul(w, x, expected, 0, 8);
            kernels.matmul(w, x, actual, 0, 8);
            assertThat(actual.row(1)).containsExactly(expected.row(1));
        }
    }

    /// The other kernel tests in a JVM with other vectors, or without the vector module.
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "vector-256 --add-modules=jdk.incubator.vector -XX:MaxVectorSize=32",
                "vector-128 --add-modules=jdk.incubator.vector -XX:MaxVectorSize=16",
                "vector-256 --add-modules=jdk.incubator.vector -XX:UseAVX=2",
                "scalar -Dnone"
            })
    void resultsAreTheSameBitsOnEveryVectorLength(String nameAndFlags) throws Exception {
        List<String> words = List.of(nameAndFlags.split(" "));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Djebena.cpu=none");
        command.addAll(words.subList(1, words.size()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(ChecksumMain.class.getName());
        Process process = new ProcessBuilder(command).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(output.strip().lines())
                .containsExactly(words.getFirst(), ChecksumMain.checksum(Kernels.best()));
    }

    @Test
    void variantsAreDifferentAndTheBestComesFirst() {
        List<String> names = Kernels.variants().stream().map(Kernels::name).toList();
        assertThat(names).doesNotHaveDuplicates().startsWith(Kernels.best().name());
        assertThat(names).endsWith("scalar");
        if (names.contains("x86-avx512")) {
            assertThat(names).contains("x86-avx2");
        }
    }
}
