package dev.jebena.examples;

import dev.jebena.llm.Answer;
import dev.jebena.llm.Chat;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import java.nio.file.Path;

/// A conversation whose answers appear as they are made: `StreamAnswer model.gguf "Tell me of
/// Ethiopia." "And its coffee?"`.
public final class StreamAnswer {
    private StreamAnswer() {}

    public static void main(String[] args) {
        Generation options = Generation.defaults().maxTokens(200).seed(7);
        try (Llm llm = Llm.load(Path.of(args[0]));
                Chat chat = llm.newChat(options)) {
            for (int i = 1; i < args.length; i++) {
                try (Answer answer = chat.stream(args[i])) {
                    answer.forEachRemaining(token -> IO.print(token.text()));
                }
                IO.println();
            }
        }
    }
}
