package dev.jebena.cli;

import dev.jebena.llm.LlmOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of commands that let tokens be guessed.
final class DraftOptions {
    @Option(
            names = "--draft",
            paramLabel = "MODEL",
            description =
                    "A smaller model of the same family that guesses tokens for this one to check.")
    @Nullable String model;

    @Option(
            names = "--draft-tokens",
            paramLabel = "N",
            description =
                    "Guessed tokens to check at once, where that is faster; 0 for none (default 8).")
    @Nullable Integer tokens;

    LlmOptions over(LlmOptions options, Models models) {
        LlmOptions changed = tokens == null ? options : options.draftTokens(tokens);
        return model == null ? changed : changed.draft(models.local(model).path());
    }
}
