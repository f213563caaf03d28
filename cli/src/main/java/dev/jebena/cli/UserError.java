package dev.jebena.cli;

/// Something the user can mend; printed without a stack trace.
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean usage;

    UserError(String message) {
        this(message, false);
    }

    private UserError(String message, boolean usage) {
        super(message);
        this.usage = usage;
    }

    /// The command line itself is wrong: exit code 2.
    static UserError usage(String message) {
        return new UserError(message, true);
    }

    boolean usage() {
        return usage;
    }
}
