package dev.jebena.tokenizers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes the parts of a SentencePiece model that a `tokenizer.json` is made of.
final class ModelFields {
    private record Field(int number, int from, int to) {}

    private ModelFields() {}

    static byte[] characterMap(byte[] model) {
        for (Field field : fields(model, 0, model.length)) {
            if (field.number == 3) {
                for (Field rule : fields(model, field.from, field.to)) {
                    if (rule.number == 2) {
                        return Arrays.copyOfRange(model, rule.from, rule.to);
                    }
                }
            }
        }
        return new byte[0];
    }

    static Map<String, Object> unigram(byte[] model, boolean byteFallback) {
        List<Object> vocabulary = new ArrayList<>();
        for (Field piece : fields(model, 0, model.length)) {
            if (piece.number == 1) {
                String text = "";
                float score = 0;
                for (Field field : fields(model, piece.from, piece.to)) {
                    if (field.number == 1) {
                        int length = field.to - field.from;
                        text = new String(model, field.from, length, StandardCharsets.UTF_8);
                    } else if (field.number == 2) {
                        score =
                                ByteBuffer.wrap(model)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getFloat(field.from);
                    }
                }
                vocabulary.add(List.of(text, (double) score));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "Unigram");
        json.put("unk_id", 0);
        json.put("vocab", vocabulary);
        json.put("byte_fallback", byteFallback);
        return json;
    }

    /// The `tokenizer.ggml` keys of a GGUF file with this Unigram model.
    static Map<String, Object> gguf(byte[] model) {
        List<String> tokens = new ArrayList<>();
        List<Float> scores = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("tokenizer.ggml.model", "t5");
        values.put("tokenizer.ggml.add_space_prefix", true);
        values.put("tokenizer.ggml.remove_extra_whitespaces", true);
        for (Field piece : fields(model, 0, model.length)) {
            if (piece.number == 1) {
                types.add(1);
                scores.add(0f);
                for (Field field : fields(model, piece.from, piece.to)) {
                    int length = field.to - field.from;
                    switch (field.number) {
                        case 1 ->
                                tokens.add(
                                        new String(
                                                model, field.from, length, StandardCharsets.UTF_8));
                        case 2 ->
                                scores.set(
                                        scores.size() - 1,
                                        ByteBuffer.wrap(model)
                                                .order(ByteOrder.LITTLE_ENDIAN)
                                                .getFloat(field.from));
                        default -> types.set(types.size() - 1, (int) model[field.from]);
                    }
                }
            } else if (piece.number == 3) {
                for (Field field : fields(model, piece.from, piece.to)) {
                    if (field.number == 3) {
                        values.put("tokenizer.ggml.add_space_prefix", model[field.from] != 0);
                    } else if (field.number == 4) {
                        values.put(
                                "tokenizer.ggml.remove_extra_whitespaces", model[field.from] != 0);
                    }
                }
            }
        }
        float[] scoreArray = new float[scores.size()];
        for (int i = 0; i < scoreArray.length; i++) {
            scoreArray[i] = scores.get(i);
        }
        byte[] map = characterMap(model);
        int[] mapArray = new int[map.length];
        for (int i = 0; i < map.length; i++) {
            mapArray[i] = map[i];
        }
        values.put("tokenizer.ggml.tokens", tokens);
        values.put("tokenizer.ggml.scores", scoreArray);
        values.put(
                "tokenizer.ggml.token_type", types.stream().mapToInt(Integer::intValue).toArray());
        values.put("tokenizer.ggml.precompiled_charsmap", mapArray);
        values.put("tokenizer.ggml.eos_token_id", 2L);
        values.put("tokenizer.ggml.unknown_token_id", 0L);
        return values;
    }

    private static List<Field> fields(byte[] data, int from, int to) {
        List<Field> fields = new ArrayList<>();
        int at = from;
        while (at < to) {
            int[] next = {at};
            long tag = varint(data, next);
            int start = next[0];
            int end =
                    switch ((int) tag & 7) {
                        case 0 -> {
                            varint(data, next);
                            yield next[0];
                        }
                        case 2 -> {
                            int length = (int) varint(data, next);
                            start = next[0];
                            yield start + length;
                        }
                        default -> start + 4;
                    };
            fields.add(new Field((int) (tag >>> 3), start, end));
            at = end;
        }
        return fields;
    }

    private static long varint(byte[] data, int[] at) {
        long value = 0;
        int shift = 0;
        byte b;
        do {
            b = data[at[0]++];
            value |= (b & 0x7FL) << shift;
            shift += 7;
        } while (b < 0);
        return value;
    }
}
