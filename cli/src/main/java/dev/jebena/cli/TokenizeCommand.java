package dev.jebena.cli;

import dev.jebena.formats.Gguf;
import dev.jebena.json.Json;
import dev.jebena.tokenizers.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tokenize",
        description = "Shows how a model cuts a text into tokens.",
        footer = {
            "  jebena tokenize smollm2 \"Why is the sky blue?\"",
            "  jebena tokenize smollm2 --ids < prose.txt | wc -l",
            "  jebena tokenize smollm2 --decode 6403 314 260"
        })
final class TokenizeCommand extends JebenaCommand {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A model of the store, a GGUF file, a folder, or its tokenizer.")
    String model = "";

    @Parameters(
            index = "1..*",
            paramLabel = "TEXT",
            description = "The text; standard input if absent.")
    @Nullable List<String> text;

    @Option(names = "--decode", description = "TEXT is token ids; print their text.")
    boolean decode;

    @Option(names = "--ids", description = "Print ids only, one a line.")
    boolean ids;

    @Option(
            names = "--no-special",
            description = "Add no BOS or EOS, and read special tokens as plain text.")
    boolean plain;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws Exception {
        String input = text == null ? Input.all() : String.join(" ", text);
        try (Models models = Models.open()) {
            boolean alone = model.endsWith(".json") || model.endsWith(".model");
            Path path = alone ? Path.of(model) : models.local(model).path();
            if (Files.isDirectory(path)) {
                print(Tokenizer.ofFolder(path), input);
            } else if (model.endsWith(".json")) {
                print(Tokenizer.ofJson(path), input);
            } else if (model.endsWith(".model")) {
                print(Tokenizer.ofSentencePiece(path), input);
            } else {
                try (Gguf file = Gguf.open(path)) {
                    print(Tokenizer.ofGguf(file.metadata()), input);
                }
            }
        }
        return ExitCode.OK;
    }

    private void print(Tokenizer tokenizer, String input) {
        if (decode) {
            System.out.println(tokenizer.decode(parseIds(tokenizer, input), true));
            return;
        }
        int[] encoded = tokenizer.encode(input, !plain, !plain);
        if (json) {
            List<Map<String, Object>> tokens = new ArrayList<>();
            for (int id : encoded) {
                Map<String, Object> token = new LinkedHashMap<>();
                token.put("id", id);
                token.put("token", tokenizer.token(id));
                tokens.add(token);
            }
            System.out.println(Json.write(Map.of("count", encoded.length, "tokens", tokens)));
        } else {
            for (int id : encoded) {
                System.out.println(
                        ids
                                ? String.valueOf(id)
                                : "%7d  %s".formatted(id, Json.write(tokenizer.token(id))));
            }
        }
    }

    private static int[] parseIds(Tokenizer tokenizer, String input) {
        String[] words = input.strip().split("[\\s,]+");
        int[] result = new int[words.length];
        for (int i = 0; i < words.length; i++) {
            try {
                result[i] = Integer.parseInt(words[i]);
            } catch (NumberFormatException e) {
                throw UserError.usage("--decode: \"" + words[i] + "\" is not a token id");
            }
            if (result[i] < 0 || result[i] >= tokenizer.vocabularySize()) {
                throw UserError.usage(
                        "--decode: "
                                + result[i]
                                + " is not in the vocabulary of "
                                + tokenizer.vocabularySize()
                                + " tokens");
            }
        }
        return result;
    }
}
