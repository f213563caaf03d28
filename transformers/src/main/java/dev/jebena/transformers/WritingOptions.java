package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.transformers.internal.model.ModelConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How texts are written: the values of a `generation_config.json`, of the task and of the call,
/// under the names of transformers.
final class WritingOptions {
    static final Set<String> NAMES =
            Set.of(
                    "max_length",
                    "max_new_tokens",
                    "min_length",
                    "min_new_tokens",
                    "num_beams",
                    "num_return_sequences",
                    "length_penalty",
                    "early_stopping",
                    "no_repeat_ngram_size",
                    "encoder_no_repeat_ngram_size",
                    "repetition_penalty",
                    "bad_words_ids",
                    "suppress_tokens",
                    "forced_bos_token_id",
                    "forced_eos_token_id",
                    "do_sample",
                    "temperature",
                    "top_k",
                    "top_p",
                    "seed");
    private static final Set<String> IDS =
            Set.of("decoder_start_token_id", "bos_token_id", "eos_token_id", "pad_token_id");
    private static final int STANDARD_LENGTH = 256;
    private static final int STANDARD_BEAMS = 4;

    private final ModelConfig values;
    private final int longest;

    /// @param longest tokens that the model can write at most
    private WritingOptions(ModelConfig values, int longest) {
        this.values = values;
        this.longest = longest;
    }

    /// What the model's files say: its own values, then those of the task.
    ///
    /// @param generation `generation_config.json`; where it has nothing, older models have the
    ///   values in `config`
    static WritingOptions of(
            ModelConfig generation, ModelConfig config, ModelConfig ofTask, int longest) {
        Map<String, @Nullable Object> all = new HashMap<>();
        ModelConfig source = generation.values().isEmpty() ? config : generation;
        for (ModelConfig file : List.of(config, source)) {
            for (String name : IDS) {
                put(all, file, name);
            }
        }
        NAMES.forEach(name -> put(all, source, name));
        // The library's pipelines search with four beams, whatever the model's file says.
        all.put("num_beams", (long) STANDARD_BEAMS);
        boolean limited = all.get("max_length") instanceof Number length && length.intValue() != 20;
        if (!limited) {
            all.putIfAbsent("max_new_tokens", (long) STANDARD_LENGTH);
        }
        NAMES.forEach(name -> put(all, ofTask, name));
        return new WritingOptions(new ModelConfig(generation.place(), all), longest);
    }

    private static void put(Map<String, @Nullable Object> all, ModelConfig file, String name) {
        if (file.has(name)) {
            all.put(name, file.values().get(name));
        }
    }

    /// The same, changed by a call's parameters.
    WritingOptions over(Map<String, ? extends @Nullable Object> parameters) {
        Map<String, @Nullable Object> all = new HashMap<>(values.values());
        parameters.forEach((name, value) -> {
            if (NAMES.contains(name)) {
                all.put(name, value);
            }
        });
        // A length that is asked for counts more than another one that is not.
        if (parameters.get("max_length") != null && parameters.get("max_new_tokens") == null) {
            all.remove("max_new_tokens");
        }
        WritingOptions changed = new WritingOptions(new ModelConfig("parameters", all), longest);
        changed.check();
        return changed;
    }

    private void check() {
        atLeast("num_beams", beams(), 1);
        atLeast("num_return_sequences", answers(), 1);
        atLeast("max_new_tokens", maxLength() - 1, 1);
        int most = 64;
        if (beams() > most) {
            throw Problem.badRequest("num_beams is %d, at most %d".formatted(beams(), most));
        }
        if (answers() > beams() && !samples()) {
            throw Problem.badRequest(
                    "num_return_sequences is %d, with num_beams %d there are %d"
                            .formatted(answers(), beams(), beams()));
        }
        if (samples() && beams() > 1) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "do_sample draws one token after the other and cannot search with %d beams"
                            .formatted(beams()),
                    "set num_beams to 1");
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw Problem.badRequest("%s is %d, must be at least %d".formatted(name, value, least));
        }
    }

    /// Tokens of an answer with the one it begins with.
    int maxLength() {
        int added = values.integer("max_new_tokens", -1);
        int length = added >= 0 ? added + 1 : values.integer("max_length", 20);
        return Math.min(length, longest);
    }

    int minLength() {
        int added = values.integer("min_new_tokens", 0);
        return Math.max(values.integer("min_length", 0), added > 0 ? added + 1 : 0);
    }

    int beams() {
        return values.integer("num_beams", 1);
    }

    int answers() {
        return values.integer("num_return_sequences", 1);
    }

    double lengthPenalty() {
        return values.number("length_penalty", 1);
    }

    /// Whether a search ends as soon as there are enough answers.
    boolean stopsEarly() {
        return Boolean.TRUE.equals(values.values().get("early_stopping"));
    }

    /// Whether a search goes on as long as anything could become better.
    boolean neverStopsEarly() {
        return "never".equals(values.values().get("early_stopping"));
    }

    int noRepeat() {
        return values.integer("no_repeat_ngram_size", 0);
    }

    int noRepeatOfText() {
        return values.integer("encoder_no_repeat_ngram_size", 0);
    }

    double repetitionPenalty() {
        return values.number("repetition_penalty", 1);
    }

    List<int[]> badWords() {
        List<int[]> words = new ArrayList<>();
        if (values.values().get("bad_words_ids") instanceof List<?> list) {
            list.forEach(word -> words.add(ids("bad_words_ids", word)));
        }
        return words;
    }

    int[] suppressed() {
        return ids("suppress_tokens", values.values().get("suppress_tokens"));
    }

    /// -1 for none.
    int forcedFirst() {
        return values.integer("forced_bos_token_id", -1);
    }

    /// The token that ends an answer that becomes too long; -1 for none.
    int forcedLast() {
        int[] ids = ids("forced_eos_token_id", values.values().get("forced_eos_token_id"));
        return ids.length == 0 ? -1 : ids[0];
    }

    int[] ends() {
        return ids("eos_token_id", values.values().get("eos_token_id"));
    }

    /// The token that every answer begins with.
    int start() {
        int start = values.integer("decoder_start_token_id", values.integer("bos_token_id", -1));
        if (start < 0) {
            throw new Problem(
                    Problem.Code.BAD_FILE, values.place() + ": there is no decoder_start_token_id");
        }
        return start;
    }

    boolean samples() {
        return values.flag("do_sample", false);
    }

    double temperature() {
        return values.number("temperature", 1);
    }

    int topK() {
        return values.integer("top_k", 50);
    }

    double topP() {
        return values.number("top_p", 1);
    }

    /// Null for one from the clock.
    @Nullable Long seed() {
        return values.values().get("seed") instanceof Number seed ? seed.longValue() : null;
    }

    /// One id, or a list of them; none for null.
    private static int[] ids(String name, @Nullable Object value) {
        if (value == null) {
            return new int[0];
        }
        List<?> list = value instanceof List<?> many ? many : List.of(value);
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!(list.get(i) instanceof Number id)) {
                throw Problem.badRequest(name + " must hold token ids");
            }
            ids[i] = id.intValue();
        }
        return ids;
    }
}
