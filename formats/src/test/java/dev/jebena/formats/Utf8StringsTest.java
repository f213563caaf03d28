package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Utf8StringsTest {
    @TempDir Path folder;

    @Test
    void arraysOfStringsShowTheirBytes() {
        List<String> words = List.of("a", "", "Ġthe", "日本", "end");
        Path path = folder.resolve("words.gguf");
        new GgufWriter().array("words", GgufType.STRING, words).write(path);
        try (TensorFile file = Gguf.open(path)) {
            Utf8Strings strings =
                    (Utf8Strings) Objects.requireNonNull(file.metadata().get("words"));
            assertThat(strings).isEqualTo(words);
            byte[] bytes = strings.bytes();
            for (int i = 0; i < words.size(); i++) {
                int length = strings.end(i) - strings.start(i);
                assertThat(new String(bytes, strings.start(i), length, StandardCharsets.UTF_8))
                        .isEqualTo(words.get(i));
            }
        }
    }
}
