package dev.jebena.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of models that think before they answer.
final class ThinkOptions {
    @Option(names = "--think", description = "Let the model think, where its template asks.")
    boolean think;

    @Option(names = "--no-think", description = "Keep the model from thinking, where it can be.")
    boolean noThink;

    @Option(names = "--hide-thinking", description = "Print the answer without the thinking.")
    boolean hide;

    /// What the user wants; null to leave it to the model.
    @Nullable Boolean wanted() {
        if (think && noThink) {
            throw UserError.usage("--think and --no-think exclude each other");
        }
        if (think) {
            return Boolean.TRUE;
        }
        return noThink ? Boolean.FALSE : null;
    }
}
