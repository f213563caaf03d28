package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Truncation with its overflow, and padding, are as in the Rust library `tokenizers`.
class TruncationTest {
    @TempDir Path folder;
    private Path file;
    private Tokenizer tokenizer;

    @BeforeEach
    void tokenizer() throws IOException {
        file = folder.resolve("tokenizer.json");
        Files.writeString(file, ComponentVocabularies.json("frame ByteLevelTrim"));
        tokenizer = Tokenizer.ofJson(file);
    }

    @ParameterizedTest
    @CsvSource({
        "12, 0, LONGEST_FIRST, 0",
        "12, 3, LONGEST_FIRST, 8",
        "17, 4, LONGEST_FIRST, 0",
        "20, 0, ONLY_FIRST, 0",
        "9, 0, LONGEST_FIRST, 16"
    })
    void agreesWithThePeer(int maxLength, int stride, Truncation.Strategy strategy, int multiple)
            throws IOException {
        EncodeOptions options =
                EncodeOptions.defaults()
                        .withTruncation(
                                Truncation.to(maxLength).withStride(stride).withStrategy(strategy));
        if (multiple > 0) {
            options = options.withPadding(Padding.toLongest(0).withMultipleOf(multiple));
        }
        Random random = new Random(maxLength);
        List<String> wrong = new ArrayList<>();
        try (HuggingFaceTokenizer peer = open(maxLength, stride, strategy, multiple)) {
            for (int i = 0; i < 300 && wrong.size() < 3; i++) {
                String text = RandomText.next(random);
                boolean isPair = i % 2 == 0 && strategy == Truncation.Strategy.LONGEST_FIRST;
                String pair = isPair ? RandomText.next(random) : text;
                Encoding ours = tokenizer.encode(text, isPair ? pair : null, options);
                var theirs =
                        isPair
                                ? peer.encode(text, pair, true, true)
                                : peer.encode(text, true, true);
                String difference = compare(ours, theirs);
                if (!difference.isEmpty()) {
                    wrong.add(Json.write(text) + " + " + Json.write(pair) + difference);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String compare(Encoding ours, ai.djl.huggingface.tokenizers.Encoding theirs) {
        // Cut encodings do not say which text their tokens are of, so that spans stay aside.
        StringBuilder out = new StringBuilder(ids(ours, theirs));
        var overflow = theirs.getOverflowing();
        if (overflow.length != ours.overflow().size()) {
            return out + "\n  " + ours.overflow().size() + " parts, expected " + overflow.length;
        }
        for (int i = 0; i < overflow.length; i++) {
            String difference = ids(ours.overflow().get(i), overflow[i]);
            out.append(difference.isEmpty() ? "" : "\n part " + i + difference);
        }
        return out.toString();
    }

    private static String ids(Encoding ours, ai.djl.huggingface.tokenizers.Encoding theirs) {
        return ComponentsTest.difference(ours, theirs, "", "", ComponentsTest.Spans.NONE);
    }

    private HuggingFaceTokenizer open(
            int maxLength, int stride, Truncation.Strategy strategy, int multiple)
            throws IOException {
        try {
            var builder =
                    HuggingFaceTokenizer.builder()
                            .optTokenizerPath(file)
                            .optTruncation(true)
                            .optMaxLength(maxLength)
                            .optStride(stride)
                            .optPadding(multiple > 0);
            if (strategy == Truncation.Strategy.ONLY_FIRST) {
                builder.optTruncateFirstOnly();
            }
            if (multiple > 0) {
                builder.optPadToMultipleOf(multiple);
            }
            return builder.build();
        } catch (UnsatisfiedLinkError | IllegalStateException e) {
            return Assumptions.abort("DJL's native library cannot be loaded: " + e);
        }
    }

    @Test
    void partsRepeatTheStrideAndCoverTheText() {
        String text = "the re the re the";
        Encoding all = tokenizer.encode(text, EncodeOptions.defaults().withAddSpecial(false));
        for (Side side : Side.values()) {
            Truncation truncation = Truncation.to(5).withStride(2).withSide(side);
            Encoding cut =
                    tokenizer.encode(
                            text,
                            EncodeOptions.defaults()
                                    .withAddSpecial(false)
                                    .withTruncation(truncation));
            int first = side == Side.RIGHT ? 0 : all.size() - 5;
            assertThat(cut.ids()).containsExactly(Arrays.copyOfRange(all.ids(), first, first + 5));
            assertThat(cut.overflow()).hasSize(Math.ceilDiv(all.size() - 5, 3));
            Encoding last = cut.overflow().getLast();
            int end = side == Side.RIGHT ? all.size() - 1 : 0;
            assertThat(last.ids()).contains(all.ids()[end]);
        }
    }

    @Test
    void aBatchIsPaddedToItsLongestText() {
        EncodeOptions options =
                EncodeOptions.defaults().withPadding(Padding.toLongest(7).withSide(Side.LEFT));
        List<Encoding> batch = tokenizer.encode(List.of("the", "the re the", ""), options);
        int longest = batch.get(1).size();
        assertThat(batch).allMatch(encoding -> encoding.size() == longest);
        Encoding shortest = batch.get(2);
        assertThat(shortest.ids()[0]).isEqualTo(7);
        assertThat(shortest.attentionMask()[0]).isZero();
        assertThat(shortest.specialTokensMask()[0]).isEqualTo(1);
        assertThat(shortest.words()[0]).isEqualTo(-1);
        assertThat(batch.get(1).attentionMask()).containsOnly(1);
    }

    @Test
    void spansAreCharsOfTheText() {
        String text = "😀 the";
        Encoding encoding = tokenizer.encode(text, EncodeOptions.defaults());
        int the = encoding.size() - 2;
        assertThat(text.substring(encoding.starts()[the], encoding.ends()[the])).isEqualTo("the");
        assertThat(text.substring(encoding.starts()[2], encoding.ends()[2])).isEqualTo("😀");
    }

    @Test
    void whatCannotBeCutIsRefused() {
        EncodeOptions options = EncodeOptions.defaults();
        assertThatThrownBy(() -> tokenizer.encode("the", options.withTruncation(Truncation.to(1))))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("1 tokens")
                .hasMessageContaining("2 special tokens");
        assertThatThrownBy(() ->
                        tokenizer.encode(
                                "the re the re",
                                options.withTruncation(Truncation.to(4).withStride(2))))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("stride of 2");
        assertThatThrownBy(() -> new Padding(-1, 0, Side.LEFT, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFileSaysHowItWantsToBeUsed() throws IOException {
        String json =
                ComponentVocabularies.json("frame Template")
                        .replace(
                                "\"truncation\":null",
                                "\"truncation\":{\"direction\":\"Left\",\"max_length\":5,"
                                        + "\"strategy\":\"OnlyFirst\",\"stride\":1}")
                        .replace(
                                "\"padding\":null",
                                "\"padding\":{\"strategy\":{\"Fixed\":9},\"direction\":\"Right\","
                                        + "\"pad_to_multiple_of\":null,\"pad_id\":3,"
                                        + "\"pad_type_id\":1,\"pad_token\":\"x\"}");
        Files.writeString(file, json);
        EncodeOptions options = Tokenizer.ofJson(file).encodeOptions();
        assertThat(options.truncation())
                .isEqualTo(new Truncation(5, 1, Truncation.Strategy.ONLY_FIRST, Side.LEFT));
        assertThat(options.padding()).isEqualTo(new Padding(9, 0, Side.RIGHT, 3, 1));
        assertThat(Tokenizer.ofJson(file).encode("the", options).size()).isEqualTo(9);
    }
}
