package dev.jebena.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Standard input.
final class Input {
    private Input() {}

    /// All of it as text.
    static String all() throws IOException {
        return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /// All of it, without its last line break; empty when a person sits in front of it.
    static String piped() throws IOException {
        if (Screen.inputIsTerminal()) {
            return "";
        }
        return all().stripTrailing();
    }
}
