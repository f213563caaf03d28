package dev.jebena.llm.internal.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The chat template of a folder: a file of its own, or in `tokenizer_config.json`.
final class FolderTemplate {
    private static final long MOST_BYTES = 1 << 20;

    private FolderTemplate() {}

    /// The template; null where there is none.
    static @Nullable String read(Path folder) {
        Path file = folder.resolve("chat_template.jinja");
        try {
            if (Files.exists(file) && Files.size(file) <= MOST_BYTES) {
                return Files.readString(file);
            }
        } catch (IOException e) {
            // As if it were not there: the model answers without its template.
            return null;
        }
        Map<String, @Nullable Object> config =
                ModelFolder.optional(folder.resolve("tokenizer_config.json"));
        return config == null ? null : chosen(config.get("chat_template"));
    }

    /// One template, or the default among several.
    private static @Nullable String chosen(@Nullable Object templates) {
        if (templates instanceof String one) {
            return one;
        }
        if (templates instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> named
                        && "default".equals(named.get("name"))
                        && named.get("template") instanceof String text) {
                    return text;
                }
            }
        }
        return null;
    }
}
