package dev.jebena.tokenizers.internal;

import java.util.function.IntPredicate;

/// Cuts runs of digits into groups of three, counted from their ends.
///
/// @param isDigit what counts as a digit
/// @param joined whether the first group of a run stays with the text before it, as llama.cpp
///   leaves it; otherwise a run is only cut where three, six, ... digits follow
record DigitGroups(IntPredicate isDigit, boolean joined) implements Splitter {
    @Override
    public void split(Text text, int from, int to, Pieces sink) {
        byte[] bytes = text.bytes;
        int piece = from;
        int at = from;
        while (at < to) {
            int digits = 0;
            int end = at;
            while (end < to && isDigit.test(CodePoints.at(bytes, end))) {
                end += CodePoints.length(bytes[end]);
                digits++;
            }
            if (digits == 0) {
                at += CodePoints.length(bytes[at]);
                continue;
            }
            for (int left = digits; left > 0; left--) {
                boolean cut = left % 3 == 0 && (left < digits || !joined);
                if (cut && at > piece) {
                    sink.piece(text, piece, at);
                    piece = at;
                }
                at += CodePoints.length(bytes[at]);
            }
            if (joined) {
                sink.piece(text, piece, at);
                piece = at;
            }
        }
        if (piece < to) {
            sink.piece(text, piece, to);
        }
    }
}
