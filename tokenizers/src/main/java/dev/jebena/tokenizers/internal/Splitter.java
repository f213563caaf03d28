package dev.jebena.tokenizers.internal;

/// A pre-tokenizer: cuts text into pieces that are tokenized independently.
@FunctionalInterface
interface Splitter {
    /// Hands the pieces of `text[from, to)` to `sink` in order. The text is valid UTF-8, and so is
    /// each piece. A piece may lie in another text when the splitter changes it.
    void split(Text text, int from, int to, Pieces sink);

    /// Applies `next` to every piece of this splitter.
    default Splitter then(Splitter next) {
        return (text, from, to, sink) ->
                split(text, from, to, (t, f, e) -> next.split(t, f, e, sink));
    }

    /// The whole text as one piece.
    static Splitter none() {
        return (text, from, to, sink) -> {
            if (from < to) {
                sink.piece(text, from, to);
            }
        };
    }

    /// Rewrites the text before it is split by `next`.
    static Splitter rewriting(Normalizer rewrite, Splitter next) {
        return (text, from, to, sink) -> {
            if (from < to) {
                Text rewritten = rewrite.normalize(text, from, to);
                next.split(rewritten, 0, rewritten.bytes.length, sink);
            }
        };
    }

    /// Receives pieces.
    @FunctionalInterface
    interface Pieces {
        void piece(Text text, int from, int to);
    }
}
