package dev.jebena.llm;

import java.nio.file.Path;

/// A LoRA adapter to load: a GGUF file, or a folder of PEFT's (`adapter_config.json`,
/// `adapter_model.safetensors`).
///
/// @param name what requests call it
/// @param scale factor on it for requests that choose no adapters by themselves; 0 to apply it only
///   where it is asked for
public record AdapterFile(String name, Path path, float scale) {
    /// Applied as it is, under the name of the file or folder.
    public static AdapterFile of(Path path) {
        String file = String.valueOf(path.toAbsolutePath().normalize().getFileName());
        return new AdapterFile(
                file.endsWith(".gguf") ? file.substring(0, file.length() - 5) : file, path, 1);
    }

    public AdapterFile name(String name) {
        return new AdapterFile(name, path, scale);
    }

    public AdapterFile scale(float scale) {
        return new AdapterFile(name, path, scale);
    }
}
