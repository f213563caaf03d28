package dev.jebena.json;

/// Text that is not JSON, or is beyond the reader's bounds. The message says what was found, where,
/// and what was expected.
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public JsonException(String message) {
        super(message);
    }
}
