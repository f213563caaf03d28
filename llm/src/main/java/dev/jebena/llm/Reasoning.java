package dev.jebena.llm;

/// How a model thinks before it answers: text between two marks, to which no constraint applies.
///
/// @param start what begins it, `<think>`
/// @param end what ends it, `</think>`
/// @param open whether the prompt has begun it already, so that the answer starts inside
/// @param budget tokens of it at most, after which its end is written for the model; -1 for any
///   number
public record Reasoning(String start, String end, boolean open, int budget) {
    public Reasoning {
        if (start.isEmpty() || end.isEmpty()) {
            throw new IllegalArgumentException("a mark of reasoning is empty");
        }
    }
}
