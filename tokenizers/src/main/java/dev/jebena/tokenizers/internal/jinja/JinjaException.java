package dev.jebena.tokenizers.internal.jinja;

/// A problem while rendering, before it is known on which line.
final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    JinjaException(String message) {
        super(message, null, false, false);
    }
}
