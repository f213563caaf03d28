package dev.jebena.base;

import java.nio.file.Path;
import java.util.Map;

/// Where everything of one user lies.
public final class JebenaHome {
    private JebenaHome() {}

    /// The data folder: `JEBENA_HOME`, or `.jebena` in the user's home.
    public static Path of(Map<String, String> environment) {
        String home = environment.get("JEBENA_HOME");
        return home == null || home.isBlank()
                ? Path.of(System.getProperty("user.home"), ".jebena")
                : Path.of(home);
    }
}
