package dev.jebena.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;

/// The process's real standard error.
///
/// The JVM warns about its incubator module on descriptor 2 before any code of ours runs, and no
/// flag turns that off. The launcher therefore starts it with descriptor 2 closed to the user and
/// the real one as the descriptor that `JEBENA_STDERR` names.
final class StandardError {
    private StandardError() {}

    static void restore() {
        String number = System.getenv("JEBENA_STDERR");
        FileDescriptor descriptor = FileDescriptor.err;
        if (number != null && number.matches("[0-9]")) {
            try {
                Constructor<FileDescriptor> open =
                        FileDescriptor.class.getDeclaredConstructor(int.class);
                open.setAccessible(true);
                descriptor = open.newInstance(Integer.parseInt(number));
            } catch (ReflectiveOperationException | RuntimeException e) {
                // Without the launcher's flags descriptor 2 is the one to use.
                descriptor = FileDescriptor.err;
            }
        }
        System.setErr(
                new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8));
    }
}
