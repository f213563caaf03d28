package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.tracking.RunComparison.Cause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What differs in what two runs' results depend on: the likeliest cause of other results first.
final class RunCauses {
    /// Params that tell how far a run came and not what it is.
    private static final Set<String> NO_CAUSES = Set.of("resumed_at");

    private static final int MOST_NAMES = 12;
    private static final String NOTHING = "-";

    private final RunRecord first;
    private final RunRecord second;
    private final List<Cause> causes = new ArrayList<>();

    private RunCauses(RunRecord first, RunRecord second) {
        this.first = first;
        this.second = second;
    }

    static List<Cause> between(RunRecord first, RunRecord second) {
        RunCauses found = new RunCauses(first, second);
        found.params();
        found.data();
        found.code();
        found.programs();
        found.machine();
        return List.copyOf(found.causes);
    }

    private void add(String what, @Nullable Object a, @Nullable Object b) {
        if (!Objects.equals(a, b)) {
            causes.add(new Cause(what, Objects.toString(a, NOTHING), Objects.toString(b, NOTHING)));
        }
    }

    /// The seed before the others.
    private void params() {
        Map<String, String> a = new TreeMap<>(first.params());
        Map<String, String> b = new TreeMap<>(second.params());
        add("param seed", a.remove("seed"), b.remove("seed"));
        Set<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        names.removeAll(NO_CAUSES);
        names.forEach(name -> add("param " + name, a.get(name), b.get(name)));
    }

    private void data() {
        Map<String, String> a = hashes(first);
        Map<String, String> b = hashes(second);
        // The same bytes under another name are the same data.
        if (Set.copyOf(a.values()).equals(Set.copyOf(b.values()))) {
            return;
        }
        Set<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        names.forEach(name -> add("data " + name, a.get(name), b.get(name)));
    }

    private static Map<String, String> hashes(RunRecord run) {
        Map<String, String> hashes = new TreeMap<>();
        run.inputs().forEach(input -> hashes.put(input.name(), input.content().brief()));
        return hashes;
    }

    private void code() {
        add("code: commit", first.commit(), second.commit());
        if (Objects.equals(first.commit(), second.commit())) {
            add("code: changes", changes(first), changes(second));
        }
        add("program", program(first), program(second));
    }

    private static String changes(RunRecord run) {
        String diff = run.text(RunEnvironment.DIFF);
        return diff == null ? "none" : ContentId.of(diff).brief();
    }

    /// The words behind the file, which may lie elsewhere.
    private static String program(RunRecord run) {
        List<String> command = run.command();
        return command.size() < 2
                ? String.join(" ", command)
                : command.getFirst()
                        + " "
                        + run.folder().resolve(command.get(1)).getFileName()
                        + command.subList(2, command.size());
    }

    private void programs() {
        add(
                "build of Jebena",
                first.environment().get("jebena"),
                second.environment().get("jebena"));
        add("kernels", first.tags().get("jebena.kernels"), second.tags().get("jebena.kernels"));
        Set<String> a = names(first.environment().get("libraries"));
        Set<String> b = names(second.environment().get("libraries"));
        add("libraries", only(a, b), only(b, a));
        for (String part : List.of("version", "vendor", "vm")) {
            add(
                    "JDK: " + part,
                    first.environment("jdk").get(part),
                    second.environment("jdk").get(part));
        }
        add(
                "options of the JVM",
                first.environment("jdk").get("options"),
                second.environment("jdk").get("options"));
    }

    private void machine() {
        add("CPU", first.environment("cpu").get("model"), second.environment("cpu").get("model"));
        Set<String> a = names(first.environment("cpu").get("features"));
        Set<String> b = names(second.environment("cpu").get("features"));
        add("CPU features", only(a, b), only(b, a));
        for (String part : List.of("name", "architecture", "locale", "time_zone")) {
            add(
                    "system: " + part,
                    first.environment("system").get(part),
                    second.environment("system").get(part));
        }
    }

    private static Set<String> names(@Nullable Object list) {
        return list instanceof Collection<?> all
                ? all.stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new))
                : Set.of();
    }

    /// Names that the other one lacks.
    private static String only(Set<String> names, Set<String> others) {
        List<String> left = names.stream().filter(name -> !others.contains(name)).toList();
        return left.isEmpty()
                ? NOTHING
                : left.stream().limit(MOST_NAMES).collect(Collectors.joining(" "))
                        + (left.size() > MOST_NAMES ? " …" : "");
    }
}
