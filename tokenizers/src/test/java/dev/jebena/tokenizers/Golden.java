package dev.jebena.tokenizers;

import dev.jebena.formats.Gguf;
import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The golden files beside the checkout.
final class Golden {
    static final Path FOLDER = Path.of(System.getProperty("jebena.shared", "../shared"), "golden");

    private Golden() {}

    /// The JSON of `path`, unzipped when its name ends in `.gz`.
    static @Nullable Object json(String path) {
        try {
            return Json.parse(new String(bytes(FOLDER.resolve(path)), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return Files.readAllBytes(file);
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    /// The tokenizer of the golden model `name`.
    static Tokenizer model(String name) {
        return Tokenizer.ofGguf(metadata(name));
    }

    /// The metadata of the golden model `name`.
    static Map<String, Object> metadata(String name) {
        try {
            Path file = Files.createTempFile("golden", ".gguf");
            try (InputStream in =
                    new GZIPInputStream(
                            Files.newInputStream(FOLDER.resolve("models/" + name + ".gguf.gz")))) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                try (Gguf gguf = Gguf.open(file)) {
                    Map<String, Object> metadata = new LinkedHashMap<>(gguf.metadata());
                    // Strings are read from the file when they are asked for.
                    metadata.replaceAll((key, value) ->
                            value instanceof List<?> list ? List.copyOf(list) : value);
                    return metadata;
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Tokenizer gguf(Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            return Tokenizer.ofGguf(gguf.metadata());
        }
    }

    /// A JSON array of numbers as ids.
    static int[] ids(@Nullable Object array) {
        List<@Nullable Object> list = Json.array(array);
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = list.get(i) instanceof Number number ? number.intValue() : -1;
        }
        return ids;
    }
}
