package dev.jebena.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.jebena.base.HttpJson;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.MachineCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What this machine offers, and how much of it is in use.
final class MachineFacts {
    private MachineFacts() {}

    /// What does not change, for people, in the order to show it.
    ///
    /// @param home the data folder
    static Map<String, Object> of(Path home) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("jebena", Version.number());
        facts.put("java", Runtime.version() + ", " + System.getProperty("java.vm.vendor"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("heap limit", Tables.bytes(Runtime.getRuntime().maxMemory()));
        MachineCode code = MachineCode.here();
        facts.put("kernels", Kernels.best().name());
        facts.put("CPU features", code.features().isEmpty() ? "none in use" : code.features());
        facts.put("executable memory", code.executable());
        facts.put("data folder", home.toString());
        facts.put("free space there", Tables.bytes(freeSpace(home)));
        facts.put("settings", Settings.file(System.getenv()).toString());
        for (String tool : List.of("pip", "npm", "mvn")) {
            String place = Diagnosis.onPath(tool);
            facts.put(tool, place.isEmpty() ? "not found" : place);
        }
        return facts;
    }

    private static long freeSpace(Path home) throws IOException {
        Path existing = home.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing == null ? 0 : Files.getFileStore(existing).getUsableSpace();
    }

    /// What is in use now. Loads are shares of all cores from 0 to 1, negative where the system
    /// does not tell; sizes are bytes, `up` milliseconds.
    static Map<String, @Nullable Object> now() {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Runtime runtime = Runtime.getRuntime();
        return HttpJson.object(
                "cpu", system.getCpuLoad(),
                "process_cpu", system.getProcessCpuLoad(),
                "memory", system.getTotalMemorySize(),
                "memory_free", system.getFreeMemorySize(),
                "heap", runtime.totalMemory() - runtime.freeMemory(),
                "heap_limit", runtime.maxMemory(),
                "threads", ManagementFactory.getThreadMXBean().getThreadCount(),
                "up", ManagementFactory.getRuntimeMXBean().getUptime());
    }
}
