package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which parts of a model are open, under what, proven by which file; and which class of the Model
/// Openness Framework it reaches by that.
///
/// @param parts all components of the framework, in its order
public record OpennessReport(String name, List<OpennessPart> parts) {
    static final String FRAMEWORK = "Model Openness Framework";
    static final String VERSION = "1.0";
    static final String SOURCE = "https://arxiv.org/abs/2403.13784";

    /// What a class demands and has.
    ///
    /// @param missing components that are not open
    public record ClassState(int level, String name, int open, int needed, List<String> missing) {
        public boolean complete() {
            return missing.isEmpty();
        }
    }

    public OpennessReport {
        parts = List.copyOf(parts);
    }

    /// The report on the files of a folder, or a file.
    public static OpennessReport of(Path path, String name, LicenseSource source) {
        return new OpennessSearch(path, source).report(name);
    }

    public OpennessPart part(OpennessComponent component) {
        return parts.stream()
                .filter(part -> part.component() == component)
                .findFirst()
                .orElseThrow();
    }

    /// The three classes, the easiest first.
    public List<ClassState> classes() {
        return List.of(state(3, "Open Model"), state(2, "Open Tooling"), state(1, "Open Science"));
    }

    /// The best class whose components are all open, with those of the easier ones; 0 for none.
    public int level() {
        int best = 0;
        for (ClassState state : classes()) {
            if (!state.complete()) {
                break;
            }
            best = state.level();
        }
        return best;
    }

    /// A paper does for the report in every class; in the first it must be one.
    private ClassState state(int level, String name) {
        List<String> missing = new ArrayList<>();
        int needed = 0;
        for (OpennessPart part : parts) {
            OpennessComponent component = part.component();
            boolean replaced = component == OpennessComponent.REPORT && level == 1;
            if (!component.required() || component.level() < level || replaced) {
                continue;
            }
            needed++;
            boolean paper =
                    component == OpennessComponent.REPORT
                            && part(OpennessComponent.PAPER).status() == OpennessPart.Status.OPEN;
            if (part.status() != OpennessPart.Status.OPEN && !paper) {
                missing.add(component.title());
            }
        }
        return new ClassState(level, name, needed - missing.size(), needed, missing);
    }

    public Map<String, @Nullable Object> json() {
        List<Object> classes = new ArrayList<>();
        for (ClassState state : classes()) {
            classes.add(
                    HttpJson.object(
                            "class", state.level(),
                            "name", state.name(),
                            "complete", state.complete(),
                            "open", state.open(),
                            "needed", state.needed(),
                            "missing", state.missing()));
        }
        return HttpJson.object(
                "name",
                name,
                "framework",
                HttpJson.object("name", FRAMEWORK, "version", VERSION, "source", SOURCE),
                "class",
                level(),
                "classes",
                classes,
                "components",
                parts.stream().map(OpennessPart::json).toList());
    }
}
