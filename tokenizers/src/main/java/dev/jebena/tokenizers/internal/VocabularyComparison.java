package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.text.Normalizer;
import java.util.Arrays;

/// Whether two forms of one vocabulary make the same tokens of the same text.
public final class VocabularyComparison {
    private VocabularyComparison() {}

    /// Throws [TokenizerException] with the first text that becomes other tokens.
    ///
    /// @param kind the GGUF file's kind of vocabulary
    /// @param remedy the end of the message
    public static void check(Tokenizer source, Tokenizer made, String kind, String remedy) {
        for (String sample : PreTokenizerForms.SAMPLES) {
            // GGUF files do not say how text is composed, and nearly all text is.
            String text = Normalizer.normalize(sample, Normalizer.Form.NFC);
            if (kind.equals("bert")) {
                // Readers of GGUF files take these for accents, a tokenizer.json does not.
                text = text.replaceAll("[\\p{Mc}\\p{Me}]", "");
            }
            int[] expected = source.encode(text, true, true);
            int[] actual = made.encode(text, true, true);
            int from = Arrays.mismatch(expected, actual);
            // How unknown characters are counted is left open.
            if (from >= 0 && spells(source, expected)) {
                throw new TokenizerException(
                        "the converted vocabulary would make other tokens of \"%s\": from the %dth on %s in place of %s; %s"
                                .formatted(
                                        text.length() > 60 ? text.substring(0, 60) + "..." : text,
                                        from + 1,
                                        shown(made, actual, from),
                                        shown(source, expected, from),
                                        remedy));
            }
        }
    }

    /// Whether no token stands for something that the vocabulary does not know.
    private static boolean spells(Tokenizer source, int[] ids) {
        for (int id : ids) {
            String token = source.token(id);
            if (token.equals("<unk>") || token.equals("[UNK]")) {
                return false;
            }
        }
        return true;
    }

    private static String shown(Tokenizer tokenizer, int[] ids, int from) {
        StringBuilder text = new StringBuilder("[");
        for (int i = from; i < Math.min(ids.length, from + 4); i++) {
            text.append(i > from ? ", " : "").append(tokenizer.token(ids[i]));
        }
        return text.append(ids.length > from + 4 ? ", ...]" : "]").toString();
    }
}
