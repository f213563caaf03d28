package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GgufSplitTest {
    @TempDir private Path folder;
    private List<Path> files = List.of();

    @BeforeEach
    void writeParts() {
        files = SmallFiles.splitGguf(folder);
    }

    @Test
    void anyPartOpensAll() {
        for (Path path : files) {
            try (Gguf file = Gguf.open(path)) {
                assertThat(file.tensors().keySet()).containsExactly("t0", "t1", "t2");
                assertThat(file.metadata()).containsEntry("general.architecture", "llama");
            }
        }
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        Files.delete(files.get(1));
        assertRefused(files.get(2), "split into 3 files, and m-00002-of-00003.gguf is missing");
    }

    @Test
    void aRenamedPartIsRefused() throws IOException {
        Path renamed = Files.move(files.get(0), folder.resolve("model.gguf"));
        assertRefused(renamed, "must end in \"-00001-of-00003.gguf\"");
    }

    @Test
    void partsInEachOthersPlaceAreRefused() throws IOException {
        Files.copy(files.get(1), files.get(2), StandardCopyOption.REPLACE_EXISTING);
        assertRefused(files.get(0), "says that it is part 2 of 3, by its name it is part 3 of 3");
    }

    @Test
    void partsOfTwoModelsAreRefused() {
        part(2, 3, "t2", "extra").write(files.get(2));
        assertRefused(files.get(0), "split.tensors.count is 3, but the 3 parts have 4 tensors");
        part(2, 3, "t1").write(files.get(2));
        assertRefused(files.get(0), "the tensor \"t1\" is in another part, too");
    }

    private static GgufWriter part(int index, int count, String... names) {
        GgufWriter writer =
                new GgufWriter()
                        .value("split.no", GgufType.UINT16, index)
                        .value("split.count", GgufType.UINT16, count);
        for (String name : names) {
            writer.tensor(SmallFiles.tensor(name, DataType.F32, 2L));
        }
        return writer;
    }

    private static void assertRefused(Path path, String message) {
        assertThatThrownBy(() -> Gguf.open(path).close())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }
}
