package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Detokenizer;
import java.util.Arrays;

/// The [Detokenizer] of every vocabulary.
final class TextStream implements Detokenizer {
    private static final byte[] SPACE = {' '};

    private final TextTokenizer tokenizer;
    private final TokenText text;
    private final boolean provisional;
    private final boolean special;
    private final boolean startOfText;
    private final Utf8Assembler assembler = new Utf8Assembler();
    private boolean first;
    private boolean spacePending;
    private int last = -1;

    TextStream(TextTokenizer tokenizer, boolean special, boolean startOfText) {
        this.tokenizer = tokenizer;
        this.text = tokenizer.text();
        this.provisional = text.lastSpaceIsProvisional();
        this.special = special;
        this.startOfText = startOfText;
        this.first = startOfText;
    }

    @Override
    public String add(int id) {
        append(id);
        return text.needsWholeText() ? "" : assembler.take();
    }

    void append(int id) {
        if (!special && tokenizer.isSpecial(id)) {
            return;
        }
        if (id == last && text.skipsRepeats()) {
            return;
        }
        last = id;
        byte[] piece = tokenizer.piece(id, first);
        first = first && piece.length == 0 && text.beginsWithText();
        if (spacePending) {
            assembler.add(SPACE);
            spacePending = false;
        }
        if (provisional && piece.length > 0 && piece[piece.length - 1] == ' ') {
            spacePending = true;
            piece = Arrays.copyOf(piece, piece.length - 1);
        }
        assembler.add(piece);
    }

    @Override
    public String flush() {
        first = startOfText;
        spacePending = false;
        last = -1;
        return text.whole(assembler.flush());
    }
}
