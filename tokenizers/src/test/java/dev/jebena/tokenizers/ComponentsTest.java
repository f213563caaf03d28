package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every component of `tokenizer.json`, on random text, gives the ids, spans, words, types, masks
/// and texts of the Rust library `tokenizers`, through DJL's binding.
@Tag("slow")
class ComponentsTest {
    private static final int TEXTS = Integer.getInteger("jebena.fuzz.cases", 2000) / 4;

    @TempDir Path folder;

    static List<String> names() {
        return ComponentVocabularies.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void componentsAgree(String name) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, ComponentVocabularies.json(name));
        compare(file, name.hashCode(), spans(name));
    }

    private static Spans spans(String name) {
        return switch (name) {
            // The Rust library loses count of characters that the rules remove.
            case "normalizer Precompiled", "model Unigram" -> Spans.UNLESS_REMOVED;
            // It gives the bytes of neighbouring unknown characters one span.
            case "model UnigramBytes" -> Spans.WITHIN;
            default -> Spans.EQUAL;
        };
    }

    /// How spans are compared.
    enum Spans {
        EQUAL,
        UNLESS_REMOVED,
        WITHIN,
        NONE
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude", "gpt4o", "llama2", "llama3", "qwen3", "gemma3"})
    void publishedVocabulariesAgree(String name) throws IOException {
        compare(Downloads.tokenizerJson(name), name.hashCode(), Spans.EQUAL);
    }

    private static void compare(Path file, int seed, Spans spans) throws IOException {
        Tokenizer tokenizer = Tokenizer.ofJson(file);
        Random random = new Random(seed);
        List<String> wrong = new ArrayList<>();
        try (HuggingFaceTokenizer peer = open(file)) {
            for (int i = 0; i < TEXTS && wrong.size() < 3; i++) {
                // Newer versions of Unicode give these marks another script.
                String text = RandomText.next(random).replaceAll("[\\u0951-\\u0954]", "");
                boolean isPair = i % 3 == 0;
                String pair =
                        isPair ? RandomText.next(random).replaceAll("[\\u0951-\\u0954]", "") : "";
                boolean special = i % 5 != 0;
                EncodeOptions options = EncodeOptions.defaults().withAddSpecial(special);
                Encoding ours =
                        isPair
                                ? tokenizer.encode(text, pair, options)
                                : tokenizer.encode(text, options);
                var theirs =
                        isPair
                                ? peer.encode(text, pair, special, false)
                                : peer.encode(text, special, false);
                String difference = difference(ours, theirs, text, isPair ? pair : text, spans);
                String decoded = peer.decode(theirs.getIds(), true);
                String ourText = tokenizer.decode(ours.ids(), false);
                if (!ourText.equals(decoded)) {
                    difference += "\n  text " + Json.write(ourText) + " not " + Json.write(decoded);
                }
                if (!difference.isEmpty()) {
                    wrong.add(Json.write(text) + " + " + Json.write(pair) + difference);
                }
            }
        }
        assertThat(wrong).as("seed %s", seed).isEmpty();
    }

    static String difference(
            Encoding ours,
            ai.djl.huggingface.tokenizers.Encoding theirs,
            String first,
            String second,
            Spans compared) {
        StringBuilder out = new StringBuilder();
        differ(out, "ids", ours.ids(), theirs.getIds());
        if (!out.isEmpty()) {
            return out.toString();
        }
        differ(out, "types", ours.typeIds(), theirs.getTypeIds());
        differ(out, "special", ours.specialTokensMask(), theirs.getSpecialTokenMask());
        differ(out, "attention", ours.attentionMask(), theirs.getAttentionMask());
        differ(out, "words", ours.words(), theirs.getWordIds());
        if (compared == Spans.NONE) {
            return out.toString();
        }
        CharSpan[] spans = theirs.getCharTokenSpans();
        long[] sequences = theirs.getSequenceIds();
        for (int i = 0; i < spans.length && i < ours.size(); i++) {
            if (spans[i] != null && ours.specialTokensMask()[i] == 0) {
                String text = sequences[i] == 1 ? second : first;
                int start = chars(text, spans[i].getStart());
                int end = chars(text, spans[i].getEnd());
                boolean skipped =
                        compared != Spans.EQUAL
                                && (text.contains("\u200b") || text.contains("\u00ad"));
                boolean within =
                        compared == Spans.WITHIN
                                && ours.starts()[i] >= start
                                && ours.ends()[i] <= end;
                boolean equal = ours.starts()[i] == start && ours.ends()[i] == end;
                if (!equal && !within && !skipped) {
                    out.append(
                            String.format(
                                    "%n  span %d: %d-%d instead of %d-%d",
                                    i, ours.starts()[i], ours.ends()[i], start, end));
                }
            }
        }
        return out.toString();
    }

    private static int chars(String text, int codePoints) {
        return text.offsetByCodePoints(
                0, Math.min(codePoints, text.codePointCount(0, text.length())));
    }

    private static void differ(StringBuilder out, String what, int[] ours, long[] theirs) {
        if (!Arrays.equals(Arrays.stream(ours).asLongStream().toArray(), theirs)) {
            out.append("\n  ")
                    .append(what)
                    .append(' ')
                    .append(Arrays.toString(ours))
                    .append("\n  expected ")
                    .append(Arrays.toString(theirs));
        }
    }

    private static HuggingFaceTokenizer open(Path file) throws IOException {
        try {
            return HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optTruncation(false)
                    .optPadding(false)
                    .build();
        } catch (UnsatisfiedLinkError | IllegalStateException e) {
            return Assumptions.abort("DJL's native library cannot be loaded: " + e);
        }
    }
}
