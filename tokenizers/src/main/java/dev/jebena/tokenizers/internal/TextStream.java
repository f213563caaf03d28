package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Detokenizer;

/// The [Detokenizer] of every vocabulary.
final class TextStream implements Detokenizer {
    private final TextTokenizer tokenizer;
    private final boolean special;
    private final boolean startOfText;
    private final Utf8Assembler assembler = new Utf8Assembler();
    private boolean first;

    TextStream(TextTokenizer tokenizer, boolean special, boolean startOfText) {
        this.tokenizer = tokenizer;
        this.special = special;
        this.startOfText = startOfText;
        this.first = startOfText;
    }

    @Override
    public String add(int id) {
        append(id);
        return assembler.take();
    }

    void append(int id) {
        if (!special && tokenizer.isSpecial(id)) {
            return;
        }
        assembler.add(tokenizer.piece(id, first));
        first = false;
    }

    @Override
    public String flush() {
        first = startOfText;
        return assembler.flush();
    }
}
