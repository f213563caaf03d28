package dev.jebena.cli;

import dev.jebena.llm.AdapterFile;
import java.nio.file.Files;
import java.nio.file.Path;

/// Adapters on a command line: `PATH` or `PATH=SCALE`.
final class AdapterArguments {
    private AdapterArguments() {}

    static AdapterFile parse(String argument) {
        int at = argument.lastIndexOf('=');
        String path =
                at < 0 || Files.exists(Path.of(argument)) ? argument : argument.substring(0, at);
        AdapterFile file = AdapterFile.of(Path.of(path));
        if (!Files.exists(file.path())) {
            throw new UserError("--lora: there is no file or folder " + path);
        }
        return path.equals(argument) ? file : file.scale(scale(argument.substring(at + 1)));
    }

    private static float scale(String text) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw UserError.usage(
                    "--lora: " + text + " is no number\nexpected PATH=SCALE, as in tuned.gguf=0.5");
        }
    }
}
