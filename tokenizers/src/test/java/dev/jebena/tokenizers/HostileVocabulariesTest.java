package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.formats.Gguf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged vocabularies give a [TokenizerException] or a tokenizer that works, and nothing else.
class HostileVocabulariesTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000);
    private static final int FIRST = Integer.getInteger("jebena.fuzz.seed", 0);
    private static final List<String> NAMES =
            List.of("bert", "digits", "falcon", "metaspace", "punctuation", "regex", "clip");
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "-1",
                    "0",
                    "1e9",
                    "99999999999",
                    "true",
                    "[]",
                    "{}",
                    "\"\"",
                    "\"x\"",
                    "[1]",
                    "{\"type\":\"Sequence\"}",
                    "\"(a+)+$\"",
                    "\"[\"",
                    "\"(a|b|ab)*c\"",
                    "2000000");

    @TempDir Path folder;

    @Test
    void mutatedTokenizerJson() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        for (int seed = FIRST; seed < FIRST + CASES; seed++) {
            Random random = new Random(seed);
            String json = vocabulary(seed);
            Files.writeString(file, mutate(json, random));
            use(() -> Tokenizer.ofJson(file), random, "seed " + seed);
            if (seed % 5 == 0) {
                convert(() -> VocabularyFiles.toGguf(folder, 0, null), "seed " + seed);
            }
        }
    }

    private static void convert(Supplier<Map<String, Object>> conversion, String name) {
        try {
            Assertions.assertFalse(conversion.get().isEmpty(), name);
        } catch (TokenizerException e) {
            // The vocabulary is refused.
        } catch (RuntimeException e) {
            Assertions.fail(name, e);
        }
    }

    private static String vocabulary(int seed) {
        List<String> components = ComponentVocabularies.names();
        return seed % 2 == 0
                ? SmallVocabularies.json(NAMES.get(seed / 2 % NAMES.size()))
                : ComponentVocabularies.json(components.get(seed / 2 % components.size()));
    }

    private static String mutate(String json, Random random) {
        StringBuilder text = new StringBuilder(json);
        for (int edits = 1 + random.nextInt(3); edits > 0 && text.length() > 2; edits--) {
            int at = random.nextInt(text.length() - 1);
            switch (random.nextInt(5)) {
                case 0 -> text.setLength(at);
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.setCharAt(at, (char) random.nextInt(0x3000));
                case 3 -> text.insert(at, VALUES.get(random.nextInt(VALUES.size())));
                default -> replaceValue(text, at, VALUES.get(random.nextInt(VALUES.size())));
            }
        }
        return text.toString();
    }

    /// Replaces the value behind the next colon, so that the file stays JSON.
    private static void replaceValue(StringBuilder text, int from, String value) {
        int colon = text.indexOf("\":", from);
        int end = colon < 0 ? -1 : text.indexOf(",", colon);
        if (end > 0) {
            text.replace(colon + 2, end, value);
        }
    }

    @Test
    void mutatedGgufMetadata() throws IOException {
        List<Map<String, Object>> models =
                List.of(
                        metadata("llama3-F32"),
                        metadata("llama-F32"),
                        metadata("bert-F32"),
                        ModelFields.gguf(SentencePieceTest.model("unigram")));
        for (int seed = FIRST; seed < FIRST + CASES; seed++) {
            Random random = new Random(seed);
            Map<String, Object> values = new HashMap<>(models.get(seed % models.size()));
            List<String> keys = values.keySet().stream().sorted().toList();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                String key = keys.get(random.nextInt(keys.size()));
                Object damaged = damaged(values.get(key), random);
                if (damaged == null) {
                    values.remove(key);
                } else {
                    values.put(key, damaged);
                }
            }
            use(() -> Tokenizer.ofGguf(values), random, "seed " + seed);
            if (seed % 5 == 0) {
                convert(() -> VocabularyFiles.toFolder(values), "seed " + seed);
            }
        }
    }

    private Map<String, Object> metadata(String model) throws IOException {
        Path file = folder.resolve(model + ".gguf");
        try (InputStream in =
                new GZIPInputStream(
                        Files.newInputStream(
                                Golden.FOLDER.resolve("models/" + model + ".gguf.gz")))) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Map<String, Object> copy = new HashMap<>();
        try (Gguf gguf = Gguf.open(file)) {
            gguf.metadata()
                    .forEach((key, value) -> {
                        if (key.startsWith("tokenizer.")) {
                            copy.put(key, value instanceof List<?> l ? new ArrayList<>(l) : value);
                        }
                    });
        }
        return copy;
    }

    private static @Nullable Object damaged(@Nullable Object value, Random random) {
        if (random.nextInt(4) == 0) {
            return switch (random.nextInt(8)) {
                case 0 -> null;
                case 1 -> -1L;
                case 2 -> Long.MAX_VALUE;
                case 3 -> "x";
                case 4 -> List.of();
                case 5 -> new int[3];
                case 6 -> true;
                default -> Double.NaN;
            };
        }
        return switch (value) {
            case List<?> list -> damagedList(list, random);
            case int[] array ->
                    random.nextBoolean()
                            ? Arrays.copyOf(array, array.length / 2)
                            : random.ints(array.length).toArray();
            case float[] array -> {
                float[] copy = array.clone();
                for (int i = 0; i < 50; i++) {
                    copy[random.nextInt(copy.length)] = Float.intBitsToFloat(random.nextInt());
                }
                yield copy;
            }
            case Long number -> random.nextLong(-5, 1000);
            case null, default -> value;
        };
    }

    private static List<Object> damagedList(List<?> list, Random random) {
        List<Object> copy = new ArrayList<>(list);
        for (int i = 0; i < 20 && !copy.isEmpty(); i++) {
            String[] words = {
                "",
                " ",
                "a",
                "a b",
                "Ā",
                "▁",
                "<0x41>",
                "日本",
                "x".repeat(random.nextInt(300)),
                "<0xZZ>"
            };
            copy.set(random.nextInt(copy.size()), words[random.nextInt(words.length)]);
        }
        return random.nextBoolean() ? copy : new ArrayList<>(copy.subList(0, copy.size() / 2));
    }

    private static void use(Supplier<Tokenizer> source, Random random, String label) {
        try {
            Tokenizer tokenizer = source.get();
            for (String text :
                    List.of(RandomText.next(random), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "")) {
                int[] ids = tokenizer.encode(text);
                tokenizer.decode(ids, true);
                tokenizer.encode(text, "b", EncodeOptions.defaults());
                tokenizer.fillInTheMiddle();
            }
        } catch (TokenizerException e) {
            // This is what a damaged file should give.
        } catch (RuntimeException | Error e) {
            Assertions.fail(label, e);
        }
    }

    @Test
    void anExpressionThatBacktracksWithoutEndIsStopped() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        String json =
                SmallVocabularies.json("regex")
                        .replace(
                                "\\\\p{N}{1,2}|\\\\p{Han}+|(?i:straße)|[^\\\\S\\\\n]+",
                                "(a+)+(b+)+x");
        Files.writeString(file, json);
        Tokenizer tokenizer = Tokenizer.ofJson(file);
        assertThatThrownBy(() -> tokenizer.encode("a".repeat(5_000)))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("steps");
    }

    @Test
    void messagesNameThePlace() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(
                file,
                SmallVocabularies.json("clip")
                        .replace("\"type\":\"Whitespace\"", "\"type\":\"Magic\""));
        assertThatThrownBy(() -> Tokenizer.ofJson(file))
                .isInstanceOf(TokenizerException.class)
                .hasMessage("tokenizer.json.pre_tokenizer: the type 'Magic' is not supported");
        assertThatThrownBy(() -> Tokenizer.ofGguf(Map.of("tokenizer.ggml.model", 5L)))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.ggml.model: expected a string");
    }
}
