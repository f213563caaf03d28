package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NpyTest {
    @TempDir private Path folder;

    @Test
    void everythingThatNumPyWrote() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("numpy", folder);
        golden.expected()
                .forEach((name, expected) -> {
                    try (PlainTensors file = Npy.open(golden.file(name))) {
                        assertThat(GoldenFiles.found(file)).as(name).isEqualTo(expected);
                        assertThat(file.others()).isEmpty();
                    }
                });
        assertThat(golden.expected()).hasSizeGreaterThan(40);
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("numpy", folder);
        Map<String, String> reasons =
                Map.of(
                        "objects", "Python objects, stored as a pickle",
                        "text", "strings",
                        "bytes", "strings",
                        "dates", "dates or times",
                        "structured", "a structured array",
                        "void", "raw bytes",
                        "longdouble", "floats of a width");
        try (PlainTensors mixed = Npy.open(golden.file("mixed.npz"))) {
            assertThat(mixed.plain()).containsOnlyKeys("good");
            reasons.forEach((name, reason) -> {
                assertThat(mixed.others().get(name)).contains(reason);
                assertThatThrownBy(() -> mixed.plain(name))
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining(reason);
                assertThatThrownBy(() -> Npy.open(golden.file("refused_" + name + ".npy")))
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining("refused_" + name)
                        .hasMessageContaining(reason);
            });
        }
    }

    @Test
    void writesTheBytesThatNumPyWrites() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("numpy", folder);
        Path copy = folder.resolve("copy.npy");
        for (String name : golden.expected().keySet()) {
            boolean same = !name.contains("big") && !name.contains("fortran");
            if (same && name.endsWith(".npy") && !name.startsWith("version")) {
                try (PlainTensors file = Npy.open(golden.file(name))) {
                    Npy.write(copy, file.plain().values().iterator().next());
                }
                assertThat(copy).as(name).hasSameBinaryContentAs(golden.file(name));
            }
        }
    }

    @Test
    void writtenArchivesAreReadBack() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("numpy", folder);
        Path copy = folder.resolve("copy.npz");
        for (boolean compressed : List.of(false, true)) {
            try (PlainTensors file = Npy.open(golden.file("deflated.npz"))) {
                Npy.write(copy, file.plain().values(), compressed);
                try (PlainTensors again = Npy.open(copy)) {
                    assertThat(GoldenFiles.found(again)).isEqualTo(GoldenFiles.found(file));
                }
            }
        }
    }

    @Test
    void wrongSizes() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("numpy", folder);
        byte[] bytes = Files.readAllBytes(golden.file("vector.npy"));
        assertRefused(Arrays.copyOf(bytes, bytes.length - 1), "I64[5] takes 40 bytes, but 39");
        assertRefused(Arrays.copyOf(bytes, bytes.length + 8), "save several arrays as .npz");
        String header = new String(bytes, StandardCharsets.ISO_8859_1);
        assertRefused(
                header.replace("(5,), }         ", "(4611686018427387904,4,),}")
                        .getBytes(StandardCharsets.ISO_8859_1),
                "it has more than 2^63 bits");
        assertRefused(
                header.replace("(5,)", "(-5,").getBytes(StandardCharsets.ISO_8859_1), "expected");
        assertRefused(new byte[0], "this is no .npy file");
    }

    @Test
    void elementsThatNumPyLacks() {
        PlainTensor tensor =
                new PlainTensor(
                        "w", ElementType.BF16, List.of(2L), MemorySegment.ofArray(new byte[4]));
        assertThatThrownBy(() -> Npy.write(folder.resolve("w.npy"), tensor))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("BF16, which NumPy does not have; convert it to F32");
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path file = Files.write(folder.resolve("bad.npy"), bytes);
        assertThatThrownBy(() -> Npy.open(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("bad.npy")
                .hasMessageContaining(message);
    }
}
