package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Damaged files of NumPy and PyTorch are opened or refused; nothing else happens.
final class PlainFuzzTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "numpy, float32.npy",
        "numpy, cube_fortran_big.npy",
        "numpy, stored.npz",
        "numpy, deflated.npz",
        "torch, views.pt",
        "torch, checkpoint_4.pt",
        "torch, views_legacy.pt",
        "torch, state_dict_legacy.pt",
        "torch, script.pt"
    })
    void damaged(String kind, String name) throws IOException {
        byte[] original = Files.readAllBytes(GoldenFiles.unpack(kind, folder).file(name));
        Path file = folder.resolve("damaged-" + name);
        int opened = Fuzz.run(random -> Fuzz.write(file, Mutations.damage(original, random)));
        assertThat(opened).isPositive();
    }
}
