package dev.jebena.nn;

import java.util.Locale;

/// A network, its training or its file that does not fit together; the message tells what, both
/// values and what is needed.
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
public final class NnException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Kinds of problems.
    public enum Code {
        /// Shapes that a layer or loss does not take.
        SHAPE,
        /// An option outside its range.
        OPTION,
        /// State whose names, shapes or types are not those of what it is loaded into.
        STATE,
        /// A loss or gradient that is not a number.
        DIVERGED
    }

    private final Code code;

    public NnException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    private static NnException of(Code code, String format, Object... values) {
        return new NnException(code, String.format(Locale.ROOT, format, values));
    }

    static NnException shape(String format, Object... values) {
        return of(Code.SHAPE, format, values);
    }

    static NnException option(String format, Object... values) {
        return of(Code.OPTION, format, values);
    }

    static NnException state(String format, Object... values) {
        return of(Code.STATE, format, values);
    }

    static NnException diverged(String format, Object... values) {
        return of(Code.DIVERGED, format, values);
    }

    /// The number, if it is a probability.
    static double probability(String what, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw option("%s: the probability is %s; 0 to 1 is needed", what, p);
        }
        return p;
    }

    /// The number, if it is at least 1.
    static int positive(String what, int number) {
        if (number < 1) {
            throw option("%s is %d; at least 1 is needed", what, number);
        }
        return number;
    }

    /// The number, if it is finite and not negative.
    static double notNegative(String what, double number) {
        if (!(number >= 0 && number < Double.POSITIVE_INFINITY)) {
            throw option("%s is %s; a number from 0 on is needed", what, number);
        }
        return number;
    }
}
