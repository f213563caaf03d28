package dev.jebena.tracking;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Measures the machine while a run goes on, under MLflow's names, from a thread of its own.
final class SystemMetrics implements AutoCloseable {
    private static final double MEGABYTE = 1e6;
    private static final Path NETWORK = Path.of("/proc/net/dev");

    private final TrackedRun run;
    private final Thread sampler;
    private final long[] networkAtStart = network();
    private long step;

    SystemMetrics(TrackedRun run, Duration interval) {
        this.run = run;
        sampler =
                Thread.ofVirtual()
                        .name("system metrics of run " + run.id())
                        .start(() -> sample(interval));
    }

    private void sample(Duration interval) {
        try {
            while (true) {
                Thread.sleep(interval);
                measure();
                step++;
            }
        } catch (InterruptedException _) {
            // The run has ended.
        } catch (Problem _) {
            // The run's own calls report what hinders logging.
        }
    }

    private void measure() {
        OperatingSystemMXBean bean = ManagementFactory.getOperatingSystemMXBean();
        if (bean instanceof com.sun.management.OperatingSystemMXBean system) {
            if (system.getCpuLoad() >= 0) {
                log("cpu_utilization_percentage", 100 * system.getCpuLoad());
            }
            double total = system.getTotalMemorySize();
            double used = total - system.getFreeMemorySize();
            log("system_memory_usage_megabytes", used / MEGABYTE);
            log("system_memory_usage_percentage", 100 * used / total);
        }
        Runtime runtime = Runtime.getRuntime();
        log("jvm_heap_usage_megabytes", (runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE);
        disk();
        long[] now = network();
        if (now.length == 2 && networkAtStart.length == 2) {
            log("network_receive_megabytes", (now[0] - networkAtStart[0]) / MEGABYTE);
            log("network_transmit_megabytes", (now[1] - networkAtStart[1]) / MEGABYTE);
        }
    }

    private void disk() {
        try {
            FileStore store = Files.getFileStore(Path.of("").toAbsolutePath());
            double total = store.getTotalSpace();
            double free = store.getUsableSpace();
            log("disk_usage_megabytes", (total - free) / MEGABYTE);
            log("disk_usage_percentage", 100 * (total - free) / total);
            log("disk_available_megabytes", free / MEGABYTE);
        } catch (IOException _) {
            // A disk that cannot be asked has no figures.
        }
    }

    private void log(String name, double value) {
        run.metric("system/" + name, value, step);
    }

    /// Bytes received and sent by all interfaces but the loopback; empty where Linux's table is
    /// missing.
    private static long[] network() {
        try {
            long[] sums = new long[2];
            for (String line : Files.readAllLines(NETWORK)) {
                String[] parts = line.strip().split("[:\\s]+");
                if (line.contains(":") && !parts[0].equals("lo")) {
                    sums[0] += Long.parseLong(parts[1]);
                    sums[1] += Long.parseLong(parts[9]);
                }
            }
            return sums;
        } catch (IOException | RuntimeException _) {
            return new long[0];
        }
    }

    @Override
    public void close() {
        sampler.interrupt();
        try {
            sampler.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
