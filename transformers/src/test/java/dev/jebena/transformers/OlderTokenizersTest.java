package dev.jebena.transformers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders without a `tokenizer.json` have the vocabulary that transformers makes of their older
/// files, which is the `tokenizer.json` that it wrote.
class OlderTokenizersTest {
    private static final List<String> TEXTS =
            List.of(
                    "The old coffee pot stood in Addis Ababa.",
                    "  two  spaces, and\nlines\t",
                    "Zürich ☃ naïve 東京 don't 1,000.50!",
                    "``quoted'' under_score [MASK] <mask> </s> [SEP] end",
                    "");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert",
                "bert",
                "deberta",
                "deberta-v2",
                "distilbert",
                "mpnet",
                "pegasus",
                "roberta",
                "t5",
                "xlm-roberta"
            })
    void olderFilesGiveTheSameTokens(String family, @TempDir Path folder) throws IOException {
        Path source = TinyModel.tokenizer(family);
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                if (!file.endsWith("tokenizer.json")) {
                    Files.copy(file, folder.resolve(file.getFileName()));
                }
            }
        }
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"" + family + "\"}");
        Tokenizer wanted = Tokenizer.ofFolder(source);
        Tokenizer found = Tokenizer.ofFolder(folder);
        assertThat(found.vocabularySize()).isEqualTo(wanted.vocabularySize());
        for (String text : TEXTS) {
            same(found, wanted, text, null);
            same(found, wanted, text, TEXTS.getFirst());
        }
    }

    private static void same(
            Tokenizer found, Tokenizer wanted, String text, @Nullable String pair) {
        Encoding ours = found.encode(text, pair, EncodeOptions.defaults());
        Encoding theirs = wanted.encode(text, pair, EncodeOptions.defaults());
        assertThat(ours.ids()).as(text).isEqualTo(theirs.ids());
        assertThat(ours.typeIds()).as(text).isEqualTo(theirs.typeIds());
        assertThat(ours.starts()).as(text).isEqualTo(theirs.starts());
        assertThat(ours.ends()).as(text).isEqualTo(theirs.ends());
        assertThat(found.decode(ours.ids(), false)).isEqualTo(wanted.decode(ours.ids(), false));
    }
}
