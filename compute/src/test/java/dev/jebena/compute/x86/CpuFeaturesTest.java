package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.CpuFeatures.Feature.AVX2;
import static dev.jebena.compute.x86.CpuFeatures.Feature.AVX512F;
import static dev.jebena.compute.x86.CpuFeatures.Feature.AVXVNNI;
import static dev.jebena.compute.x86.CpuFeatures.Feature.BF16;
import static dev.jebena.compute.x86.CpuFeatures.Feature.VBMI;
import static dev.jebena.compute.x86.CpuFeatures.Feature.VNNI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.compute.x86.CpuFeatures.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CpuFeaturesTest {
    private static final CpuFeatures ALL = new CpuFeatures(EnumSet.allOf(Feature.class));

    @Test
    void thePropertyRestrictsToWhatItNames() {
        assertThat(ALL.only("").features()).containsExactlyInAnyOrder(Feature.values());
        assertThat(ALL.only("none").features()).isEmpty();
        assertThat(ALL.only("avx2").features()).containsExactly(AVX2);
        assertThat(ALL.only("avx2, AVXVNNI").features()).containsExactlyInAnyOrder(AVX2, AVXVNNI);
        assertThat(ALL.only("vnni").features()).containsExactlyInAnyOrder(AVX2, AVX512F, VNNI);
        assertThat(ALL.only("avx512,-bf16").features())
                .containsExactlyInAnyOrder(AVX2, AVX512F, VNNI, VBMI);
    }

    @Test
    void whatTheCpuLacksCannotBeAsked() {
        CpuFeatures lesser = new CpuFeatures(Set.of(AVX2));
        assertThat(lesser.only("avx512").features()).containsExactly(AVX2);
        assertThat(lesser.only("avx512").avx512()).isFalse();
    }

    @Test
    void unknownNamesAreRefused() {
        assertThatThrownBy(() -> ALL.only("avx3"))
                .hasMessage(
                        "-Djebena.cpu: \"avx3\" is not one of none, avx512, [avx2, avxvnni, avx512f,"
                                + " vnni, vbmi, bf16]");
    }

    @Test
    void detectionAgreesWithTheSystem() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        assumeTrue(Files.exists(info) && CodeMemory.shared().isPresent(), "Linux on x86-64 only");
        assumeTrue(System.getProperty(CpuFeatures.PROPERTY) == null, "restricted");
        String flags =
                Files.readString(info)
                        .lines()
                        .filter(line -> line.startsWith("flags"))
                        .findFirst()
                        .map(line -> line + " ")
                        .orElse("");
        Map<Feature, String> names =
                Map.of(
                        AVX2, " avx2 ",
                        AVXVNNI, " avx_vnni ",
                        AVX512F, " avx512bw ",
                        VNNI, " avx512_vnni ",
                        VBMI, " avx512vbmi ",
                        BF16, " avx512_bf16 ");
        names.forEach((feature, name) ->
                assertThat(CpuFeatures.detected().has(feature))
                        .as(name)
                        .isEqualTo(flags.contains(name)));
    }
}
