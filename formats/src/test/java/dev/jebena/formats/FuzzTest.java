package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files of every format are opened or refused; nothing else happens.
final class FuzzTest {
    private static final String HEADER =
            """
            {"__metadata__":{"format":"pt","note":"é"},
            "a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
            "b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},
            "empty":{"dtype":"F32","shape":[0,3],"data_offsets":[32,32]},
            "scalar":{"dtype":"I64","shape":[],"data_offsets":[32,40]},
            "mask":{"dtype":"U8","shape":[5],"data_offsets":[40,45]}}\
            """;

    @TempDir private Path folder;

    @Test
    void damagedGguf() throws IOException {
        Path file = folder.resolve("model.gguf");
        byte[] original = smallGguf(file);
        int opened = Fuzz.run(random -> Fuzz.write(file, Mutations.damage(original, random)));
        assertThat(opened).isPositive();
    }

    @Test
    void ggufTruncatedAnywhere() throws IOException {
        Path file = folder.resolve("model.gguf");
        byte[] original = smallGguf(file);
        int padding = 64;
        for (int length = 0; length < original.length - padding; length++) {
            Fuzz.write(file, Arrays.copyOf(original, length));
            assertThat(Fuzz.open(file)).as("the first %d bytes", length).isFalse();
        }
    }

    @Test
    void ggufWithAHostileNumberAnywhere() throws IOException {
        Path file = folder.resolve("model.gguf");
        byte[] original = smallGguf(file);
        for (long number : Mutations.hostileNumbers()) {
            // Every field begins at some byte; steps of 3 reach each within a few numbers.
            for (int at = (int) Math.floorMod(number, 3L); at < original.length - 8; at += 3) {
                Fuzz.write(file, Mutations.overwrite(original, at, 8, number));
                Fuzz.open(file);
            }
        }
    }

    @Test
    void damagedSplitGguf() throws IOException {
        List<Path> files = SmallFiles.splitGguf(folder);
        byte[][] originals = new byte[3][];
        for (int i = 0; i < 3; i++) {
            originals[i] = Files.readAllBytes(files.get(i));
        }
        int opened =
                Fuzz.run(random -> {
                    int damaged = random.nextInt(3);
                    for (int i = 0; i < 3; i++) {
                        byte[] bytes = originals[i];
                        if (i == damaged) {
                            bytes =
                                    random.nextInt(20) == 0
                                            ? originals[random.nextInt(3)]
                                            : Mutations.damage(bytes, random);
                        }
                        Fuzz.write(files.get(i), bytes);
                    }
                    if (random.nextInt(50) == 0) {
                        Files.delete(files.get(damaged));
                    }
                    return files.get(random.nextInt(3));
                });
        assertThat(opened).isPositive();
    }

    @Test
    void damagedSafeTensors() {
        Path file = folder.resolve("model.safetensors");
        byte[] original = SmallFiles.safeTensors(HEADER, 45);
        byte[] header = Arrays.copyOfRange(original, 8, original.length - 45);
        int opened =
                Fuzz.run(random ->
                        Fuzz.write(
                                file,
                                random.nextInt(4) == 0
                                        ? Mutations.damage(original, random)
                                        : SmallFiles.safeTensors(
                                                Mutations.damageJson(header, random), 45)));
        assertThat(opened).isPositive();
    }

    @Test
    void safeTensorsTruncatedAnywhere() throws IOException {
        Path file = folder.resolve("model.safetensors");
        byte[] original = SmallFiles.safeTensors(HEADER, 45);
        for (int length = 0; length < original.length; length++) {
            Fuzz.write(file, Arrays.copyOf(original, length));
            assertThat(Fuzz.open(file)).as("the first %d bytes", length).isFalse();
        }
    }

    @Test
    void damagedIndexOfSafeTensors() throws IOException {
        Path index = SmallFiles.sharded(folder);
        byte[] original = Files.readAllBytes(index);
        int opened = Fuzz.run(random -> Fuzz.write(index, Mutations.damageJson(original, random)));
        assertThat(opened).isPositive();
    }

    private static byte[] smallGguf(Path file) throws IOException {
        SmallFiles.gguf().write(file);
        return Files.readAllBytes(file);
    }
}
