package dev.jebena.base;

/// Is told how far a task is. Called from the thread that works, several times a second at most for
/// one task; an exception that it throws stops the task (so a server can cancel a pull).
@FunctionalInterface
public interface ProgressListener {
    void on(Progress progress);

    static ProgressListener none() {
        return _ -> {};
    }
}
