package dev.jebena.llm;

import java.nio.file.Path;

/// skeleton
final class LlmLoader {
    private LlmLoader() {}

    static Llm load(Path path, LlmOptions options) {
        throw new LlmException(LlmException.Code.BAD_MODEL, "skeleton" + path + options);
    }
}
