package dev.jebena.tokenizers.internal;

/// The words of BLOOM: ` ?[^(\s|.,!?…。，、।۔،)]+`, and what lies between them.
final class BloomScanner extends Scanner {
    private static final String DELIMITERS = "(|.,!?…。，、।۔،)";

    @Override
    int next(byte[] text, int at, int to) {
        int start = text[at] == ' ' && at + 1 < to ? at + 1 : at;
        int end = word(text, start, to);
        if (end > start) {
            return end;
        }
        // A space that begins a word ends what lies before it.
        end = at;
        do {
            end += CodePoints.length(text[end]);
        } while (end < to && !startsWord(text, end, to));
        return end;
    }

    private static boolean startsWord(byte[] text, int at, int to) {
        return !delimits(text, at) || (text[at] == ' ' && at + 1 < to && !delimits(text, at + 1));
    }

    private static int word(byte[] text, int at, int to) {
        int end = at;
        while (end < to && !delimits(text, end)) {
            end += CodePoints.length(text[end]);
        }
        return end;
    }

    private static boolean delimits(byte[] text, int at) {
        int c = CodePoints.at(text, at);
        return CodePoints.isSpace(c) || DELIMITERS.indexOf(c) >= 0;
    }
}
