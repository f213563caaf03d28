package dev.jebena.formats;

/// A file that is damaged, hostile or of an unknown kind. The message names the file, the place,
/// what was found and what was expected.
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
