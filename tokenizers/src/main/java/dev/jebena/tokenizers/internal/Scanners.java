package dev.jebena.tokenizers.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pre-tokenizers of known models by the regular expression that `tokenizer.json` files carry.
final class Scanners {
    private static final Scanner GPT2 = new Gpt2Scanner();

    private Scanners() {}

    static Scanner gpt2() {
        return GPT2;
    }

    /// The hand-written form of a regular expression that matches everywhere, or null.
    static @Nullable Scanner byExpression(String expression) {
        return Known.SCANNERS.get(expression);
    }

    /// Built only for those who have an expression.
    private static final class Known {
        private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
        private static final String WORD_HEAD = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
        private static final String WORD_TAIL =
                "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        private static final String PREFIX = "[^\\r\\n\\p{L}\\p{N}]?";
        private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        private static final String CASE_TAIL =
                "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        private static final Map<String, Scanner> SCANNERS =
                Map.of(
                        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                        GPT2,
                        WORD_HEAD + "\\p{N}{1,3}" + WORD_TAIL,
                        new WordScanner(3, true, false),
                        WORD_HEAD + "\\p{N}" + WORD_TAIL,
                        new WordScanner(1, true, false),
                        CONTRACTIONS
                                + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
                                + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                        new WordScanner(1, true, true),
                        caseExpression(CONTRACTIONS + "?", "\\p{N}{1,3}"),
                        new CaseScanner(3, true),
                        caseExpression("", "\\p{N}"),
                        new CaseScanner(1, false));

        private static String caseExpression(String suffix, String numbers) {
            return PREFIX + UPPER + "*" + LOWER + "+" + suffix + "|" + PREFIX + UPPER + "+" + LOWER
                    + "*" + suffix + "|" + numbers + CASE_TAIL;
        }
    }
}
