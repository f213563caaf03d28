package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a scan says about one file.
///
/// @param imports of all pickles in it
public record FileReport(
        String path, long size, List<ScanFinding> findings, List<PickleImport> imports) {
    public FileReport {
        findings = List.copyOf(findings);
        imports = List.copyOf(imports);
    }

    public ScanLevel level() {
        return findings.stream().map(ScanFinding::level).reduce(ScanLevel.SAFE, ScanLevel::or);
    }

    /// The worst of the imports; null where there is no pickle that imports anything.
    public @Nullable ImportSafety safety() {
        return imports.stream()
                .map(PickleImport::safety)
                .reduce((a, b) -> a.compareTo(b) >= 0 ? a : b)
                .orElse(null);
    }

    Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "path", path,
                "size", size,
                "status", level().toString(),
                "findings", findings.stream().map(ScanFinding::json).toList(),
                "pickleImports", imports.stream().map(PickleImport::json).toList());
    }
}
