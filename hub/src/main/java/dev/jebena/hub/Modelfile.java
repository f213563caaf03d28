package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.nio.file.Path;

/// The text form of a [ModelRecipe], as Ollama's Modelfile.
public final class Modelfile {
    private Modelfile() {}

    /// Reads a Modelfile. Relative paths are against `folder`. Throws BAD_REQUEST with the line.
    public static ModelRecipe parse(String text, Path folder) {
        throw new Problem(Problem.Code.NOT_IMPLEMENTED, "skeleton" + text + folder);
    }

    /// A Modelfile that [#parse] reads back as the same recipe.
    public static String print(ModelRecipe recipe) {
        throw new Problem(Problem.Code.NOT_IMPLEMENTED, "skeleton" + recipe);
    }
}
