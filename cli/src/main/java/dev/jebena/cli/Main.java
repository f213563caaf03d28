package dev.jebena.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Where the `jebena` program begins.
public final class Main {
    private Main() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] args) {
        StandardError.restore();
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(out);
        int status = Commands.execute(args);
        out.flush();
        System.err.flush();
        // Daemon threads and shutdown hooks end here; a failed write to a closed pipe is not an
        // error of ours. An answer ends without `exit`, which would look for a logger first.
        if (status != ExitCode.OK || !args[0].equals("run")) {
            System.exit(status);
        }
    }
}
