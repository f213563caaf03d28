package dev.jebena.cli;

/// Something the user can mend; printed without a stack trace.
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    UserError(String message) {
        super(message);
    }
}
