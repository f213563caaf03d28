package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import dev.jebena.tokenizers.internal.CaseScanner.Case;

/// The pre-tokenizers that GGUF files name in `tokenizer.ggml.pre`, and what goes with them. Gives
/// the same pieces as llama.cpp, whose classes of characters know upper and lower case in ASCII
/// alone.
///
/// @param wholeWords a word that is a token is not built from its parts
/// @param addsBos whether a text begins with BOS unless the file says otherwise
record GgufFamilies(Splitter splitter, boolean wholeWords, boolean addsBos) {
    private static final Scanner GPT2 = Scanners.gpt2();

    static GgufFamilies of(String name) {
        return switch (name) {
            case "llama3",
                    "llama-v3",
                    "llama-bpe",
                    "falcon3",
                    "falcon-h1",
                    "pixtral",
                    "midm-2.0",
                    "lfm2",
                    "jina-v5-nano" ->
                    new GgufFamilies(new WordScanner(3, true, false), true, true);
            case "glm4", "glm5" -> wholeWords(new WordScanner(3, true, false));
            case "tekken" -> new GgufFamilies(new CaseScanner(1, false, Case.ASCII), true, true);
            case "granite-embed-multi-97m" ->
                    wholeWords(new CaseScanner(3, true, Case.ASCII_AND_MARKS));
            case "youtu" ->
                    wholeWords(GgufExpressions.youtu().then(new CaseScanner(1, true, Case.NONE)));
            case "minicpm5" ->
                    wholeWords(numbers(3).then(new WordScanner(Integer.MAX_VALUE, true, false)));
            case "chameleon" ->
                    new GgufFamilies(GgufExpressions.chameleon().then(GPT2), false, true);
            default -> new GgufFamilies(plain(name), false, false);
        };
    }

    private static GgufFamilies wholeWords(Splitter splitter) {
        return new GgufFamilies(splitter, true, false);
    }

    private static Splitter plain(String name) {
        return switch (name) {
            case "dbrx", "smaug-bpe", "chatglm-bpe" -> new WordScanner(3, true, false);
            case "qwen2",
                    "deepseek-r1-qwen",
                    "kormo",
                    "f2llmv2",
                    "stablelm2",
                    "megrez",
                    "hunyuan",
                    "grok-2",
                    "solar-open",
                    "bailingmoe",
                    "bailingmoe2",
                    "llada-moe" ->
                    new WordScanner(1, true, false);
            case "qwen35" -> new WordScanner(1, true, true);
            case "ufakzeka" -> new WordScanner(1, false, false);
            case "laguna" ->
                    new RunScanner(c -> c == '\n', 1, Integer.MAX_VALUE)
                            .then(new WordScanner(1, true, false));
            case "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2" ->
                    new CaseScanner(3, true, Case.ASCII);
            case "tiny_aya", "cohere2moe" ->
                    new DigitGroups(CodePoints::isNumber, true)
                            .then(new CaseScanner(3, true, Case.NONE));
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
                    numbers(1).then(GPT2);
            default -> mixed(name);
        };
    }

    private static Splitter mixed(String name) {
        return switch (name) {
            case "falcon" -> symbols("$+<=>^~|`").then(GPT2).then(threeDigits());
            case "bloom", "poro-chat", "gpt3-finnish" -> new BloomScanner();
            case "viking" -> new BloomScanner().then(numbers(1));
            case "", "default" ->
                    symbols("$+<=>^~|")
                            .then(GPT2)
                            .then(numbers(Integer.MAX_VALUE))
                            .then(threeDigits());
            case "superbpe" ->
                    numbers(Integer.MAX_VALUE)
                            .then(new DigitGroups(c -> c >= '0' && c <= '9', false));
            case "deepseek-llm" -> GgufExpressions.deepseekLlm();
            case "deepseek-coder" -> GgufExpressions.deepseekCoder();
            case "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4" ->
                    numbers(3).then(GgufExpressions.deepseek3());
            case "spark2_5" -> numbers(3).then(GgufExpressions.spark()).then(numbers(1));
            case "afmoe" ->
                    new DigitGroups(CodePoints::isNumber, true).then(GgufExpressions.afmoe());
            case "kimi-k2" -> GgufExpressions.kimi();
            case "jais-2" -> GgufExpressions.jais2();
            case "exaone-moe" -> GgufExpressions.exaone();
            case "seed-coder" -> GgufExpressions.seedCoder();
            default ->
                    throw new TokenizerException(
                            "tokenizer.ggml.pre: unknown pre-tokenizer '"
                                    + name
                                    + "'; known are llama-bpe, qwen2, gpt-2, smollm, gpt-4o,"
                                    + " tekken, falcon, bloom, deepseek-v3, kimi-k2, default and"
                                    + " their relatives. A newer release may know it");
        };
    }

    private static Scanner numbers(int longest) {
        return new RunScanner(CodePoints::isNumber, 1, longest);
    }

    private static Scanner threeDigits() {
        return new RunScanner(c -> c >= '0' && c <= '9', 3, 3);
    }

    private static Scanner symbols(String more) {
        return new RunScanner(
                c -> CodePoints.isPunctuation(c) || more.indexOf(c) >= 0, 1, Integer.MAX_VALUE);
    }
}
