package dev.jebena.tokenizers.internal;

import java.util.function.IntPredicate;

/// Isolates runs of the characters of one class, for expressions like `\p{N}` or `[\p{P}]+`.
final class RunScanner extends Scanner {
    private final IntPredicate inClass;
    private final int shortest;
    private final int longest;

    /// @param shortest a shorter run stays with the text around it
    /// @param longest a longer run is cut
    RunScanner(IntPredicate inClass, int shortest, int longest) {
        this.inClass = inClass;
        this.shortest = shortest;
        this.longest = longest;
    }

    @Override
    int next(byte[] text, int at, int to) {
        int run = run(text, at, to);
        if (run > at) {
            return run;
        }
        int end = at;
        do {
            // The inner loop keeps hostile text linear: a run that is too short is passed at once.
            if (inClass.test(CodePoints.at(text, end))) {
                end = tooShort(text, end, to);
            } else {
                end += CodePoints.length(text[end]);
            }
        } while (end < to && run(text, end, to) == end);
        return end;
    }

    /// The end of the run that may be isolated at `at`, or `at`.
    private int run(byte[] text, int at, int to) {
        int end = at;
        int count = 0;
        while (end < to && count < longest && inClass.test(CodePoints.at(text, end))) {
            end += CodePoints.length(text[end]);
            count++;
        }
        return count >= shortest ? end : at;
    }

    private int tooShort(byte[] text, int at, int to) {
        int end = at;
        while (end < to && inClass.test(CodePoints.at(text, end))) {
            end += CodePoints.length(text[end]);
        }
        return end;
    }
}
