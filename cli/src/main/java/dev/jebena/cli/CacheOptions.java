package dev.jebena.cli;

import dev.jebena.compute.DataType;
import dev.jebena.llm.LlmOptions;
import picocli.CommandLine.Option;

/// The option of commands that keep keys and values of texts: as what.
final class CacheOptions {
    /// Types by the names that users know from files.
    enum Type {
        f16(DataType.F16),
        f32(DataType.F32),
        q8_0(DataType.Q8_0);

        private final DataType type;

        Type(DataType type) {
            this.type = type;
        }
    }

    @Option(
            names = "--kv-type",
            paramLabel = "TYPE",
            description =
                    "Type of cached keys and values: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}). q8_0 takes half the memory of f16 and is a little less precise.",
            defaultValue = "f16")
    Type type = Type.f16;

    LlmOptions over(LlmOptions options) {
        return options.kvType(type.type);
    }
}
