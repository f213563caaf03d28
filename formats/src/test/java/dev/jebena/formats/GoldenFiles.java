package dev.jebena.formats;

import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/// Small files that the original systems wrote, one archive for each (`src/test/golden` has the
/// scripts), with `expected.json`: the tensors of each file.
final class GoldenFiles {
    private final Path folder;
    private final Map<String, @Nullable Object> expected;

    private GoldenFiles(Path folder) throws IOException {
        this.folder = folder;
        this.expected = Json.object(Json.parse(Files.readString(folder.resolve("expected.json"))));
    }

    /// Unpacks `name.zip` into a folder.
    static GoldenFiles unpack(String name, Path folder) throws IOException {
        try (InputStream in = GoldenFiles.class.getResourceAsStream("/golden/" + name + ".zip");
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(in))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.write(file, zip.readAllBytes());
            }
        }
        return new GoldenFiles(folder);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// The tensors of each file: `{"type", "shape", "hex"}` by name.
    Map<String, @Nullable Object> expected() {
        return expected;
    }

    /// What was read, in the form of [#expected()].
    static Map<String, Object> found(PlainTensors tensors) {
        return found(tensors.plain().values());
    }

    static Map<String, Object> found(Iterable<PlainTensor> tensors) {
        Map<String, Object> found = new LinkedHashMap<>();
        tensors.forEach(tensor -> found.put(tensor.name(), found(tensor)));
        return found;
    }

    static Map<String, Object> found(PlainTensor tensor) {
        String hex = HexFormat.of().formatHex(tensor.data().toArray(ValueLayout.JAVA_BYTE));
        return Map.of("type", tensor.type().name(), "shape", tensor.shape(), "hex", hex);
    }
}
