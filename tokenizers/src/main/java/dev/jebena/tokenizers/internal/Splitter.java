package dev.jebena.tokenizers.internal;

/// A pre-tokenizer: cuts text into pieces that are tokenized independently.
@FunctionalInterface
interface Splitter {
    /// Hands the pieces of `text[from, to)` to `sink` in order. The text is valid UTF-8, and so is
    /// each piece. A piece may lie in another array when the splitter changes text.
    void split(byte[] text, int from, int to, Pieces sink);

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

    /// Receives pieces.
    @FunctionalInterface
    interface Pieces {
        void piece(byte[] text, int from, int to);
    }
}
