package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a scan says about some files.
public record ScanReport(List<FileReport> files) {
    public ScanReport {
        files = List.copyOf(files);
    }

    public ScanLevel level() {
        return files.stream().map(FileReport::level).reduce(ScanLevel.SAFE, ScanLevel::or);
    }

    public List<ScanFinding> findings() {
        return files.stream().flatMap(file -> file.findings().stream()).toList();
    }

    /// `{"status", "files"}`.
    public Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "status",
                level().toString(),
                "files",
                files.stream().map(FileReport::json).toList());
    }
}
