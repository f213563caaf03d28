package dev.jebena.tokenizers;

/// A vocabulary or chat template that cannot be used, or input that it refuses. The message is
/// meant for users.
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
