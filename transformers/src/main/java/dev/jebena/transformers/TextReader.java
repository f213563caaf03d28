package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A folder's tokenizer with what `tokenizer_config.json` says about it.
final class TextReader {
    private static final int MOST_PARTS = 20_000;

    private final Tokenizer tokenizer;
    private final ModelConfig config;
    private final ModelConfig specials;
    private final Path folder;
    private final boolean cleansUp;

    private TextReader(Path folder, Tokenizer tokenizer) {
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.config = ModelConfig.optional(folder.resolve("tokenizer_config.json"));
        this.specials = ModelConfig.optional(folder.resolve("special_tokens_map.json"));
        this.cleansUp = config.flag("clean_up_tokenization_spaces", false);
    }

    static TextReader of(Path folder) {
        try {
            return new TextReader(folder, Tokenizer.ofFolder(folder));
        } catch (TokenizerException e) {
            throw new Problem(Problem.Code.BAD_FILE, e.getMessage() + "", null, e);
        }
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /// What a continued word begins with, as WordPiece marks it; empty where the vocabulary marks
    /// beginnings of words instead.
    String continuation() {
        ModelConfig model = ModelConfig.optional(folder.resolve("tokenizer.json")).child("model");
        boolean pieces = model.values().isEmpty() || model.text("type", "").equals("WordPiece");
        boolean marked = tokenizer.id("##s").isPresent() || tokenizer.id("##e").isPresent();
        return model.text("continuing_subword_prefix", pieces && marked ? "##" : "");
    }

    /// How many tokens a text may have for the tokenizer; at most `longest`, what the model reads.
    int limit(int longest) {
        Object limit = config.values().get("model_max_length");
        return limit instanceof Number number
                ? (int) Math.clamp(number.doubleValue(), 1, longest)
                : longest;
    }

    Encoding encode(String text, @Nullable String pair, @Nullable Truncation truncation) {
        try {
            return tokenizer.encode(
                    text, pair, EncodeOptions.defaults().withTruncation(truncation));
        } catch (TokenizerException e) {
            throw new Problem(Problem.Code.BAD_REQUEST, e.getMessage() + "", null, e);
        }
    }

    /// Refuses parts that have so much in common that there would be too many of them.
    static void checkParts(Task<?> task, String text, int longest, int stride) {
        int step = Math.max(1, longest - stride);
        if (text.length() / step > MOST_PARTS) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "%s: parts of %d tokens of which %d are those of the part before are too many for a text of %d characters"
                            .formatted(task, longest, stride, text.length()),
                    "choose a shorter stride");
        }
    }

    /// The token in a role: `mask_token`, `unk_token`, ...
    OptionalInt special(String role, String... spellings) {
        for (ModelConfig file : List.of(config, specials)) {
            Object value = file.values().get(role);
            Object content = value instanceof Map<?, ?> map ? map.get("content") : value;
            if (content instanceof String spelling && tokenizer.id(spelling).isPresent()) {
                return tokenizer.id(spelling);
            }
        }
        for (String spelling : spellings) {
            if (tokenizer.id(spelling).isPresent()) {
                return tokenizer.id(spelling);
            }
        }
        return OptionalInt.empty();
    }

    OptionalInt mask() {
        return special("mask_token", "[MASK]", "<mask>");
    }

    OptionalInt unknown() {
        return special("unk_token", "[UNK]", "<unk>");
    }

    OptionalInt padding() {
        return special("pad_token", "[PAD]", "<pad>");
    }

    OptionalInt classification() {
        return special("cls_token", "[CLS]", "<s>");
    }

    /// The text of tokens, without spaces that tokens alone would have brought in where the
    /// tokenizer's configuration wants that.
    String decode(int[] ids, boolean skipSpecial) {
        String text = tokenizer.decode(ids, !skipSpecial);
        return cleansUp ? cleaned(text) : text;
    }

    private static String cleaned(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }
}
