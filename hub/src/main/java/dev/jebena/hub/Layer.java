package dev.jebena.hub;

import dev.jebena.base.ContentId;
import org.jspecify.annotations.Nullable;

/// One part of a model.
///
/// @param mediaType what it is; the types of Ollama's registry, and one of ours for the files of a
///   model folder
/// @param title its file name, perhaps with folders; null when the type needs none
record Layer(String mediaType, ContentId digest, long size, @Nullable String title) {
    private static final String IMAGE = "application/vnd.ollama.image.";

    static final String CONFIG = "application/vnd.docker.container.image.v1+json";

    /// A GGUF file, or one of split files.
    static final String MODEL = IMAGE + "model";

    /// A file of a model that is a folder: weights, configuration, tokenizer.
    static final String FILE = "application/vnd.jebena.model.file";

    static final String ADAPTER = IMAGE + "adapter";
    static final String TEMPLATE = IMAGE + "template";
    static final String SYSTEM = IMAGE + "system";
    static final String PARAMETERS = IMAGE + "params";
    static final String LICENSE = IMAGE + "license";
    static final String MESSAGES = IMAGE + "messages";

    boolean is(String type) {
        return mediaType.equals(type);
    }

    /// True for what the loader reads.
    boolean isWeights() {
        return is(MODEL) || is(FILE);
    }
}
