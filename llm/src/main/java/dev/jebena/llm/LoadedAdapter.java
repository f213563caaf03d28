package dev.jebena.llm;

import java.util.List;

/// An adapter that a model has loaded.
///
/// @param id its number, which no later adapter of the model gets
/// @param file what it was loaded from, with the factor in use
public record LoadedAdapter(int id, AdapterFile file) {
    public String name() {
        return file.name();
    }

    public float scale() {
        return file.scale();
    }

    static LlmException unknown(String name, List<LoadedAdapter> loaded) {
        return new LlmException(
                LlmException.Code.BAD_REQUEST,
                loaded.isEmpty()
                        ? "there is no adapter %s: the model has none loaded".formatted(name)
                        : "there is no adapter %s; loaded are %s"
                                .formatted(
                                        name,
                                        String.join(
                                                ", ",
                                                loaded.stream()
                                                        .map(LoadedAdapter::name)
                                                        .toList())));
    }
}
