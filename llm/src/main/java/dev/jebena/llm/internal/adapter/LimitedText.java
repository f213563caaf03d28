package dev.jebena.llm.internal.adapter;

/// A text that may be looked at only so often: bounds the time of a stranger's regular expression.
final class LimitedText implements CharSequence {
    private static final int LIMIT = 200_000;

    /// The limit has been reached.
    static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exceeded() {
            super("it takes too long", null, false, false);
        }
    }

    private final String text;
    private int looks;

    LimitedText(String text) {
        this.text = text;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks > LIMIT) {
            throw new Exceeded();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
