package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the gates say of a version and an alias.
///
/// @param findings one for each demand; none where no gate stands
record GateReport(String model, long version, String alias, List<Finding> findings) {
    /// @param demand what is asked, such as `metrics.accuracy >= 0.9`
    /// @param found what is there
    record Finding(String demand, boolean passed, String found) {
        Map<String, @Nullable Object> json() {
            return HttpJson.object("demand", demand, "passed", passed, "found", found);
        }
    }

    boolean allowed() {
        return findings.stream().allMatch(Finding::passed);
    }

    Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "name", model,
                "version", Long.toString(version),
                "alias", alias,
                "allowed", allowed(),
                "findings", findings.stream().map(Finding::json).toList());
    }

    /// What is not fulfilled, in one line.
    String failures() {
        return findings.stream()
                .filter(f -> !f.passed())
                .map(f -> f.demand() + " (found: " + f.found() + ")")
                .collect(Collectors.joining("; "));
    }
}
