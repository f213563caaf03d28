package dev.jebena.tokenizers.internal;

import java.util.function.IntUnaryOperator;

/// Rewrites text before it is split into words.
@FunctionalInterface
interface Normalizer {
    /// The normalized form of `text[from, to)`, which is valid UTF-8 and not empty; traced when the
    /// text is.
    Text normalize(Text text, int from, int to);

    /// Applies `next` to what this one gives.
    default Normalizer then(Normalizer next) {
        return (text, from, to) -> {
            Text between = normalize(text, from, to);
            return between.bytes.length == 0
                    ? between
                    : next.normalize(between, 0, between.bytes.length);
        };
    }

    /// Makes each character another, or nothing where `step` gives -1.
    static Normalizer ofCharacters(IntUnaryOperator step) {
        return (text, from, to) -> {
            TextBuilder out = new TextBuilder(text, to - from);
            int at = from;
            while (at < to) {
                int c = step.applyAsInt(CodePoints.at(text.bytes, at));
                if (c >= 0) {
                    out.add(c, at);
                }
                at += CodePoints.length(text.bytes[at]);
            }
            return out.text();
        };
    }
}
