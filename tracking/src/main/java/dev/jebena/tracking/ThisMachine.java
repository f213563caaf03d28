package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The JDK, the system, the processor and the libraries that this program runs with.
final class ThisMachine {
    private static final int LONGEST_PROC = 65_536;

    private ThisMachine() {}

    static Map<String, @Nullable Object> described() {
        Runtime runtime = Runtime.getRuntime();
        return HttpJson.object(
                "jdk",
                HttpJson.object(
                        "version", Runtime.version().toString(),
                        "vendor", System.getProperty("java.vendor"),
                        "vm", System.getProperty("java.vm.name"),
                        "options", options()),
                "system",
                HttpJson.object(
                        "name", System.getProperty("os.name"),
                        "version", System.getProperty("os.version"),
                        "architecture", System.getProperty("os.arch"),
                        "locale", java.util.Locale.getDefault().toLanguageTag(),
                        "time_zone", java.util.TimeZone.getDefault().getID()),
                "cpu",
                HttpJson.object(
                        "processors", runtime.availableProcessors(),
                        "model", cpu("model name"),
                        "features",
                                List.copyOf(
                                        new TreeSet<>(
                                                Stream.of(cpu("flags").split(" "))
                                                        .filter(f -> !f.isEmpty())
                                                        .toList()))),
                "memory",
                HttpJson.object("max_heap_bytes", runtime.maxMemory()),
                "jebena",
                build(),
                "libraries",
                libraries());
    }

    /// Options of the virtual machine; properties may hold secrets, so only their names.
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .map(o -> o.startsWith("-D") ? o.replaceFirst("=.*", "=…") : o)
                .toList();
    }

    /// A line of Linux's description of the first processor; empty where there is none.
    private static String cpu(String name) {
        try (var in = Files.newInputStream(Path.of("/proc/cpuinfo"))) {
            return new String(in.readNBytes(LONGEST_PROC), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> l.startsWith(name))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException _) {
            return "";
        }
    }

    private static Stream<String> archives() {
        String paths =
                System.getProperty("java.class.path", "")
                        + File.pathSeparator
                        + System.getProperty("jdk.module.path", "");
        return Stream.of(paths.split(File.pathSeparator)).filter(p -> p.endsWith(".jar"));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf(File.separatorChar) + 1).replace(".jar", "");
    }

    /// The archives of the class and module path: `jackson-core-3.2.4`.
    private static List<String> libraries() {
        return archives().map(ThisMachine::name).sorted().distinct().toList();
    }

    /// Tells builds of Jebena apart: a hash over the checksums of the classes in its archives,
    /// which does not change with the time of the build. `development` where classes lie in
    /// folders.
    private static String build() {
        StringBuilder sums = new StringBuilder();
        archives()
                .filter(path -> name(path).startsWith("jebena-"))
                .sorted((a, b) -> name(a).compareTo(name(b)))
                .distinct()
                .forEach(path -> append(path, sums));
        return sums.isEmpty() ? "development" : ContentId.of(sums.toString()).brief();
    }

    private static void append(String path, StringBuilder sums) {
        try (ZipFile archive = new ZipFile(path)) {
            archive.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .sorted((a, b) -> a.getName().compareTo(b.getName()))
                    .forEach(entry ->
                            sums.append(entry.getName()).append(entry.getCrc()).append('\n'));
        } catch (IOException _) {
            sums.append(path).append('\n');
        }
    }
}
