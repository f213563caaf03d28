package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.jebena.downloads.Downloads;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random text gives the ids of the Rust library `tokenizers`, through DJL's binding.
@Tag("slow")
class HuggingFaceTest {
    private static final int TEXTS = Integer.getInteger("jebena.fuzz.cases", 2000);

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"claude", "gpt4o", "llama2", "llama3", "qwen3", "gemma3"})
    void publishedVocabulariesGiveTheSameIds(String name) throws IOException {
        compare(Downloads.tokenizerJson(name), name.hashCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "digits",
                "falcon",
                "metaspace",
                "metaspace-first",
                "punctuation",
                "regex",
                "whitespace",
                "clip"
            })
    void smallVocabulariesGiveTheSameIds(String name) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, SmallVocabularies.json(name));
        compare(file, name.hashCode());
    }

    private static void compare(Path file, int seed) throws IOException {
        Tokenizer tokenizer = Tokenizer.ofJson(file);
        Random random = new Random(seed);
        List<String> wrong = new ArrayList<>();
        try (HuggingFaceTokenizer peer = open(file)) {
            for (int i = 0; i < TEXTS && wrong.size() < 5; i++) {
                String text = RandomText.next(random);
                int[] ids = tokenizer.encode(text, true, true);
                long[] expected = peer.encode(text, true, false).getIds();
                if (!Arrays.equals(Arrays.stream(ids).asLongStream().toArray(), expected)) {
                    wrong.add(
                            Json.write(text)
                                    + "\n  is       "
                                    + Arrays.toString(ids)
                                    + "\n  expected "
                                    + Arrays.toString(expected));
                    continue;
                }
                String decoded = peer.decode(expected, true);
                if (!tokenizer.decode(ids, false).equals(decoded)) {
                    wrong.add(
                            Json.write(tokenizer.decode(ids, false))
                                    + "\n  expected text "
                                    + Json.write(decoded));
                }
            }
        }
        assertThat(wrong).as("seed %s", seed).isEmpty();
    }

    private static HuggingFaceTokenizer open(Path file) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(file);
        } catch (UnsatisfiedLinkError | IllegalStateException e) {
            return Assumptions.abort("DJL's native library cannot be loaded: " + e);
        }
    }
}
