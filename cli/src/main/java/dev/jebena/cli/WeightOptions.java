package dev.jebena.cli;

import dev.jebena.formats.Mix;
import dev.jebena.llm.LlmOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option of commands that load models: in how many bits.
final class WeightOptions {
    @Option(
            names = "--quantize",
            paramLabel = "TYPE",
            description =
                    "Bring plain weights (F32, F16, BF16) to this type while loading, as jebena quantize does.")
    @Nullable String type;

    LlmOptions over(LlmOptions options) {
        return type == null ? options : options.weights(Mix.of(type));
    }
}
