package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Which JDK the launcher takes, on a made-up machine: its folders stand under a temporary root,
/// and a fake Maven tells the JAVA_HOME that it was given.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir Path root;

    private record Run(int status, String out, String err) {}

    @BeforeEach
    void makeTheMachine() throws IOException {
        String launcher = Files.readString(Path.of(System.getProperty("jebena.root"), "jebena"));
        // The usual folders of JDKs, moved under the temporary root.
        executable(
                "repository/jebena",
                launcher.replaceAll(
                        "(?<=[ \\\\]) ?(/usr/lib|/usr/java|/opt|/Library)", " " + root + "$1"));
        for (String tool : new String[] {"bash", "env", "readlink", "dirname", "head"}) {
            for (String folder : new String[] {"/usr/bin", "/bin"}) {
                Path real = Path.of(folder, tool);
                if (Files.exists(real) && !Files.exists(root.resolve("bin").resolve(tool))) {
                    Files.createDirectories(root.resolve("bin"));
                    Files.createSymbolicLink(root.resolve("bin").resolve(tool), real);
                }
            }
        }
        executable("bin/mvn", "#!/usr/bin/env bash\necho \"$JAVA_HOME $*\"\n");
    }

    private Path executable(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(String folder, String version) throws IOException {
        executable(folder + "/bin/javac", "#!/bin/sh\n");
        executable(
                folder + "/bin/java",
                "#!/bin/sh\necho 'openjdk version \"" + version + "\"' >&2\n");
        Files.writeString(
                root.resolve(folder).resolve("release"),
                "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"" + version + "\"\n");
        return root.resolve(folder);
    }

    private Run launch(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(root.resolve("repository/jebena").toString(), "maven", "-v")
                        .redirectError(root.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", root.resolve("bin").toString());
        builder.environment().put("HOME", root.resolve("home").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, Files.readString(root.resolve("err")));
    }

    private void takes(Path jdk, Map<String, String> environment) throws Exception {
        Run run = launch(environment);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith(jdk + " ");
        assertThat(run.status()).isZero();
    }

    @Test
    void javaHomeComesFirst() throws Exception {
        jdk("usr/lib/jvm/jdk-25", "25.0.1");
        Path own = jdk("own", "26-ea");
        takes(own, Map.of("JAVA_HOME", own.toString()));
    }

    @Test
    void withoutJavaHomeTheUsualFoldersAreSearched() throws Exception {
        jdk("usr/lib/jvm/jdk-17", "17.0.9");
        takes(jdk("usr/lib/jvm/jdk-25", "25"), Map.of());
    }

    @Test
    void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
        Path old = jdk("old", "17.0.9");
        takes(jdk("opt/jdk-25.0.1", "25.0.1"), Map.of("JAVA_HOME", old.toString()));
    }

    @Test
    void theJdkOnThePathIsFoundThroughItsLink() throws Exception {
        Path jdk = jdk("somewhere/jdk", "25.0.2");
        Files.createSymbolicLink(root.resolve("bin/javac"), jdk.resolve("bin/javac"));
        takes(jdk.toRealPath(), Map.of());
    }

    @Test
    void aJreIsNoJdk() throws Exception {
        Path jre = jdk("jre", "25.0.1");
        Files.delete(jre.resolve("bin/javac"));
        assertThat(launch(Map.of("JAVA_HOME", jre.toString())).status()).isEqualTo(69);
    }

    @Test
    void withoutAnyItSaysWhatToInstall() throws Exception {
        Path old = jdk("old", "17.0.9");
        Files.createSymbolicLink(root.resolve("bin/java"), old.resolve("bin/java"));
        Run run = launch(Map.of("JAVA_HOME", old.toString()));
        assertThat(run.status()).isEqualTo(69);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("jebena: no JDK 25 or newer found")
                .contains("17.0.9", "apt-get install openjdk-25-jdk", "brew install", "JAVA_HOME");
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws Exception {
        Path jdk = jdk("own", "25");
        Files.delete(root.resolve("bin/mvn"));
        Run run = launch(Map.of("JAVA_HOME", jdk.toString()));
        assertThat(run.status()).isEqualTo(69);
        assertThat(run.err()).contains("mvn is not on the PATH", "apt-get install maven");
    }
}
