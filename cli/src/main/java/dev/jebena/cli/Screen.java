package dev.jebena.cli;

/// What the program knows of the terminal it talks to.
final class Screen {
    private static final boolean ERROR_IS_TERMINAL = isTerminal(errorDescriptor());

    private Screen() {}

    /// Whether standard error is a terminal, so that a line may be drawn again in place.
    static boolean errorIsTerminal() {
        return ERROR_IS_TERMINAL;
    }

    static boolean inputIsTerminal() {
        return isTerminal(0);
    }

    static boolean outputIsTerminal() {
        return isTerminal(1);
    }

    /// Without what could change the terminal: names in files from strangers can be anything.
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n]]", "\uFFFD");
    }

    private static int errorDescriptor() {
        String number = System.getenv("JEBENA_STDERR");
        return number != null && number.matches("[0-9]") ? Integer.parseInt(number) : 2;
    }

    /// Linux and macOS: the descriptor's link or device tells. Elsewhere the JVM's own answer for
    /// the whole console.
    private static boolean isTerminal(int descriptor) {
        try {
            java.nio.file.Path link = java.nio.file.Path.of("/proc/self/fd/" + descriptor);
            String target = java.nio.file.Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (java.io.IOException | UnsupportedOperationException e) {
            java.io.Console console = System.console();
            return console != null && console.isTerminal();
        }
    }
}
