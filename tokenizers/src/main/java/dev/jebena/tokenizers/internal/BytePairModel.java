package dev.jebena.tokenizers.internal;

/// Byte-pair encoding. A word begins as single bytes (byte-level vocabularies) or characters, and
/// neighbours are joined as [Symbols.Pairs] says.
final class BytePairModel implements WordModel {
    private final Vocabulary vocabulary;
    private final Symbols.Pairs pairs;
    private final Options options;
    private final boolean bytesLast;
    private final int[] idOfByte = new int[256];
    private final WordCache words = new WordCache(this::compute);

    /// @param wholeWords a word that is a token is not built from its parts (`ignore_merges`)
    /// @param byteFallback characters outside the vocabulary become the tokens of their bytes
    /// @param unknown id for what cannot be spelled otherwise, or -1 to leave it out
    /// @param fuseUnknown makes neighbouring unknown symbols one
    /// @param prefix what the vocabulary puts before characters inside of a word
    /// @param suffix what the vocabulary puts after the last character of a word
    record Options(
            boolean wholeWords,
            boolean byteFallback,
            int unknown,
            boolean fuseUnknown,
            String prefix,
            String suffix) {
        static Options plain(boolean wholeWords) {
            return new Options(wholeWords, false, -1, false, "", "");
        }
    }

    BytePairModel(Vocabulary vocabulary, Symbols.Pairs pairs, Options options) {
        this.vocabulary = vocabulary;
        this.pairs = pairs;
        this.options = options;
        // With scores an unknown character may still be part of a longer token, so that it falls to
        // bytes after joining; with merges it falls to bytes first.
        bytesLast = pairs instanceof ScoredPairs;
        byte[] one = new byte[1];
        for (int b = 0; b < 256; b++) {
            one[0] = (byte) b;
            idOfByte[b] =
                    vocabulary.byteLevel()
                            ? vocabulary.find(one, 0, 1)
                            : vocabulary.find(String.format("<0x%02X>", b));
        }
    }

    @Override
    public void encode(byte[] text, int from, int to, Symbols work, Ids out) {
        words.encode(text, from, to, work, out);
    }

    private void compute(byte[] text, int from, int to, Symbols work, Ids out) {
        if (options.wholeWords) {
            int id = vocabulary.find(text, from, to);
            if (id >= 0) {
                out.add(id, from, to);
                return;
            }
        }
        work.clear(text);
        if (vocabulary.byteLevel()) {
            for (int i = from; i < to; i++) {
                work.add(idOfByte[text[i] & 0xFF], i, i + 1);
            }
        } else {
            addCharacters(text, from, to, work);
        }
        work.join(pairs);
        emit(work, out);
    }

    private void addCharacters(byte[] text, int from, int to, Symbols work) {
        int at = from;
        while (at < to) {
            int end = Math.min(to, at + CodePoints.length(text[at]));
            int id = character(text, at, end, at == from, end == to);
            if (id < 0 && options.byteFallback && !bytesLast && hasBytes(text, at, end)) {
                for (int i = at; i < end; i++) {
                    work.add(idOfByte[text[i] & 0xFF], i, i + 1);
                }
            } else {
                work.add(id, at, end);
            }
            at = end;
        }
    }

    private int character(byte[] text, int at, int end, boolean first, boolean last) {
        boolean plain = (first || options.prefix.isEmpty()) && (!last || options.suffix.isEmpty());
        if (plain) {
            return vocabulary.find(text, at, end);
        }
        String character = Utf8.string(text, at, end);
        return vocabulary.find(
                (first ? "" : options.prefix) + character + (last ? options.suffix : ""));
    }

    private boolean hasBytes(byte[] text, int at, int end) {
        for (int i = at; i < end; i++) {
            if (idOfByte[text[i] & 0xFF] < 0) {
                return false;
            }
        }
        return true;
    }

    private void emit(Symbols work, Ids out) {
        boolean wasUnknown = false;
        for (int i = 0; i < work.count; i++) {
            int id = work.id[i];
            boolean unknown = id < 0;
            if (!unknown) {
                out.add(id, work.start[i], work.end[i]);
            } else if (bytesLast && hasBytes(work.text, work.start[i], work.end[i])) {
                unknown = false;
                for (int at = work.start[i]; at < work.end[i]; at++) {
                    out.add(idOfByte[work.text[at] & 0xFF], at, at + 1);
                }
            } else if (options.unknown >= 0 && wasUnknown && options.fuseUnknown) {
                out.extend(work.end[i]);
            } else if (options.unknown >= 0) {
                out.add(options.unknown, work.start[i], work.end[i]);
            }
            wasUnknown = unknown;
        }
    }
}
