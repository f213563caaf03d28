package dev.jebena.hub;

import dev.jebena.base.ContentId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A model on this machine, ready to be loaded.
///
/// @param name its name; for a model that was given as a path, the file's or folder's
/// @param identity computes [#digest]: a start for one answer needs none, and it loads much of the
///   JDK's security code
/// @param size bytes of all its parts
/// @param path what the loader opens: a GGUF file (of split files, the first) or a folder
/// @param adapters LoRA adapters to apply, in order
/// @param parameters default options in Ollama's names; values are Long, Double, Boolean, String,
///   or a list of them (`stop`)
/// @param template the chat template that replaces the one inside the model file, or null
/// @param system the default system message, or null
/// @param licenses licence texts
/// @param messages what every conversation begins with
/// @param source where it came from, for people, or null
public record StoredModel(
        ModelName name,
        Supplier<ContentId> identity,
        long size,
        Instant modified,
        ModelDetails details,
        Path path,
        List<Path> adapters,
        Map<String, Object> parameters,
        @Nullable String template,
        @Nullable String system,
        List<String> licenses,
        List<ModelMessage> messages,
        @Nullable String source) {
    public StoredModel {
        adapters = List.copyOf(adapters);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        licenses = List.copyOf(licenses);
        messages = List.copyOf(messages);
    }

    /// The SHA-256 of its manifest.
    public ContentId digest() {
        return identity.get();
    }

    /// True for a template in Jinja, which the engine can run. Templates in Go's language (as
    /// Ollama's) are stored and shown, and the one inside the model file is used.
    public boolean hasJinjaTemplate() {
        return template != null && TemplateLanguage.of(template) == TemplateLanguage.JINJA;
    }

    public ModelSummary summary() {
        return new ModelSummary(name, digest(), size, modified, details);
    }
}
