package dev.jebena.cli;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What `jebena doctor` says of the server's machine, and how much of it is in use, at
/// `/api/jebena/doctor`.
final class DoctorRoutes {
    private DoctorRoutes() {}

    /// @param home the server's data folder
    static void mount(Router router, Path home) {
        router.describedBy(DoctorRoutes.class.getResource("openapi.txt"));
        router.get(
                "/api/jebena/doctor",
                exchange -> {
                    Map<String, String> facts = new LinkedHashMap<>();
                    MachineFacts.of(home)
                            .forEach((name, value) -> facts.put(name, String.valueOf(value)));
                    exchange.json(
                            200,
                            HttpJson.object(
                                    "facts",
                                    facts,
                                    "findings",
                                    Diagnosis.of(home, System.getenv()).stream()
                                            .map(Diagnosis.Finding::fields)
                                            .toList(),
                                    "now",
                                    MachineFacts.now()));
                });
    }
}
