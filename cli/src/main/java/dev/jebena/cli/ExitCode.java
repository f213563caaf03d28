package dev.jebena.cli;

/// Exit codes of the program, as `jebena --help` lists them.
final class ExitCode {
    static final int OK = 0;

    /// The command could not do its work; the message says why.
    static final int FAILED = 1;

    /// The command line is not valid.
    static final int USAGE = 2;

    /// A defect of Jebena.
    static final int INTERNAL = 70;

    /// Ended by Ctrl-C.
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
