package dev.jebena.tokenizers.internal;

import org.jspecify.annotations.Nullable;

/// The normalization of SentencePiece: its rules for characters, then spaces.
final class SentencePieceNormalizer implements Normalizer {
    private static final byte[] MARK = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};
    private static final byte[] SPACE = {' '};

    private final @Nullable CharacterMap map;
    private final AddedTokens kept;
    private final Options options;
    private final byte[] space;

    /// @param dummyPrefix puts a space before the text (or after it, with `suffix`)
    /// @param mergeSpaces makes neighbouring spaces one, and removes those at both ends
    /// @param marks writes spaces as `▁`
    /// @param suffix whether spaces belong to the word before them
    /// @param llamaCpp as llama.cpp, which puts a space before each word when it merges spaces, and
    ///   none before a text of spaces alone
    record Options(
            boolean dummyPrefix,
            boolean mergeSpaces,
            boolean marks,
            boolean suffix,
            boolean llamaCpp) {}

    /// @param kept tokens whose text is left as it is
    SentencePieceNormalizer(@Nullable CharacterMap map, AddedTokens kept, Options options) {
        this.map = map;
        this.kept = kept;
        this.options = options;
        this.space = options.marks ? MARK : SPACE;
    }

    @Override
    public Text normalize(Text text, int from, int to) {
        Text mapped = mapped(text, from, to);
        if (options.llamaCpp) {
            return wordByWord(mapped);
        }
        Text spaced = spaced(mapped);
        boolean lone = spaced.bytes.length == 0 && options.suffix && options.dummyPrefix;
        if (lone && vanishes(text, from, to)) {
            TextBuilder out = new TextBuilder(text, space.length);
            out.add(space, from);
            return out.text();
        }
        return spaced;
    }

    /// Whether a character has a rule that makes nothing of it: unlike spaces, such a text counts.
    private boolean vanishes(Text text, int from, int to) {
        for (int at = from; at < to && map != null; at += CodePoints.length(text.bytes[at])) {
            long rule = map.find(text.bytes, at, to, true);
            if (rule >= 0 && map.replacement(rule, 0) < 0) {
                return true;
            }
        }
        return false;
    }

    private Text mapped(Text text, int from, int to) {
        TextBuilder out = new TextBuilder(text, to - from + 16);
        int at = from;
        while (at < to) {
            int keep = kept.longestAt(text.bytes, at, to);
            long rule = map == null || keep > 0 ? -1 : map.find(text.bytes, at, to, true);
            if (rule < 0) {
                int length = keep > 0 ? keep : CodePoints.length(text.bytes[at]);
                out.copy(at, at + length);
                at += length;
            } else {
                replace(at, rule, out);
                at += (int) rule;
            }
        }
        return out.text();
    }

    private void replace(int at, long rule, TextBuilder out) {
        CharacterMap rules = map;
        if (rules == null) {
            return;
        }
        for (int i = 0, b = rules.replacement(rule, 0); b >= 0; b = rules.replacement(rule, ++i)) {
            out.addByte((byte) b, at);
        }
    }

    private Text spaced(Text text) {
        byte[] bytes = text.bytes;
        int from = 0;
        int to = bytes.length;
        if (options.mergeSpaces) {
            while (from < to && bytes[from] == ' ') {
                from++;
            }
            while (to > from && bytes[to - 1] == ' ') {
                to--;
            }
        }
        TextBuilder out = new TextBuilder(text, 2 * (to - from) + 8);
        if (from == to) {
            return out.text();
        }
        if (options.dummyPrefix && !options.suffix) {
            out.add(space, from);
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ') {
                out.copy(i, i + 1);
            } else if (!options.mergeSpaces || bytes[i - 1] != ' ') {
                out.add(space, i);
            }
        }
        if (options.dummyPrefix && options.suffix) {
            out.add(space, to - 1);
        }
        return out.text();
    }

    private Text wordByWord(Text text) {
        byte[] bytes = text.bytes;
        TextBuilder out = new TextBuilder(text, 2 * bytes.length + 8);
        boolean prefixed = false;
        boolean inWord = false;
        for (int i = 0; i < bytes.length; i++) {
            boolean isSpace = bytes[i] == ' ';
            if (!isSpace
                    && !inWord
                    && (options.mergeSpaces || (options.dummyPrefix && !prefixed))) {
                out.add(space, i);
                prefixed = true;
            }
            if (!isSpace) {
                out.copy(i, i + 1);
            } else if (!options.mergeSpaces) {
                out.add(space, i);
            }
            inWord = !isSpace;
        }
        return out.text();
    }
}
