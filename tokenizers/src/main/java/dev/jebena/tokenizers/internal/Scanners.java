package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pre-tokenizers of known models, by the name that GGUF files carry and by the regular
/// expression that `tokenizer.json` files carry.
final class Scanners {
    private static final Scanner GPT2 = new Gpt2Scanner();
    private static final Scanner ONE_NUMBER = new RunScanner(CodePoints::isNumber, 1, 1);
    private static final Scanner THREE_DIGITS = new RunScanner(c -> c >= '0' && c <= '9', 3, 3);

    private Scanners() {}

    static Scanner gpt2() {
        return GPT2;
    }

    /// The hand-written form of a regular expression that matches everywhere, or null.
    static @Nullable Scanner byExpression(String expression) {
        return Known.SCANNERS.get(expression);
    }

    /// The pre-tokenizer of `tokenizer.ggml.pre`.
    static Splitter byName(String name) {
        return switch (name) {
            case "llama3",
                    "llama-v3",
                    "llama-bpe",
                    "falcon3",
                    "falcon-h1",
                    "pixtral",
                    "midm-2.0",
                    "lfm2",
                    "jina-v5-nano",
                    "dbrx",
                    "smaug-bpe",
                    "chatglm-bpe",
                    "glm4",
                    "glm5" ->
                    new WordScanner(3, true, false);
            case "qwen2",
                    "deepseek-r1-qwen",
                    "kormo",
                    "f2llmv2",
                    "stablelm2",
                    "megrez",
                    "hunyuan",
                    "grok-2",
                    "solar-open" ->
                    new WordScanner(1, true, false);
            case "qwen35" -> new WordScanner(1, true, true);
            case "ufakzeka" -> new WordScanner(1, false, false);
            case "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2" -> new CaseScanner(3, true);
            case "tekken" -> new CaseScanner(1, false);
            case "gpt-2",
                    "phi-2",
                    "jina-es",
                    "jina-de",
                    "gigachat",
                    "jina-v1-en",
                    "jina-v2-es",
                    "jina-v2-de",
                    "jina-v2-code",
                    "roberta-bpe",
                    "a.x-4.0",
                    "mellum",
                    "modern-bert",
                    "mpt",
                    "olmo",
                    "jais",
                    "exaone4",
                    "trillion",
                    "granite-docling" ->
                    GPT2;
            case "smollm",
                    "starcoder",
                    "refact",
                    "command-r",
                    "codeshell",
                    "exaone",
                    "minerva-7b",
                    "mellum2" ->
                    ONE_NUMBER.then(GPT2);
            case "falcon" -> symbols("$+<=>^~|`").then(GPT2).then(THREE_DIGITS);
            case "bloom", "poro-chat", "gpt3-finnish" -> new BloomScanner();
            case "viking" -> new BloomScanner().then(ONE_NUMBER);
            case "", "default" ->
                    symbols("$+<=>^~|")
                            .then(GPT2)
                            .then(new RunScanner(CodePoints::isNumber, 1, Integer.MAX_VALUE))
                            .then(THREE_DIGITS);
            default ->
                    throw new TokenizerException(
                            "tokenizer.ggml.pre: unknown pre-tokenizer '"
                                    + name
                                    + "'; known are llama-bpe, qwen2, gpt-2, smollm, gpt-4o,"
                                    + " tekken, falcon, bloom, default and their relatives");
        };
    }

    private static Scanner symbols(String more) {
        return new RunScanner(
                c -> CodePoints.isPunctuation(c) || more.indexOf(c) >= 0, 1, Integer.MAX_VALUE);
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
