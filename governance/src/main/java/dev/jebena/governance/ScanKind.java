package dev.jebena.governance;

import java.util.Locale;

/// What a scan looks for.
public enum ScanKind {
    /// Names that pickles import.
    PICKLE,
    /// Archives that unpack to too much, hide entries or write outside of their folder.
    ARCHIVE,
    /// Tokens, passwords and private keys.
    SECRET,
    /// Content that is not what its name, pointer or list of checksums says.
    HASH,
    /// Damaged safetensors, GGUF, ONNX and TensorFlow files.
    FORMAT,
    /// Programs, and what is one under another name.
    EXECUTABLE,
    /// Python code in Keras models, file access in TensorFlow graphs.
    GRAPH,
    /// Chat templates that try to leave the sandbox.
    TEMPLATE,
    /// What could not be looked into.
    INCOMPLETE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
