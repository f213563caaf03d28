package dev.jebena.tokenizers.internal;

/// The words of GPT-2: ``'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|
/// ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+``.
final class Gpt2Scanner extends Scanner {
    @Override
    int next(byte[] text, int at, int to) {
        int end = contraction(text, at, to, false);
        if (end > at) {
            return end;
        }
        int start = text[at] == ' ' && at + 1 < to ? at + 1 : at;
        byte kind = CodePoints.kind(text, start);
        return kind == CodePoints.SPACE ? spaces(text, at, to) : skip(text, start, to, kind);
    }
}
