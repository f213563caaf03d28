package dev.jebena.examples;

import dev.jebena.llm.Llm;
import java.nio.file.Path;

/// One question, one answer: `AskModel model.gguf "Why is the sky blue?"`.
public final class AskModel {
    private AskModel() {}

    public static void main(String[] args) {
        try (Llm llm = Llm.load(Path.of(args[0]))) {
            IO.println(llm.chat(args[1]));
        }
    }
}
