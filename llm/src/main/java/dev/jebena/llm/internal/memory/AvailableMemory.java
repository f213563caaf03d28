package dev.jebena.llm.internal.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How much memory this process may still take.
public final class AvailableMemory {
    private AvailableMemory() {}

    /// Bytes: the smaller of what the system has to spare and what the container allows. Where
    /// neither is known, the heap's limit, which the JVM derives from the machine's memory.
    public static long bytes() {
        long available = Long.MAX_VALUE;
        for (String line : lines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                available = number(line.replaceAll("\\D", "")) * 1024;
            }
        }
        for (String line : lines(Path.of("/sys/fs/cgroup/memory.max"))) {
            available = Math.min(available, number(line.trim()));
        }
        return available == Long.MAX_VALUE ? Runtime.getRuntime().maxMemory() : available;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /// The number that `digits` spells; "max" and the like are no limit.
    private static long number(String digits) {
        return digits.matches("\\d{1,15}") ? Long.parseLong(digits) : Long.MAX_VALUE / 2048;
    }
}
