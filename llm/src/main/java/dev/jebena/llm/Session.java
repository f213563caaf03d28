package dev.jebena.llm;

/// What a model has read, to go on from later without reading it again.
///
/// @param tokens prompt and answer so far
/// @param note the caller's own words, kept with it: the conversation as JSON, say
public record Session(int[] tokens, String note) {
    public Session {
        tokens = tokens.clone();
    }
}
