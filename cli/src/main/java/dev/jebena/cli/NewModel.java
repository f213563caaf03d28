package dev.jebena.cli;

import dev.jebena.base.Progress;
import dev.jebena.formats.Quantizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file or folder that a command makes from a model, and how far it is.
record NewModel(Models models, Path out) {
    /// Throws a usage error where `out` is the model itself.
    static NewModel of(Models models, Path source, Path out) throws IOException {
        if (Files.exists(out) && Files.isSameFile(source, out)) {
            throw UserError.usage("OUT is the model itself; write to another place");
        }
        return new NewModel(models, out);
    }

    String name() {
        return String.valueOf(out.getFileName());
    }

    /// @param doing what is done with the model: "quantizing"
    Quantizer.Progress progress(String doing) {
        String name = name();
        return (tensor, done, total) ->
                models.progress().on(Progress.bytes(name, doing, done, total));
    }
}
